import type { ColumnData } from '../arrow/column-data.ts';
import type { ColumnType } from '../protocol/column.ts';
import type { ColumnEvidence } from './column-evidence.ts';
import { wordsOf } from './names.ts';
import { textAt } from './typed-batch.ts';
import { type Distinctness, ValueCounter } from './value-counter.ts';

/** What all rows say about one column. */
export interface ColumnFacts extends Distinctness {
  readonly name: string;
  readonly type: ColumnType;
  readonly nulls: number;
  /** 1-based. */
  readonly firstNull?: number;
  /** Values that are only digits; that are a C and then only digits (cancelled documents). */
  readonly digitsOnly: number;
  readonly cancelled: number;
}

/** Two columns that are together unique and never null. */
export interface KeyPair {
  readonly columns: readonly [string, string];
  readonly unique: boolean;
}

export function factsOf(column: ColumnEvidence, type: ColumnType): ColumnFacts {
  const { nulls, firstNull, digitsOnly, cancelled } = column;
  return {
    name: column.name,
    type,
    nulls,
    ...(firstNull === undefined ? {} : { firstNull }),
    digitsOnly,
    cancelled,
    ...column.counter.result(),
  };
}

/** Gathers facts of columns that already have types. */
export class FactsCounter {
  readonly #name: string;
  readonly #type: ColumnType;
  readonly #counter = new ValueCounter();
  #nulls = 0;
  #firstNull: number | undefined;
  #digitsOnly = 0;
  #cancelled = 0;

  constructor(name: string, type: ColumnType) {
    this.#name = name;
    this.#type = type;
  }

  /** Adds a batch whose first row is row `rowStart + 1`. */
  add(data: ColumnData, rowStart: number): void {
    for (let i = 0; i < data.length; i++) {
      const text = textAt(data, i);
      if (text === null) {
        this.#nulls++;
        this.#firstNull ??= rowStart + i + 1;
        continue;
      }
      this.#counter.add(text, rowStart + i + 1);
      if (data.kind !== 'text') continue;
      if (/^\d+$/.test(text)) this.#digitsOnly++;
      else if (/^C\d+$/.test(text)) this.#cancelled++;
    }
  }

  result(): ColumnFacts {
    return {
      name: this.#name,
      type: this.#type,
      nulls: this.#nulls,
      ...(this.#firstNull === undefined ? {} : { firstNull: this.#firstNull }),
      digitsOnly: this.#digitsOnly,
      cancelled: this.#cancelled,
      ...this.#counter.result(),
    };
  }
}

/** Whether a column's name says that it identifies something. */
export function isIdName(name: string): boolean {
  const last = wordsOf(name).at(-1);
  return /^(?:id|ids|no|nr|num|number|code|key|line|position|pos|sequence|seq|sku|ref|uuid|guid)$/.test(
    last ?? '',
  );
}

/** Looks for a key of two columns: the first identifying column with each of the next ones. */
export class PairCounter {
  readonly #pairs: { readonly columns: [string, string]; counter: ValueCounter; nulls: boolean }[] = [];

  constructor(names: readonly string[]) {
    const [first, ...others] = names.filter(isIdName);
    if (first === undefined) return;
    for (const other of others.slice(0, 3))
      this.#pairs.push({ columns: [first, other], counter: new ValueCounter(), nulls: false });
  }

  add(cellOf: (name: string) => string | null, row: number): void {
    for (const pair of this.#pairs) {
      if (pair.nulls || pair.counter.hasRepeat) continue;
      const a = cellOf(pair.columns[0]);
      const b = cellOf(pair.columns[1]);
      if (a === null || b === null) pair.nulls = true;
      else pair.counter.add(`${a}\u0001${b}`, row);
    }
  }

  result(): KeyPair[] {
    return this.#pairs.map(({ columns, counter, nulls }) => ({
      columns,
      unique: !nulls && counter.result().unique === true,
    }));
  }
}
