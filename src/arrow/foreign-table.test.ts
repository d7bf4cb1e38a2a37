import {
  Bool,
  type DataType,
  DateMillisecond,
  Field,
  Float32,
  Int8,
  Int64,
  List,
  RecordBatchFileWriter,
  Table,
  TimestampMicrosecond,
  TimestampNanosecond,
  TimestampSecond,
  Uint32,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { expect, test } from 'vitest';
import { literalAt } from './build-column.ts';
import { readArrowTable } from './foreign-table.ts';

async function* pieces(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.slice(at, at + size);
}

function vector(values: readonly unknown[], type: DataType): Vector {
  return vectorFromArray(values as never[], type);
}

async function read(columns: Record<string, Vector>) {
  const bytes = RecordBatchFileWriter.writeAll(new Table(columns)).toUint8Array(true);
  const found: Record<string, { kind: string; values: unknown[]; local: boolean }> = {};
  for await (const batch of readArrowTable('t.arrow', pieces(bytes, 50)))
    batch.columns.forEach((data, i) => {
      const values = Array.from({ length: batch.rows }, (_, row) => literalAt(data, row));
      found[batch.names[i]!] = { kind: data.kind, values, local: batch.local[i]! };
    });
  return found;
}

test('types that other programs write become ours, exactly', async () => {
  const found = await read({
    bool: vector([true, null, false], new Bool()),
    int8: vector([-1, null, 127], new Int8()),
    int64: vector([2n ** 62n, null, -1n], new Int64()),
    uint32: vector([4_294_967_295, null, 1], new Uint32()),
    float32: vector([0.5, null, Number.NaN], new Float32()),
    utf8: vector(['a', null, 'a'], new Utf8()),
    date: vector([new Date('1969-12-31'), null, new Date('2024-02-29')], new DateMillisecond()),
  });
  expect(
    Object.fromEntries(Object.entries(found).map(([name, { kind, values }]) => [name, [kind, ...values]])),
  ).toEqual({
    bool: ['bool', true, null, false],
    int8: ['int32', -1, null, 127],
    int64: ['int64', '4611686018427387904', null, -1],
    uint32: ['int64', 4_294_967_295, null, 1],
    float32: ['float64', 0.5, null, 'NaN'],
    utf8: ['text', 'a', null, 'a'],
    date: ['date', '1969-12-31', null, '2024-02-29'],
  });
});

test('instants of every unit are floored to milliseconds; those without a zone are said to be local', async () => {
  const types = [new TimestampSecond('UTC'), new TimestampMicrosecond(), new TimestampNanosecond('UTC')];
  const at = [
    [-1n, -1001n, -1n],
    [1_709_164_800n, 1_709_164_800_123_456n, 1_709_164_800_123_456_789n],
  ];
  const columns = Object.fromEntries(
    types.map((type, i) => {
      const made = vector([0, 0], type);
      const words = made.data[0]!.values as BigInt64Array;
      words.set(at.map((row) => row[i]!));
      return [`t${i}`, made];
    }),
  );
  expect(await read(columns)).toEqual({
    t0: { kind: 'timestamp', values: ['1969-12-31T23:59:59.000Z', '2024-02-29T00:00:00.000Z'], local: false },
    t1: { kind: 'timestamp', values: ['1969-12-31T23:59:59.998Z', '2024-02-29T00:00:00.123Z'], local: true },
    t2: { kind: 'timestamp', values: ['1969-12-31T23:59:59.999Z', '2024-02-29T00:00:00.123Z'], local: false },
  });
});

test('what no column type holds becomes JSON text', async () => {
  const lists = vector([[1, 2], null], new List(new Field('item', new Int8(), true)));
  expect(await read({ lists })).toMatchObject({ lists: { kind: 'text', values: ['[1,2]', null] } });
});

test('bytes that are no Arrow are one sentence', async () => {
  const all = async () => {
    for await (const _ of readArrowTable('t.arrow', pieces(new Uint8Array(200).fill(7), 9)));
  };
  await expect(all()).rejects.toThrow(/The file t\.arrow is cut short or damaged/);
});
