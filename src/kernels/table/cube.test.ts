import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnFromLiterals } from '../../arrow/build-column.ts';
import type { AggregateSpec, FilterSpec, GroupSpec, StateSpec } from '../../protocol/kernel.ts';
import type { BlockInput } from '../block.ts';
import { aggregateKernel } from './aggregate.ts';
import type { Cube, CubeAxis } from './cube.ts';
import { cubeBuilder } from './cube-builder.ts';
import { mergeCubes } from './cube-merge.ts';
import { openCube } from './open-cube.ts';
import { orderCases, valueAt } from './order-page.testing.ts';
import type { AggregatePartial, StateData } from './partial.ts';

const column = (name: string) => ({ op: 'column' as const, column: name });
const utc = { from: [-8.64e15], offsetMs: [0] };

const groupSpec: fc.Arbitrary<GroupSpec> = fc.constantFrom<GroupSpec[]>(
  { by: 'value', operand: column('t') },
  { by: 'value', operand: column('b') },
  { by: 'value', operand: column('i') },
  { by: 'value', operand: column('l') },
  { by: 'value', operand: column('f') },
  { by: 'number', operand: column('i'), origin: 0, width: 2 },
  { by: 'number', operand: column('f'), origin: -1, width: 1.5 },
  { by: 'number', operand: column('n'), origin: 0, width: 25 },
  { by: 'value', operand: column('x') },
);

const stateSpec: fc.Arbitrary<StateSpec> = fc.oneof(
  fc.constant<StateSpec>({ state: 'rows' }),
  fc.record({
    state: fc.constantFrom('count' as const, 'distinct' as const),
    operand: fc.constantFrom('t', 'l', 'f', 'i').map(column),
  }),
  fc.record({ state: fc.constant('sum' as const), operand: fc.constantFrom('i', 'd', 'l', 'n').map(column) }),
  fc.record({
    state: fc.constant('minmax' as const),
    operand: fc.constantFrom('t', 'i', 'b', 'd', 'n').map(column),
  }),
  fc.record({ state: fc.constant('values' as const), operand: fc.constantFrom('i', 'd').map(column) }),
  fc.record({
    state: fc.constantFrom('sum' as const, 'moments' as const),
    operand: fc.constant(column('n')),
  }),
);

/** Random blocks, with `x` (the brushed axis) and `n` (tame doubles) beside the odd ones. */
const cases = orderCases.map((c) => {
  const columns = {
    ...c.columns,
    x: { kind: 'int32' as const },
    n: { kind: 'float64' as const },
  };
  const inputs = c.inputs.map((input): BlockInput => {
    const hash = (i: number) => Math.imul(input.block * 1000 + i + 1, 0x9e3779b1) >>> 8;
    const { length } = input;
    const validity = Uint8Array.from({ length: (length + 7) >> 3 }, (_, i) => hash(i) | 0x77);
    const x = {
      kind: 'int32' as const,
      length,
      validity,
      values: Int32Array.from({ length }, (_, i) => (hash(i) % 120) - 10),
    };
    const n = {
      kind: 'float64' as const,
      length,
      values: Float64Array.from({ length }, (_, i) => (hash(i) % 1000) / 8),
    };
    return { ...input, columns: { ...input.columns, x, n } };
  });
  return { columns, inputs: inputs.sort((a, b) => a.block - b.block), where: c.where };
});

const axis: CubeAxis = { operand: column('x'), from: 0, width: 5, bins: 20 };

test('a slice is the answer to the question with the range as a filter, merged and cloned on the way', () => {
  fc.assert(
    fc.property(
      cases,
      fc.array(groupSpec, { maxLength: 2 }),
      fc.array(stateSpec, { maxLength: 4 }),
      fc.nat({ max: 22 }),
      fc.nat({ max: 22 }),
      fc.nat({ max: 5 }),
      ({ columns, inputs, where }, groupBy, states, a, b, split) => {
        const spec: AggregateSpec = { kernel: 'aggregate', columns, where, groupBy, states };
        const [start, end] = [Math.min(a, b), Math.min(20, Math.max(a, b))];
        const build = (blocks: readonly BlockInput[]): Cube => {
          const builder = cubeBuilder(axis, [spec]);
          for (const input of blocks) builder.add(input);
          return structuredClone(builder.cubes()[0]!);
        };
        const whole = mergeCubes(build(inputs.slice(0, split)), build(inputs.slice(split)));
        const slice = openCube(structuredClone(whole)).slice(start, end);

        const range: FilterSpec = { op: 'range', operand: column('x'), from: start * 5, to: end * 5 };
        const kernel = aggregateKernel({
          ...spec,
          where: where ? { op: 'and', of: [where, range] } : range,
        });
        const expected = inputs
          .map((input) => kernel.map(input))
          .reduce(kernel.merge, kernel.map(nothing(columns)));
        expectSame(slice, expected);
        kernel.encode(slice);
      },
    ),
    { numRuns: 300 },
  );
});

function nothing(columns: AggregateSpec['columns']): BlockInput {
  const none = orderlessEmpty(columns);
  return { block: 0, length: 0, columns: none };
}

function orderlessEmpty(columns: AggregateSpec['columns']) {
  return Object.fromEntries(Object.entries(columns).map(([id, type]) => [id, columnFromLiterals(type, [])]));
}

