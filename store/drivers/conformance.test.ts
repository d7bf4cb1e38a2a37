import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { literalAt } from '../../src/arrow/build-column.ts';
import type { ColumnData } from '../../src/arrow/column-data.ts';
import { kernelOf } from '../../src/kernels/kernel.ts';
import { blockRows, type Literal } from '../../src/protocol/column.ts';
import type { Formula } from '../../src/protocol/formula.ts';
import type { ZoneTable } from '../../src/protocol/head.ts';
import type {
  AggregateSpec,
  FilterSpec,
  GroupSpec,
  KernelSpec,
  StateSpec,
  TopSpec,
} from '../../src/protocol/kernel.ts';
import { liveColumn } from '../../src/protocol/page.ts';
import { timeUnits } from '../../src/protocol/query.ts';
import { batch, columns, hugeValues, idOf, rowsOf, states, types } from './conformance-table.testing.ts';
import { batchOf, createDataset, profileOf, withDriver, writeOf } from './duckdb/driver.testing.ts';
import type { Snapshot, TableDriver } from './table-driver.ts';

let zone: ZoneTable = { from: [-8.64e15], offsetMs: [0] };
const datasets: string[] = [];
let release: () => void = () => undefined;
let ended: Promise<void> = Promise.resolve();
let snapshot: Snapshot;

async function prepare(driver: TableDriver, name: string, far: boolean): Promise<string> {
  const dataset = await createDataset(
    driver,
    name,
    columns,
    ['id'],
    batch(rowsOf(0, blockRows + 3000, 7, far)),
  );
  await driver.write(
    writeOf(dataset, { kind: 'profile', profile: profileOf(['id'], { zone: 'Europe/Paris' }) }),
  );
  const gone = Array.from({ length: 2000 }, (_, i) => i * 31);
  await driver.write(writeOf(dataset, { kind: 'delete', batch: batchOf({ id: [columns.id, gone] }) }));
  await driver.write(writeOf(dataset, { kind: 'upsert', batch: batch(rowsOf(blockRows, 4000, 8, far)) }));
  return dataset;
}

beforeAll(async () => {
  await new Promise<void>((ready, failed) => {
    ended = withDriver(async (driver) => {
      for (const far of [false, true]) datasets.push(await prepare(driver, far ? 'Far' : 'Near', far));
      await driver.snapshot(async (open) => {
        snapshot = open;
        zone = open.head(datasets[0]!, 'public').zones['Europe/Paris']!;
        ready();
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      });
    });
    ended.catch(failed);
  });
});
afterAll(async () => {
  release();
  await ended;
});

const pages = new Map<string, ColumnData>();

async function page(dataset: string, column: string, block: number): Promise<ColumnData> {
  const key = `${dataset} ${column} ${block}`;
  const known = pages.get(key) ?? (await snapshot.readBlock(dataset, column, block));
  pages.set(key, known);
  return known;
}

async function mapped(dataset: string, spec: KernelSpec, block: number): Promise<Uint8Array> {
  const kernel = kernelOf(spec);
  const input: Record<string, ColumnData> = {};
  for (const id of Object.keys(spec.columns)) input[id] = await page(dataset, id, block);
  const live = await page(dataset, liveColumn, block);
  if (live.kind !== 'bool') throw new Error('The live column is not bool.');
  return kernel.encode(kernel.map({ block, length: live.length, columns: input, live: live.values }));
}

function specOf(parts: Pick<AggregateSpec, 'groupBy' | 'states'> & { where?: FilterSpec }): AggregateSpec {
  return { kernel: 'aggregate', columns: types, ...parts };
}

const column = (name: keyof typeof columns): Formula => ({ op: 'column', column: idOf[name] });
const literal = (value: Literal): Formula => ({ op: 'literal', value });
const call = (fn: Extract<Formula, { op: 'call' }>['fn'], ...args: Formula[]): Formula => ({
  op: 'call',
  fn,
  args,
});

const days: fc.Arbitrary<Formula> = fc
  .oneof(
    fc.constantFrom(column('day'), call('date', column('at')), column('at'), literal('2012-02-29')),
    fc
      .constantFrom(column('at'), column('day'))
      .chain((day) =>
        fc
          .constantFrom('day', 'week', 'month', 'quarter', 'year')
          .map((unit) => call('startof', literal(unit), day)),
      ),
  )
  .map((formula) => inZone(formula));

/** On the clock of Paris, as names are resolved. */
function inZone(formula: Formula): Formula {
  if (formula.op !== 'call') return formula;
  const args = formula.args.map(inZone);
  return args.some((arg) => arg.op === 'column' && arg.column === idOf.at)
    ? { ...formula, args, zone }
    : { ...formula, args };
}

