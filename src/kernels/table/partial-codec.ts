import { type ColumnData, isValid } from '../../arrow/column-data.ts';
import { encodeColumns } from '../../arrow/columns-stream.ts';
import { decodeColumns } from '../../arrow/read-columns.ts';
import { ExaError } from '../../protocol/errors.ts';
import { codeColumn } from './key-codes.ts';
import type { AggregatePartial, StateData } from './partial.ts';
import { bitmapOf } from './validity.ts';

/** "EXAP" in ASCII: begins a body of several Arrow streams. An Arrow stream itself begins with 0xFFFFFFFF. */
const magic = 0x50415845;

/**
 * Bytes of a partial, the same for equal partials. The table of groups is one Arrow IPC stream of one record batch
 * with the columns `g0`, `g1`, …, `rows`, and for state `i` `s<i>.count`, `.low`, `.high`, `.sum`, `.min`, `.max`,
 * `.mean`, `.m2`, `.sizes`, `.level` as {@link StateData} has them. That is the whole body unless there are bags:
 * then it is "EXAP", the number of streams, their lengths (uint32, little endian), and at multiples of 8 bytes the
 * streams: the groups, then of each bag its `value` and (of a multiset) `count`.
 */
export function encodePartial(partial: AggregatePartial): Uint8Array {
  const columns: Record<string, ColumnData> = {};
  const nested: Record<string, ColumnData>[] = [];
  partial.keys.forEach((key, k) => {
    columns[`g${k}`] = canonical(key);
  });
  columns.rows = doubles(partial.rows);
  partial.states.forEach((state, s) => {
    const name = `s${s}`;
    if (state.state === 'rows') return;
    if (state.state === 'bag') {
      const { sizes, values, counts, level } = state.bag;
      columns[`${name}.sizes`] = doubles(sizes);
      columns[`${name}.level`] = doubles(new Float64Array(sizes.length).fill(level));
      nested.push({ value: canonical(values), ...(counts && { count: doubles(counts) }) });
      return;
    }
    if (state.state === 'minmax') {
      columns[`${name}.min`] = canonical(state.min);
      columns[`${name}.max`] = canonical(state.max);
      return;
    }
    columns[`${name}.count`] = doubles(state.count);
    if (state.state === 'exact') {
      columns[`${name}.low`] = { kind: 'int64', length: state.low.length, values: state.low };
      columns[`${name}.high`] = { kind: 'int64', length: state.high.length, values: state.high };
    } else if (state.state === 'float') columns[`${name}.sum`] = doubles(state.sum);
    else if (state.state === 'moments') {
      columns[`${name}.mean`] = doubles(state.mean);
      columns[`${name}.m2`] = doubles(state.m2);
    }
  });
  const main = encodeColumns(columns);
  return nested.length ? frame([main, ...nested.map((table) => encodeColumns(table))]) : main;
}

function doubles(values: Float64Array): ColumnData {
  return { kind: 'float64', length: values.length, values: oneNaN(values) };
}

/** The one NaN (quiet, positive, no payload) in place of what an engine's arithmetic left. */
function oneNaN(values: Float64Array): Float64Array {
  let copy: Float64Array | undefined;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i])) continue;
    copy ??= values.slice();
    const words = new Uint32Array(copy.buffer, 8 * i, 2);
    words[0] = 0;
    words[1] = 0x7ff80000;
  }
  return copy ?? values;
}

/** Dictionaries ascending and without what is not used, 0 under nulls, no bits past the end, one NaN. */
function canonical(data: ColumnData): ColumnData {
  if (data.kind === 'text') {
    const coded = codeColumn(data);
    return coded.take(coded.codes);
  }
  const values = data.kind === 'float64' ? oneNaN(data.values) : data.values;
  if (!data.validity) return data.kind === 'float64' ? { ...data, values: oneNaN(data.values) } : data;
  const present = new Uint8Array(data.length);
  const clean = values.slice();
  for (let i = 0; i < present.length; i++)
    if (isValid(data, i)) present[i] = 1;
    else clean[i] = clean instanceof BigInt64Array ? 0n : 0;
  return { ...data, values: clean, validity: bitmapOf(present) } as ColumnData;
}