function expectSame(got: AggregatePartial, expected: AggregatePartial): void {
  expect(got.groups).toBe(expected.groups);
  expect([...got.rows]).toEqual([...expected.rows]);
  got.keys.forEach((key, k) => {
    expect(listOf(key)).toEqual(listOf(expected.keys[k]!));
  });
  got.states.forEach((state, s) => {
    expectState(state, expected.states[s]!);
  });
}

function listOf(data: AggregatePartial['keys'][number]) {
  return Array.from({ length: data.length }, (_, i) => valueAt(data, i));
}

function expectState(got: StateData, expected: StateData): void {
  expect(got.state).toBe(expected.state);
  if (got.state === 'exact' && expected.state === 'exact') {
    expect([...got.low]).toEqual([...expected.low]);
    expect([...got.high]).toEqual([...expected.high]);
  }
  if ('count' in got && 'count' in expected) expect([...got.count]).toEqual([...expected.count]);
  if (got.state === 'float' && expected.state === 'float') expectNear(got.sum, expected.sum);
  if (got.state === 'moments' && expected.state === 'moments') {
    expectNear(got.mean, expected.mean);
    expectNear(got.m2, expected.m2);
  }
  if (got.state === 'minmax' && expected.state === 'minmax') {
    expect(listOf(got.min)).toEqual(listOf(expected.min));
    expect(listOf(got.max)).toEqual(listOf(expected.max));
  }
  if (got.state === 'bag' && expected.state === 'bag') {
    expect([...got.bag.sizes]).toEqual([...expected.bag.sizes]);
    expect(listOf(got.bag.values)).toEqual(listOf(expected.bag.values));
    expect(got.bag.counts && [...got.bag.counts]).toEqual(expected.bag.counts && [...expected.bag.counts]);
  }
}

function expectNear(got: Float64Array, expected: Float64Array): void {
  expect(got.length).toBe(expected.length);
  got.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected[i]!)));
  });
}

test('sums that pass 2^53 on the way stay exact', () => {
  const rows = 65_536;
  const big = { kind: 'int32' as const, length: rows, values: new Int32Array(rows).fill(2 ** 31 - 1) };
  const x = { kind: 'int32' as const, length: rows, values: new Int32Array(rows).fill(7) };
  const spec: AggregateSpec = {
    kernel: 'aggregate',
    columns: { big: { kind: 'int32' }, x: { kind: 'int32' } },
    groupBy: [],
    states: [{ state: 'sum', operand: column('big') }],
  };
  const builder = cubeBuilder(axis, [spec]);
  for (let block = 0; block < 150; block++) builder.add({ block, length: rows, columns: { big, x } });
  const cube = builder.cubes()[0]!;
  const state = openCube(mergeCubes(cube, cube)).slice(0, 20).states[0]!;
  expect(state.state === 'exact' && state.low[0]).toBe(BigInt(2 * 150 * rows) * BigInt(2 ** 31 - 1));
});

test('one walk serves many questions, and questions of one filter share its rows', () => {
  const specs = ['i', 't'].map(
    (name): AggregateSpec => ({
      kernel: 'aggregate',
      columns: { i: { kind: 'int32' }, t: { kind: 'text' }, x: { kind: 'int32' } },
      groupBy: [{ by: 'value', operand: column(name) }],
      states: [],
    }),
  );
  const int = (values: number[]) => ({ kind: 'int32' as const, length: 3, values: Int32Array.from(values) });
  const builder = cubeBuilder(axis, specs);
  const t = { kind: 'text' as const, length: 3, codes: Int32Array.of(0, 1, 0), dictionary: ['b', 'a'] };
  builder.add({ block: 0, length: 3, columns: { i: int([5, 5, 6]), x: int([0, 99, 50]), t } });
  const slices = builder.cubes().map((cube) => openCube(cube).slice(0, 11));
  expect(slices.map(({ rows }) => [...rows])).toEqual([[1, 1], [2]]);
});

test('too many groups are refused with a sentence', () => {
  const length = 65_536;
  const ids = { kind: 'int32' as const, length, values: Int32Array.from({ length }, (_, i) => i) };
  const x = { kind: 'int32' as const, length, values: new Int32Array(length) };
  const builder = cubeBuilder({ ...axis, bins: 500 }, [
    {
      kernel: 'aggregate',
      columns: { id: { kind: 'int32' }, x: { kind: 'int32' } },
      groupBy: [{ by: 'value', operand: column('id') }],
      states: [],
    },
  ]);
  expect(() => builder.add({ block: 0, length, columns: { id: ids, x } })).toThrow(/too many groups/);
});

test('an empty axis is refused', () => {
  expect(() => cubeBuilder({ ...axis, width: 0 }, [])).toThrow(/range that is not empty/);
});

test('zones are of no concern to the axis: time is brushed in UTC milliseconds', () => {
  const length = 4;
  const at = { kind: 'timestamp' as const, length, values: Float64Array.of(-1, 0, 3_599_999, 3_600_000) };
  const builder = cubeBuilder({ operand: column('at'), from: 0, width: 3_600_000, bins: 2 }, [
    {
      kernel: 'aggregate',
      columns: { at: { kind: 'timestamp' } },
      groupBy: [{ by: 'time', operand: column('at'), unit: 'hour', zone: utc }],
      states: [],
    },
  ]);
  builder.add({ block: 0, length, columns: { at } });
  const cube = openCube(builder.cubes()[0]!);
  expect([...cube.slice(0, 1).rows]).toEqual([2]);
  expect([...cube.slice(0, 2).rows]).toEqual([2, 1]);
  expect(cube.slice(1, 1).groups).toBe(0);
});