const texts: fc.Arbitrary<Formula> = fc.letrec<{ text: Formula }>((tie) => ({
  text: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'text' },
    fc.constant(column('state')),
    fc
      .tuple(fc.constantFrom('left', 'right'), tie('text'), fc.integer({ min: -2, max: 12 }))
      .map(([fn, text, count]) => call(fn as 'left', text, literal(count))),
    fc
      .tuple(tie('text'), fc.constantFrom('', 'a', 'aa', 'ż', '\u{1f600}'), fc.constantFrom('', 'b', '$&'))
      .map(([text, from, to]) => call('replace', text, literal(from), literal(to))),
    fc
      .tuple(tie('text'), fc.constantFrom(literal(' – '), column('state')))
      .map(([a, b]) => call('concat', a, b)),
  ),
})).text;

const numeric: fc.Arbitrary<Formula> = fc.letrec<{ value: Formula }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'value' },
    fc.constantFrom(column('quantity'), column('price'), column('rate')),
    fc
      .tuple(
        fc.constantFrom('+', '-', '*'),
        tie('value'),
        fc.constantFrom(column('quantity'), literal(3), literal('1.25'), column('rate')),
      )
      .map(([fn, left, right]) => call(fn as '+', left, right)),
    tie('value').map((value) => call('neg', value)),
    tie('value').map((value) =>
      call('if', call('>', column('quantity'), literal(10)), value, column('price')),
    ),
    tie('value').map((value) => call('coalesce', value, column('price'), literal(0))),
    tie('value').map((value) => call('abs', value)),
    fc
      .tuple(tie('value'), fc.integer({ min: 0, max: 4 }))
      .map(([value, digits]) => call('round', value, literal(digits))),
    fc.tuple(fc.constantFrom('floor', 'ceil'), tie('value')).map(([fn, value]) => call(fn as 'floor', value)),
    fc
      .tuple(fc.constantFrom('year', 'quarter', 'month', 'week', 'weekday', 'day'), days)
      .map(([part, day]) => inZone(call(part as 'year', day))),
    texts.map((text) => call('length', text)),
    fc
      .tuple(fc.constantFrom('day', 'week', 'month', 'quarter', 'year'), days, days)
      .map(([unit, from, to]) => inZone(call('datediff', literal(unit), from, to))),
  ),
})).value;

const truth: fc.Arbitrary<Formula> = fc.oneof(
  fc
    .tuple(fc.constantFrom('=', '<>', '<', '<=', '>', '>='), numeric, numeric)
    .map(([fn, a, b]) => call(fn as '=', a, b)),
  fc.constantFrom(
    call('startswith', column('state'), literal('a ')),
    call('not', call('startswith', column('state'), literal('d'))),
    call('endswith', column('state'), literal('name')),
    call('isnull', column('quantity')),
    call('<', column('state'), literal('shipped')),
    call('=', column('paid'), literal(true)),
    call('>=', column('day'), literal('1969-12-31')),
    call('and', column('paid'), call('>', column('weight'), literal(0))),
    call('or', column('paid'), call('=', column('at'), literal('2015-01-01T00:00:00Z'))),
  ),
);

const leaf: fc.Arbitrary<FilterSpec> = fc.oneof(
  fc.record({
    op: fc.constant('in' as const),
    operand: fc.constant(column('state')),
    values: fc.array(fc.constantFrom<Literal>(...states, null, 'absent'), { maxLength: 4 }),
  }),
  fc.record({
    op: fc.constant('in' as const),
    operand: numeric,
    values: fc.array(fc.constantFrom<Literal>(0, 1, -3, '12.50', '2.5', 1.001, null), { maxLength: 4 }),
  }),
  fc.record({
    op: fc.constant('in' as const),
    operand: fc.constantFrom(column('huge')),
    values: fc.array(fc.constantFrom<Literal>(...hugeValues, null), { maxLength: 3 }),
  }),
  fc.record({
    op: fc.constant('in' as const),
    operand: fc.constant(column('weight')),
    values: fc.array(fc.constantFrom<Literal>(0, 0.1, 'Infinity', null), { maxLength: 3 }),
  }),
  fc.record({
    op: fc.constant('in' as const),
    operand: truth,
    values: fc.constantFrom<Literal[]>([true], [false], [null], [true, null]),
  }),
  range(numeric, fc.constantFrom<Literal>(-100, 0, '0.005', 12.345, 1e9, '-1000000000000000000000')),
  range(fc.constant(column('weight')), fc.constantFrom<Literal>(0, 0.1, '-Infinity', 'Infinity', -2.5)),
  range(
    fc.constant(column('state')),
    fc.constantFrom<Literal>('', 'draft', 'shipped', '\uff5e', '\u{1f600}'),
  ),
  range(
    fc.constantFrom(column('day')),
    fc.constantFrom<Literal>('1970-01-01', '1950-06-30', '2001-01-01T12:00:00Z'),
  ),
  range(
    fc.constantFrom(column('at')),
    fc.constantFrom<Literal>('2010-01-01', '2015-03-29T01:00:00.000Z', '2020-10-25T00:30:00Z'),
  ),
  range(fc.constant(column('huge')), fc.constantFrom<Literal>(...hugeValues)),
);

