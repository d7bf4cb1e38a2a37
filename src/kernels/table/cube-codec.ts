import type { ColumnData } from '../../arrow/column-data.ts';
import { decodeColumns, encodeColumns } from '../../arrow/columns-stream.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { Cube, CubePairs, CubeState } from './cube.ts';

/** The part of a cube that is not columns; each state's columns are named by its index and field. */
interface Header {
  readonly bins: number;
  readonly groups: number;
  readonly keys: number;
  readonly states: readonly {
    readonly state: CubeState['state'];
    readonly bound?: number;
    readonly keep?: CubePairs['keep'];
  }[];
  /** Bytes of each table that follows, padded to 8. */
  readonly tables: readonly number[];
}

/** A cube as bytes, to cross threads. */
export function encodeCube(cube: Cube): Uint8Array {
  const cells: Record<string, ColumnData> = { rows: ints(cube.rows) };
  const tables: Record<string, ColumnData>[] = [
    Object.fromEntries(cube.keys.map((key, i) => [`k${i}`, key])),
    cells,
  ];
  const states = cube.states.map((state, s) => {
    if (state.state === 'pairs') {
      const pairs: Record<string, ColumnData> = { cells: ints(state.cells), entries: ints(state.entries) };
      if (state.counts) pairs.counts = doubles(state.counts);
      tables.push(pairs, { values: state.values });
      return { state: state.state, keep: state.keep };
    }
    for (const [name, value] of Object.entries(state)) {
      if (value instanceof Int32Array) cells[`${s}.${name}`] = ints(value);
      else if (value instanceof Float64Array) cells[`${s}.${name}`] = doubles(value);
    }
    if (state.state === 'extremes') tables.push({ type: state.type });
    return state.state === 'exact' ? { state: state.state, bound: state.bound } : { state: state.state };
  });
  const streams = tables.map((table) => encodeColumns(table));
  const header: Header = {
    bins: cube.bins,
    groups: cube.groups,
    keys: cube.keys.length,
    states,
    tables: streams.map((stream) => stream.byteLength),
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = padded(8 + text.byteLength);
  const size = streams.reduce((sum, stream) => sum + padded(stream.byteLength), start);
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setUint32(0, text.byteLength, true);
  bytes.set(text, 8);
  let at = start;
  for (const stream of streams) {
    bytes.set(stream, at);
    at += padded(stream.byteLength);
  }
  return bytes;
}

/** The inverse of {@link encodeCube}. Throws `corrupt` on other bytes. */
export function decodeCube(bytes: Uint8Array): Cube {
  try {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Header;
    let at = padded(8 + length);
    const tables = header.tables.map((size) => {
      const table = decodeColumns(bytes.subarray(at, at + size));
      at += padded(size);
      return table;
    });
    return assemble(header, tables);
  } catch (cause) {
    throw new ExaError('corrupt', 'The bytes received are not a cube.', { cause });
  }
}

function assemble(header: Header, tables: Record<string, ColumnData>[]): Cube {
  const [keys, cells] = tables;
  let next = 2;
  const intsOf = (name: string) => {
    const column = cells?.[name];
    return column?.kind === 'int32' ? column.values : undefined;
  };
  const states = header.states.map(({ state, bound, keep }, s): CubeState => {
    const count = intsOf(`${s}.count`);
    const field = (name: string) => doublesIn(cells?.[`${s}.${name}`]);
    switch (state) {
      case 'rows':
        return { state };
      case 'count':
        return { state, count };
      case 'exact': {
        const high = cells?.[`${s}.high`] && field('high');
        return { state, count, low: field('low'), high, bound: bound ?? 0 };
      }
      case 'float':
        return { state, count, sum: field('sum') };
      case 'extremes':
        return { state, count, min: field('min'), max: field('max'), type: need(tables[next++]?.type) };
      case 'moments':
        return { state, count: count ?? new Int32Array(0), mean: field('mean'), m2: field('m2') };
      default: {
        const pairs = tables[next++];
        const values = need(tables[next++]?.values);
        return {
          state,
          keep: keep ?? 'distinct',
          values,
          cells: intsIn(pairs?.cells),
          entries: intsIn(pairs?.entries),
          counts: pairs?.counts && doublesIn(pairs.counts),
        };
      }
    }
  });
  return {
    bins: header.bins,
    groups: header.groups,
    keys: Array.from({ length: header.keys }, (_, i) => need(keys?.[`k${i}`])),
    rows: intsIn(cells?.rows),
    states,
  };
}

function ints(values: Int32Array): ColumnData {
  return { kind: 'int32', length: values.length, values };
}

function doubles(values: Float64Array): ColumnData {
  return { kind: 'float64', length: values.length, values };
}

function need(column: ColumnData | undefined): ColumnData {
  if (!column) throw new ExaError('corrupt', 'A column is missing.');
  return column;
}

function intsIn(column: ColumnData | undefined): Int32Array {
  if (column?.kind !== 'int32') throw new ExaError('corrupt', 'A column of integers is missing.');
  return column.values;
}

function doublesIn(column: ColumnData | undefined): Float64Array {
  if (column?.kind !== 'float64') throw new ExaError('corrupt', 'A column of numbers is missing.');
  return column.values;
}

function padded(size: number): number {
  return (size + 7) & ~7;
}
