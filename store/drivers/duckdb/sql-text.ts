import type { ColumnType } from '../../../src/protocol/column.ts';

/** Thrown where a spec is not surely computed in SQL to the same bits: pages are mapped instead. */
export class NotPushed extends Error {
  override readonly name = 'NotPushed';
}

/** A row's value in SQL, and its logical type. */
export interface SqlValue {
  readonly sql: string;
  readonly type: ColumnType;
}

/** Values bound to a statement in order of their `$n`: no text of a question is ever part of the statement. */
export class SqlParameters {
  readonly values: (string | number)[] = [];
  /** Whether some value may overflow: an error, which would end the transaction that runs the statement. */
  mayFail = false;

  text(value: string): string {
    // A lone surrogate has no UTF-8, so stored texts never hold one; DuckDB ends a bound text at U+0000.
    if (/\p{Surrogate}|\0/u.test(value)) throw new NotPushed('text');
    this.values.push(value);
    return `$${this.values.length}::VARCHAR`;
  }

  float(value: number): string {
    if (Number.isNaN(value)) throw new NotPushed('NaN');
    // As text: the shortest decimal that reads back as the same double.
    this.values.push(Object.is(value, -0) ? '-0.0' : String(value));
    return `$${this.values.length}::VARCHAR::DOUBLE`;
  }
}
