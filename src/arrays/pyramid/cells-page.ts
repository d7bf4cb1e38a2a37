import type { ColumnData } from '../../arrow/column-data.ts';
import { encodeColumns } from '../../arrow/columns-stream.ts';
import { decodeColumns } from '../../arrow/read-columns.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { Cells } from './cells.ts';

/**
 * A level chunk as Arrow: `min`, `max`, `sum`, `m2`; `count`, `nan` and `revision`, which repeat much, as dictionaries of
 * digits; `cell` left out where every place from 0 on is there, `nan` where there is none.
 */
export function encodeCells(cells: Cells): Uint8Array {
  const { places, counts, nans, min, max, sum, m2, revisions } = cells;
  const length = places.length;
  const columns: Record<string, ColumnData> = {
    min: { kind: 'float64', length, values: min },
    max: { kind: 'float64', length, values: max },
    sum: { kind: 'float64', length, values: sum },
    m2: { kind: 'float64', length, values: m2 },
    count: digits(counts),
    revision: digits(revisions),
  };
  if (length > 0 && places[length - 1] !== length - 1)
    columns.cell = { kind: 'int32', length, values: places };
  if (nans.some((count) => count !== 0n)) columns.nan = digits(nans);
  return encodeColumns(columns);
}

/** Throws `corrupt` when the bytes are not a level chunk. */
export function decodeCells(bytes: Uint8Array): Cells {
  const columns = decodeColumns(bytes);
  const float = (name: string): Float64Array => {
    const column = columns[name];
    if (column?.kind !== 'float64') throw notCells();
    return column.values;
  };
  const min = float('min');
  const { length } = min;
  const { cell, nan } = columns;
  return {
    places: cell?.kind === 'int32' ? cell.values : Int32Array.from({ length }, (_, i) => i),
    counts: wholes(columns.count),
    nans: nan ? wholes(nan) : new BigInt64Array(length),
    min,
    max: float('max'),
    sum: float('sum'),
    m2: float('m2'),
    revisions: Float64Array.from(wholes(columns.revision), Number),
  };
}

function digits(values: BigInt64Array | Float64Array): ColumnData {
  const codeOf = new Map<number | bigint, number>();
  const dictionary: string[] = [];
  const codes = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    let code = codeOf.get(value);
    if (code === undefined) {
      code = dictionary.length;
      codeOf.set(value, code);
      dictionary.push(String(value));
    }
    codes[i] = code;
  }
  return { kind: 'text', length: values.length, codes, dictionary };
}

function wholes(column: ColumnData | undefined): BigInt64Array {
  if (column?.kind !== 'text') throw notCells();
  try {
    const values = column.dictionary.map(BigInt);
    return BigInt64Array.from(column.codes, (code) => values[code]!);
  } catch (cause) {
    throw new ExaError('corrupt', 'A level of the array could not be read.', { cause });
  }
}

function notCells(): ExaError {
  return new ExaError('corrupt', 'The bytes received are not a level of an array.');
}
