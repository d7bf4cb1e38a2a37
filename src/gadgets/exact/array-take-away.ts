import type { ColumnData } from '../../arrow/column-data.ts';
import { type Columns, encodeColumns } from '../../arrow/columns-stream.ts';
import type { ArrayCoverage } from '../../protocol/array-client.ts';
import type { ExportTable } from '../../protocol/export.ts';
import type { TakeAway } from '../take-away/take-away.ts';

/** What an array's card offers: its cells as a table, made when somebody takes it. */
export interface ArrayTable {
  readonly title: string;
  /** Column names of the file, in its order. */
  readonly names: readonly string[];
  /** One column a name. */
  readonly make: () => readonly ColumnData[];
  readonly coverage: ArrayCoverage;
  /** Names of columns whose values are rounded or counted from summaries. */
  readonly approximate?: readonly string[];
}

export function arrayTakeAway({ title, names, make, coverage, approximate = [] }: ArrayTable): TakeAway {
  const ids = names.map((_, i) => `c${i}`);
  const { chunks, chunksTotal, version, asOf, settled, mixed, from } = coverage;
  let bytes: Uint8Array | undefined;
  const what: ExportTable = {
    kind: 'table',
    get bytes() {
      const columns: Columns = bytes ? {} : Object.fromEntries(make().map((column, i) => [ids[i], column]));
      bytes ??= encodeColumns(columns);
      return bytes;
    },
    coverage: {
      version,
      asOf,
      settled,
      mixed,
      from,
      blocks: chunks,
      blocksTotal: chunksTotal,
      rows: 0,
      rowsTotal: 0,
      approximate: approximate.map((name) => ids[names.indexOf(name)] ?? name),
    },
  };
  return { title, data: { what, columns: names.map((name, i) => ({ id: ids[i]!, name })) } };
}

/** Indices along an axis: below 2^63, as every axis is. */
export function indexColumn(length: number, at: (i: number) => bigint): ColumnData {
  return { kind: 'int64', length, values: BigInt64Array.from({ length }, (_, i) => at(i)) };
}

/** Numbers; null where `at` gives undefined. */
export function numberColumn(length: number, at: (i: number) => number | undefined): ColumnData {
  const values = new Float64Array(length);
  const validity = new Uint8Array((length + 7) >> 3);
  let isWhole = true;
  for (let i = 0; i < length; i++) {
    const value = at(i);
    if (value === undefined) isWhole = false;
    else {
      values[i] = value;
      validity[i >> 3]! |= 1 << (i & 7);
    }
  }
  return { kind: 'float64', length, values, ...(!isWhole && { validity }) };
}
