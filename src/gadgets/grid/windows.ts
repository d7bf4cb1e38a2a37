import type { AnswerTable } from '../../arrow/answer-table.ts';

/** Where a row is found: in `table`, at row `at` of it. */
export interface FoundRow {
  readonly table: AnswerTable;
  readonly at: number;
}

/** Windows of rows that came, the newest few of one question; anything else about the question changes: all go. */
export class Windows {
  readonly #max: number;
  readonly #byOffset = new Map<number, AnswerTable>();
  #key = '';

  /** `max`: windows kept, at least what is in view. */
  constructor(max = 8) {
    this.#max = max;
  }

  /** Puts a window; `key` names the question without its offset, and the version. */
  put(key: string, offset: number, table: AnswerTable): void {
    if (key !== this.#key) {
      this.#byOffset.clear();
      this.#key = key;
    }
    this.#byOffset.delete(offset);
    this.#byOffset.set(offset, table);
    for (const oldest of this.#byOffset.keys()) {
      if (this.#byOffset.size <= this.#max) break;
      this.#byOffset.delete(oldest);
    }
  }

  /** The table that holds a row, and where in it; the newest window wins. */
  find(row: number): FoundRow | undefined {
    let found: FoundRow | undefined;
    for (const [offset, table] of this.#byOffset)
      if (row >= offset && row < offset + table.rows) found = { table, at: row - offset };
    return found;
  }

  clear(): void {
    this.#byOffset.clear();
  }
}