function range(operand: fc.Arbitrary<Formula>, value: fc.Arbitrary<Literal>): fc.Arbitrary<FilterSpec> {
  return fc.record(
    { op: fc.constant('range' as const), operand, from: value, to: value },
    { requiredKeys: ['op', 'operand'] },
  );
}

const filter: fc.Arbitrary<FilterSpec> = fc.letrec<{ filter: FilterSpec }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 2 },
    leaf,
    fc.record({
      op: fc.constantFrom('and' as const, 'or' as const),
      of: fc.array(tie('filter'), { maxLength: 3 }),
    }),
    tie('filter').map((of) => ({ op: 'not' as const, of })),
  ),
})).filter;

const group: fc.Arbitrary<GroupSpec> = fc.oneof(
  fc
    .constantFrom(
      column('state'),
      column('paid'),
      column('day'),
      column('quantity'),
      column('huge'),
      column('at'),
    )
    .map((operand) => ({ by: 'value' as const, operand })),
  fc.oneof(truth, texts, days).map((operand) => ({ by: 'value' as const, operand })),
  fc.record({
    by: fc.constant('number' as const),
    operand: fc.oneof(numeric, fc.constantFrom(column('weight'), column('huge'))),
    origin: fc.constantFrom(0, 0.1, -7),
    width: fc.constantFrom(100, 0.5, 333.3),
  }),
  fc.record({
    by: fc.constant('time' as const),
    operand: fc.constantFrom(column('day'), column('at')),
    unit: fc.constantFrom(...timeUnits),
    zone: fc.boolean().map((utc) => (utc ? { from: [-8.64e15], offsetMs: [0] } : zone)),
  }),
);

const state: fc.Arbitrary<StateSpec> = fc.oneof(
  fc.constant({ state: 'rows' as const }),
  fc.record({
    state: fc.constant('count' as const),
    operand: fc.oneof(numeric, fc.constantFrom(column('state'), column('weight'), column('at'))),
  }),
  fc.record({ state: fc.constant('sum' as const), operand: fc.oneof(numeric, fc.constant(column('huge'))) }),
  fc.record({
    state: fc.constant('minmax' as const),
    operand: fc.oneof(
      numeric,
      truth,
      texts,
      days,
      fc.constantFrom(column('state'), column('day'), column('at'), column('huge')),
    ),
  }),
);

const distinct: fc.Arbitrary<StateSpec> = fc
  .oneof(
    numeric,
    truth,
    texts,
    days,
    fc.constantFrom(
      ...(['id', 'state', 'paid', 'day', 'at', 'quantity', 'price', 'huge'] as const).map(column),
    ),
  )
  .map((operand) => ({ state: 'distinct' as const, operand }));