function frame(streams: readonly Uint8Array[]): Uint8Array {
  const starts: number[] = [];
  let end = 8 * Math.ceil((8 + 4 * streams.length) / 8);
  for (const stream of streams) {
    starts.push(end);
    end += 8 * Math.ceil(stream.length / 8);
  }
  const bytes = new Uint8Array(end);
  const header = new DataView(bytes.buffer);
  header.setUint32(0, magic, true);
  header.setUint32(4, streams.length, true);
  streams.forEach((stream, s) => {
    header.setUint32(8 + 4 * s, stream.length, true);
    bytes.set(stream, starts[s]!);
  });
  return bytes;
}

function unframe(bytes: Uint8Array): Uint8Array[] {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8 || header.getUint32(0, true) !== magic) return [bytes];
  const count = header.getUint32(4, true);
  if (count > 1000 || bytes.length < 8 + 4 * count) throw corrupt();
  let at = 8 * Math.ceil((8 + 4 * count) / 8);
  return Array.from({ length: count }, (_, s) => {
    const length = header.getUint32(8 + 4 * s, true);
    if (at + length > bytes.length) throw corrupt();
    const stream = bytes.slice(at, at + length);
    at += 8 * Math.ceil(length / 8);
    return stream;
  });
}

function corrupt(): ExaError {
  return new ExaError('corrupt', 'The bytes received are not a partial of this question.');
}

/** The inverse of {@link encodePartial}; `empty` gives the shape. Throws `corrupt` when the bytes have another. */
export function decodePartial(bytes: Uint8Array, empty: AggregatePartial): AggregatePartial {
  const [main, ...nested] = unframe(bytes);
  const columns = decodeColumns(main!);
  const column = (name: string, kind?: ColumnData['kind']): ColumnData => {
    const data = columns[name];
    if (!data || (kind && data.kind !== kind)) throw corrupt();
    return data;
  };
  const numbers = (name: string): Float64Array => floats(column(name));
  const integers = (name: string): BigInt64Array => {
    const data = column(name);
    if (data.kind !== 'int64') throw corrupt();
    return data.values;
  };
  const rows = numbers('rows');
  let bags = 0;
  const stateOf = (shape: StateData, name: string): StateData => {
    switch (shape.state) {
      case 'rows':
        return shape;
      case 'count':
        return { state: 'count', count: numbers(`${name}.count`) };
      case 'exact':
        return {
          state: 'exact',
          count: numbers(`${name}.count`),
          low: integers(`${name}.low`),
          high: integers(`${name}.high`),
        };
      case 'float':
        return { state: 'float', count: numbers(`${name}.count`), sum: numbers(`${name}.sum`) };
      case 'minmax':
        return {
          state: 'minmax',
          min: column(`${name}.min`, shape.min.kind),
          max: column(`${name}.max`, shape.max.kind),
        };
      case 'moments':
        return {
          state: 'moments',
          count: numbers(`${name}.count`),
          mean: numbers(`${name}.mean`),
          m2: numbers(`${name}.m2`),
        };
      case 'bag': {
        const stream = nested[bags++];
        if (!stream) throw corrupt();
        const table = decodeColumns(stream);
        if (!table.value || table.value.kind !== shape.bag.values.kind) throw corrupt();
        if (shape.bag.counts && !table.count) throw corrupt();
        return {
          state: 'bag',
          bag: {
            sizes: numbers(`${name}.sizes`),
            values: table.value,
            counts: shape.bag.counts && floats(table.count!),
            level: numbers(`${name}.level`)[0] ?? 0,
          },
        };
      }
    }
  };
  const states = empty.states.map((shape, s) => stateOf(shape, `s${s}`));
  return {
    kernel: 'aggregate',
    groups: rows.length,
    keys: empty.keys.map((shape, k) => column(`g${k}`, shape.kind)),
    rows,
    states,
  };
}

function floats(data: ColumnData): Float64Array {
  if (data.kind !== 'float64') throw corrupt();
  return data.values;
}
