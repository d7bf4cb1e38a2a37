/** The decimal mark a number is read with. */
export type DecimalMark = '.' | ',';

/** What a text is as a number under one decimal mark. */
export interface NumberShape {
  /** Significant digits before the mark, and digits after it. */
  readonly integerDigits: number;
  readonly scale: number;
  /** Exponent, NaN or infinity: only a float64 holds it. */
  readonly float: boolean;
  /** More than one digit, the first of them 0: a code rather than a number. */
  readonly leadingZero: boolean;
  /** Holds the decimal mark or a thousands mark. */
  readonly marked: boolean;
  /** Groups of thousands separated by plain spaces. */
  readonly spaced: boolean;
}

const special = /^[+-]?(?:nan|inf|infinity)$/i;
const point = "(?:(\\d+|\\d{1,3}(?:,\\d{3})+|\\d{1,3}(?:[ \\u00a0\\u202f']\\d{3})+)?(?:\\.(\\d+))?)";
const comma = "(?:(\\d+|\\d{1,3}(?:\\.\\d{3})+|\\d{1,3}(?:[ \\u00a0\\u202f']\\d{3})+)?(?:,(\\d+))?)";
const shapes: Record<DecimalMark, RegExp> = {
  '.': new RegExp(`^(-?)${point}(?:([eE][+-]?\\d+)|(-))?$`),
  ',': new RegExp(`^(-?)${comma}(?:([eE][+-]?\\d+)|(-))?$`),
};

/**
 * The shape of a trimmed text as a number, or undefined when it is none. Thousands marks (the other mark, no-break and
 * plain spaces, apostrophes) and a trailing minus (as SAP prints it) are understood; a leading plus is not: `+33…`
 * is a telephone number.
 */
export function numberShape(text: string, mark: DecimalMark): NumberShape | undefined {
  const plain = plainShape(text, mark);
  if (plain !== null) return plain;
  if (special.test(text))
    return {
      integerDigits: 0,
      scale: 0,
      float: true,
      leadingZero: false,
      marked: false,
      spaced: false,
    };
  const found = shapes[mark].exec(text);
  if (!found) return undefined;
  const [, minus, whole = '', fraction = '', exponent, trailing] = found;
  if ((!whole && !fraction) || (minus && trailing)) return undefined;
  const digits = whole.replace(/\D/g, '');
  const significant = digits.replace(/^0+/, '');
  return {
    integerDigits: significant.length,
    scale: fraction.length,
    float: exponent !== undefined,
    leadingZero: digits.length > 1 && digits[0] === '0',
    marked: fraction !== '' || digits.length !== whole.length,
    spaced: whole.includes(' '),
  };
}

const plainShapes = new Map<number, NumberShape>();

/** The common case without a regular expression: `-?digits(mark digits)?`; null when the text has another form. */
function plainShape(text: string, mark: DecimalMark): NumberShape | null {
  const markCode = mark.charCodeAt(0);
  const { length } = text;
  let i = text.charCodeAt(0) === 45 ? 1 : 0;
  const start = i;
  while (i < length && isDigit(text.charCodeAt(i))) i++;
  const digits = i - start;
  if (digits === 0 || digits > 40) return null;
  let scale = 0;
  if (i < length) {
    if (text.charCodeAt(i) !== markCode) return null;
    const fraction = ++i;
    while (i < length && isDigit(text.charCodeAt(i))) i++;
    scale = i - fraction;
    if (i < length || scale === 0 || scale > 40) return null;
  }
  const zero = text.charCodeAt(start) === 48;
  if (zero && digits > 1) return shapeOf(digits, scale, true);
  return shapeOf(zero ? 0 : digits, scale, false);
}

/** Shapes are shared: a column has few. */
function shapeOf(integerDigits: number, scale: number, leadingZero: boolean): NumberShape {
  const key = integerDigits * 200 + scale * 2 + (leadingZero ? 1 : 0);
  let shape = plainShapes.get(key);
  if (!shape) {
    shape = { integerDigits, scale, float: false, leadingZero, marked: scale > 0, spaced: false };
    plainShapes.set(key, shape);
  }
  return shape;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** A text that has a shape, in plain JavaScript notation: `1.234,5-` → `-1234.5`. */
export function normalNumber(text: string, mark: DecimalMark): string {
  let normal = text;
  if (mark === ',') normal = normal.replace(/[.\s']/g, '').replace(',', '.');
  else if (/[,\s']/.test(normal)) normal = normal.replace(/[,\s']/g, '');
  return normal.length > 1 && normal.endsWith('-') ? `-${normal.slice(0, -1)}` : normal;
}

/** A trimmed text as a double, or undefined. */
export function parseFloat64(text: string, mark: DecimalMark): number | undefined {
  if (!numberShape(text, mark)) return undefined;
  if (special.test(text)) {
    if (/nan/i.test(text)) return Number.NaN;
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  return Number(normalNumber(text, mark));
}

/** A trimmed text as an integer times 10^`scale`, or undefined when it is none or has digits beyond `scale`. */
export function parseScaled(text: string, mark: DecimalMark, scale: number): bigint | undefined {
  const shape = numberShape(text, mark);
  if (!shape || shape.float) return undefined;
  const normal = shape.marked || text.endsWith('-') ? normalNumber(text, mark) : text;
  const at = normal.indexOf('.');
  const whole = at < 0 ? normal : normal.slice(0, at);
  let fraction = at < 0 ? '' : normal.slice(at + 1);
  if (fraction.length > scale) {
    if (!/^0*$/.test(fraction.slice(scale))) return undefined;
    fraction = fraction.slice(0, scale);
  }
  const digits = whole + fraction.padEnd(scale, '0');
  if (digits.length <= 15) return BigInt(Number(digits === '-' || digits === '' ? 0 : digits));
  return BigInt(digits);
}
