import { labelWord } from '../protocol/column-words.ts';

/** Column names made unique and non-empty; `changes` says what was done, a sentence each. */
export function uniqueNames(raw: readonly string[]): {
  readonly names: string[];
  readonly changes: string[];
} {
  const taken = new Set(raw.map((name) => name.trim()));
  const used = new Set<string>();
  const changes: string[] = [];
  const names = raw.map((given, i) => {
    const base = given.trim() || `column_${i + 1}`;
    let name = base;
    for (let n = 2; used.has(name) || (name !== given.trim() && taken.has(name)); n++) name = `${base}_${n}`;
    used.add(name);
    if (!given.trim()) changes.push(`Column ${i + 1} has no name and is called ${name}.`);
    else if (name !== base)
      changes.push(`The name ${base} is used twice; column ${i + 1} is called ${name}.`);
    return name;
  });
  return { names, changes };
}

/** Words of a name, lower case: `sale_order`, `SaleOrder`, `sale order` → `['sale', 'order']`. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** A name without case, spaces or signs: `Order Date` → `orderdate`. */
export function foldedName(name: string): string {
  return wordsOf(name).join('');
}

/** A name as a label for people: `InvoiceNo` → `Invoice no`, `client_id` → `Client ID`. */
export function labelOf(name: string): string {
  const words = wordsOf(name).map(labelWord).join(' ');
  return words ? words[0]!.toUpperCase() + words.slice(1) : name;
}

/** A rough English singular, enough to match `customers` with `customer_id` and `categories` with `category_id`. */
export function singular(word: string): string {
  if (/ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(ss|us|is)$/.test(word)) return word;
  if (/(x|ch|sh|ss|z)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

/** A column in a formula's text: quoted where its name is not a plain identifier. */
export function inFormula(name: string): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
  return plain && !/^(and|or|not|if|true|false|null)$/i.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