const spec: fc.Arbitrary<AggregateSpec> = fc
  .record(
    {
      where: filter,
      groupBy: fc.array(group, { maxLength: 2 }),
      states: fc.array(state, { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: ['groupBy', 'states'] },
  )
  .map(specOf);

describe('exact partials', () => {
  it('are, byte for byte, those of the kernel', async () => {
    let pushed = 0;
    let asked = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(1), spec, async (which, asking) => {
        const dataset = datasets[which]!;
        asked++;
        const partials = await snapshot.exactPartials(dataset, asking, [1]);
        if (!partials) return;
        pushed++;
        expect([...partials.keys()]).toEqual([1]);
        expect(Buffer.from(partials.get(1)!).equals(Buffer.from(await mapped(dataset, asking, 1)))).toBe(
          true,
        );
      }),
      { numRuns: Number(process.env.EXANALYTICS_RUNS ?? 250), seed: 20261121 },
    );
    expect(pushed / asked).toBeGreaterThan(0.8);
  });

  it('of different values are, byte for byte, those of the kernel', async () => {
    const asked = fc.record(
      {
        where: filter,
        groupBy: fc.constant([]),
        states: fc.tuple(distinct, state, distinct).map((all): StateSpec[] => all),
      },
      { requiredKeys: ['groupBy', 'states'] },
    );
    let pushed = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(1), fc.nat(1), asked.map(specOf), async (which, block, asking) => {
        const dataset = datasets[which]!;
        const partials = await snapshot.exactPartials(dataset, asking, [block]);
        if (!partials) return;
        pushed++;
        const mappedBytes = await mapped(dataset, asking, block);
        expect(Buffer.from(partials.get(block)!).equals(Buffer.from(mappedBytes))).toBe(true);
      }),
      { numRuns: Number(process.env.EXANALYTICS_RUNS ?? 120), seed: 20261128 },
    );
    expect(pushed).toBeGreaterThan(60);
  });

  it('hold for whole blocks too, of each kind of key', async () => {
    const dataset = datasets[0]!;
    const keys: GroupSpec[] = [
      { by: 'value', operand: column('state') },
      { by: 'value', operand: column('id') },
      { by: 'number', operand: column('price'), origin: 0, width: 25 },
      ...timeUnits.map((unit): GroupSpec => ({ by: 'time', operand: column('at'), unit, zone })),
    ];
    for (const key of keys) {
      const asking = specOf({
        groupBy: [key],
        states: [
          { state: 'sum', operand: call('*', column('quantity'), column('price')) },
          { state: 'minmax', operand: column('state') },
        ],
      });
      const partials = await snapshot.exactPartials(dataset, asking, [0, 1, 2]);
      expect([...partials!.keys()]).toEqual([0, 1]);
      for (const block of [0, 1])
        expect(
          Buffer.from(partials!.get(block)!).equals(Buffer.from(await mapped(dataset, asking, block))),
        ).toBe(true);
    }
  });

  it('are left to the kernel where SQL is not surely exact, or overflows', async () => {
    const dataset = datasets[0]!;
    const left: Parameters<typeof specOf>[0][] = [
      { groupBy: [], states: [{ state: 'sum', operand: column('weight') }] },
      { groupBy: [], states: [{ state: 'moments', operand: column('quantity') }] },
      { groupBy: [{ by: 'value', operand: column('weight') }], states: [] },
      { groupBy: [], states: [], where: { op: 'contains', operand: column('state'), text: 'ß' } },
      { groupBy: [], states: [], where: { op: 'in', operand: column('state'), values: ['\ud800'] } },
      { groupBy: [], states: [{ state: 'sum', operand: call('*', column('huge'), column('huge')) }] },
    ];
    for (const parts of left)
      expect(await snapshot.exactPartials(dataset, specOf(parts), [0])).toBeUndefined();
  });

  it('answer a text that looks like SQL as a text', async () => {
    const dataset = datasets[0]!;
    const asking = specOf({
      groupBy: [],
      states: [{ state: 'rows' }],
      where: { op: 'in', operand: column('state'), values: ["' OR 1=1 --", '"; DROP TABLE exa_clock; --'] },
    });
    const partials = await snapshot.exactPartials(dataset, asking, [0]);
    expect(Buffer.from(partials!.get(0)!).equals(Buffer.from(await mapped(dataset, asking, 0)))).toBe(true);
  });

  it('of windows of rows are, row for row, those of the kernel', async () => {
    const stored = fc.constantFrom(
      ...(['state', 'paid', 'day', 'quantity', 'huge', 'at', 'price', 'weight'] as const).map(column),
    );
    const top: fc.Arbitrary<TopSpec> = fc.record(
      {
        kernel: fc.constant('top' as const),
        columns: fc.constant(types),
        where: filter,
        order: fc.array(fc.record({ operand: fc.oneof(stored, numeric), descending: fc.boolean() }), {
          maxLength: 3,
        }),
        take: fc.array(stored, { maxLength: 4 }),
        limit: fc.constantFrom(0, 1, 60, 500),
      },
      { requiredKeys: ['kernel', 'columns', 'order', 'take', 'limit'] },
    );
    let pushed = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(1), fc.nat(1), top, async (which, block, asking) => {
        const dataset = datasets[which]!;
        const partials = await snapshot.exactPartials(dataset, asking, [block]);
        if (!partials) return;
        pushed++;
        const mappedBytes = await mapped(dataset, asking, block);
        expect(rowsIn(asking, partials.get(block)!)).toEqual(rowsIn(asking, mappedBytes));
      }),
      { numRuns: 60, seed: 20261121 },
    );
    expect(pushed).toBeGreaterThan(20);
  });
});

function rowsIn(spec: TopSpec, bytes: Uint8Array): unknown {
  const partial = kernelOf(spec).decode(bytes);
  if (partial.kernel !== 'top') throw new Error('This is no window.');
  const { matching, rows, order, take } = partial;
  const values = [...order, ...take].map((data) =>
    Array.from({ length: data.length }, (_, i) => literalAt(data, i)),
  );
  return { matching, rows: [...rows], values };
}
