/** A value as Python writes it. */
export function pythonValue(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'number') return pythonNumber(value);
  if (typeof value === 'string') return pythonText(value);
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(', ')}]`;
  throw new TypeError(`${typeof value} has no form in Python.`);
}

/** A double as Python reads back the same bits; whole numbers without a point. */
export function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'float("nan")';
  if (!Number.isFinite(value)) return value > 0 ? 'float("inf")' : 'float("-inf")';
  return String(value).replace('e+', 'e');
}

/** A text as a Python literal: JSON's escapes are Python's, but for lone surrogates and what is past the BMP. */
export function pythonText(text: string): string {
  return JSON.stringify(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}

/** A name of variables: letters, digits and `_`, not beginning with a digit. */
export function pythonName(text: string): string {
  const name = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return name === '' ? 'table' : /^\d/.test(name) ? `t_${name}` : name;
}

/** `Name(a=1, b="x")`. */
export function pythonCall(name: string, args: readonly (readonly [string, string])[]): string {
  return `${name}(${args.map(([key, value]) => (key === '' ? value : `${key}=${value}`)).join(', ')})`;
}
