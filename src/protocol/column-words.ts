import type { ColumnType } from './column.ts';

/** Bytes a value of the type takes in memory (texts: a guess), for sizes shown to people. */
export function valueBytes(type: ColumnType): number {
  switch (type.kind) {
    case 'bool':
      return 1;
    case 'int32':
    case 'date':
      return 4;
    case 'text':
      return 16;
    default:
      return 8;
  }
}

/** What people call the type, with its article: for error sentences. */
export function typeName(type: ColumnType): string {
  const names: Record<ColumnType['kind'], string> = {
    bool: 'true/false',
    int32: 'whole numbers',
    int64: 'whole numbers',
    decimal: 'decimal numbers',
    float64: 'numbers',
    date: 'dates',
    timestamp: 'times',
    text: 'text',
  };
  return type.kind === 'decimal'
    ? `decimal numbers (${type.precision} digits, ${type.scale} after the point)`
    : names[type.kind];
}

export function sameType(left: ColumnType, right: ColumnType): boolean {
  if (left.kind !== right.kind) return false;
  return (
    left.kind !== 'decimal' ||
    right.kind !== 'decimal' ||
    (left.scale === right.scale && left.precision === right.precision)
  );
}

/** Short words that are written in capitals wherever they stand. */
const capitals: ReadonlySet<string> = new Set(['id', 'ip', 'sku', 'url', 'vat', 'iban', 'isbn', 'utc']);

/** A lower-case word of a name as a label writes it: `id` is “ID”. */
export function labelWord(word: string): string {
  return capitals.has(word) ? word.toUpperCase() : word;
}
