import { describe, expect, it } from 'vitest';
import { columnFromLiterals, literalAt } from '../../arrow/build-column.ts';
import type { ColumnData } from '../../arrow/column-data.ts';
import type { ColumnType, Literal } from '../../protocol/column.ts';
import type { AggregateQuestion, Filter } from '../../protocol/query.ts';
import { kernelKey, kernelOf } from '../kernel.ts';
import { aggregateKernel } from './aggregate.ts';
import { compileAggregate, compileRows, lookupsOf } from './compile.ts';
import { buildLookup, type Lookups } from './lookup.ts';
import { testBlocks, testHead } from './table.testing.ts';

const money: ColumnType = { kind: 'decimal', precision: 18, scale: 2 };
const orderTypes: Record<string, ColumnType> = {
  c1: { kind: 'int32' },
  c2: { kind: 'int32' },
  c3: money,
  c4: { kind: 'text' },
  c5: { kind: 'timestamp' },
};
const orders = testHead('orders', orderTypes, {
  profile: {
    labels: { c4: 'State', c3: 'Unit price' },
    links: [
      { id: 'client', label: 'Client', column: 'c2', dataset: 'clients', key: 'id' },
      { id: 'big', label: 'Big', column: 'c2', dataset: 'big', key: 'id' },
    ],
    calculated: [
      { id: 'amount', label: 'Amount', formula: 'c1 * "Unit price"' },
      { id: 'gross', label: 'Gross', formula: 'amount * 2' },
      { id: 'loop', label: 'Loop', formula: 'pool + 1' },
      { id: 'pool', label: 'Pool', formula: 'loop + 1' },
      { id: 'place', label: 'Place', formula: 'concat(lower(client.country), text(year(client.since)))' },
      { id: 'mixed', label: 'Mixed', formula: "if(client.country = 'FR', c1, 0)" },
    ],
    measures: [
      { id: 'revenue', label: 'Revenue', formula: 'sum(amount)', format: 'money' },
      { id: 'each', label: 'Each', formula: 'Revenue / count()', format: 'money' },
      { id: 'snake', label: 'Snake', formula: 'tail + 1', format: 'number' },
      { id: 'tail', label: 'Tail', formula: 'snake * 2', format: 'number' },
    ],
    zone: 'Europe/Paris',
  },
  zones: { 'Europe/Paris': { from: [-8.64e15], offsetMs: [3_600_000] } },
});
const clientTypes: Record<string, ColumnType> = {
  id: { kind: 'int64' },
  country: { kind: 'text' },
  since: { kind: 'date' },
};
const clients = testHead('clients', clientTypes, { allocated: 4 });
const big = testHead('big', clientTypes, { allocated: 70_000 });
const heads = (id: string) => ({ orders, clients, big })[id];

const rows = [
  [2, 1, '10.00', 'new', '2024-01-31T22:30:00.000Z'],
  [1, 2, '5.50', 'paid', '2024-01-31T23:30:00.000Z'],
  [3, 3, '1.00', 'new', '2024-02-10T00:00:00.000Z'],
  [1, 9, '7.00', null, '2024-03-01T00:00:00.000Z'],
  [4, null, '2.00', 'paid', null],
  [5, 1, null, 'new', '2024-03-02T00:00:00.000Z'],
].map((row) => Object.fromEntries(row.map((value, c) => [`c${c + 1}`, value])) as Record<string, Literal>);
const blocks = testBlocks(orderTypes, rows, { rowsPerBlock: 4 });
const clientBlocks = testBlocks(clientTypes, [
  { id: 1, country: 'FR', since: '2020-01-05' },
  { id: 2, country: 'DE', since: '2020-07-05' },
  { id: 3, country: null, since: '2021-01-05' },
  { id: 4, country: 'FR', since: '2021-01-05' },
]);

const count = { id: 'n', label: '', formula: 'count()', format: 'count' } as const;

function ask(question: Partial<AggregateQuestion>): Literal[][] {
  const whole: AggregateQuestion = {
    kind: 'aggregate',
    dataset: 'orders',
    groupBy: [],
    measures: [count],
    ...question,
  };
  const lookups: Lookups = new Map(
    lookupsOf(whole, heads).map((one) => [one.id, buildLookup(one, clientBlocks)]),
  );
  const { spec, finish } = compileAggregate(whole, heads, lookups);
  const kernel = aggregateKernel(spec);
  const answer = finish(blocks.map((input) => kernel.map(input)).reduce(kernel.merge), lookups);
  return table(answer);
}

function table(answer: Record<string, ColumnData>): Literal[][] {
  const columns = Object.values(answer);
  return Array.from({ length: columns[0]!.length }, (_, row) =>
    columns.map((column) => literalAt(column, row)),
  );
}

describe('compile', () => {
  it('reads names, labels, calculated columns and the profile’s measures', () => {
    expect(ask({ measures: [{ measure: 'revenue' }] })).toEqual([['43.50']]);
    expect(ask({ measures: [{ ...count, formula: 'sum(gross) / count("unit PRICE")' }] })).toEqual([[17.4]]);
    expect(ask({ groupBy: [{ by: 'value', column: 'State' }], measures: [{ measure: 'revenue' }] })).toEqual([
      ['new', '23.00'],
      ['paid', '13.50'],
      [null, '7.00'],
    ]);
  });

  it('counts months in the zone asked', () => {
    const months = (zone: string) =>
      ask({ groupBy: [{ by: 'time', column: 'c5', unit: 'month', zone }] }).map(
        ([month, n]) => `${month} ${n}`,
      );
    expect(months('UTC')).toEqual(['2024-01-01 2', '2024-02-01 1', '2024-03-01 2', 'null 1']);
    expect(months('Europe/Paris')).toEqual(['2024-01-01 1', '2024-02-01 2', '2024-03-01 2', 'null 1']);
  });

  it('measures read linked tables, alone and beside this one’s columns', () => {
    const one = (formula: string) => ask({ measures: [{ ...count, formula }] })[0]![0];
    expect(one('distinct(client.country)')).toBe(2);
    expect(one('count(client.country)')).toBe(3);
    expect(one("sum(if(client.country = 'FR', amount, 0.00))")).toBe('20.00');
    expect(one('max(client.since)')).toBe('2021-01-05');
    expect(one("sum(if(client.country = 'FR' and State = 'new', c1, 0)) / count()")).toBe(7 / 6);
    expect(one("count(if(place = 'fr2020', true, null))")).toBe(2);
    expect(
      ask({
        groupBy: [{ by: 'value', column: 'State' }],
        measures: [{ ...count, formula: 'distinct(client.country)' }],
      }),
    ).toEqual([
      ['new', 1],
      ['paid', 1],
      [null, 0],
    ]);
  });

  it('joins dimensions at finish', () => {
    expect(
      ask({
        groupBy: [{ by: 'value', column: 'client.country' }],
        measures: [count, { measure: 'revenue' }],
      }),
    ).toEqual([
      ['DE', 1, '5.50'],
      ['FR', 2, '20.00'],
      [null, 3, '18.00'],
    ]);
    expect(ask({ groupBy: [{ by: 'time', column: 'client.since', unit: 'year', zone: 'UTC' }] })).toEqual([
      ['2020-01-01', 3],
      ['2021-01-01', 1],
      [null, 2],
    ]);
  });

  it('computes columns from a dimension’s own, to group and to filter by', () => {
    expect(ask({ groupBy: [{ by: 'value', column: 'place' }] })).toEqual([
      ['de2020', 1],
      ['fr2020', 2],
      [null, 3],
    ]);
    expect(ask({ where: { op: 'in', column: 'Place', values: ['fr2020'] } })).toEqual([[2]]);
  });

  it('takes a formula of one’s own in place of a column', () => {
    expect(ask({ groupBy: [{ by: 'value', column: '=c1 > 2' }] })).toEqual([
      [false, 3],
      [true, 3],
    ]);
    expect(ask({ where: { op: 'in', column: '=upper(State)', values: ['PAID'] } })).toEqual([[2]]);
  });

  it('reads measures within measures', () => {
    expect(ask({ measures: [{ measure: 'each' }] })).toEqual([[7.25]]);
    expect(ask({ measures: [{ ...count, formula: 'share(revenue) + 0 * each' }] })).toEqual([[1]]);
  });

  it('counts days on the profile’s clock', () => {
    const days = ask({ measures: [{ ...count, formula: 'sum(day(c5))' }] });
    expect(days).toEqual([[31 + 1 + 10 + 1 + 2]]);
  });

  it('filters by a dimension, unknown ones as SQL has them', () => {
    const matching = (where: Filter) => ask({ where })[0]![0];
    const french: Filter = { op: 'in', column: 'client.country', values: ['FR'] };
    expect(matching(french)).toBe(2);
    expect(matching({ op: 'not', of: french })).toBe(1);
    expect(matching({ op: 'in', column: 'client.country', values: ['FR', null] })).toBe(5);
    expect(matching({ op: 'not', of: { op: 'in', column: 'client.country', values: ['FR', null] } })).toBe(1);
    expect(matching({ op: 'contains', column: 'client.country', text: 'f' })).toBe(2);
    expect(matching({ op: 'starts', column: 'client.country', text: 'fR' })).toBe(2);
    expect(
      matching({ op: 'not', of: { op: 'and', of: [french, { op: 'range', column: 'c1', from: 4 }] } }),
    ).toBe(4);
  });

  it('orders, cuts, and merges the rest', () => {
    const question: Partial<AggregateQuestion> = {
      groupBy: [{ by: 'value', column: 'c1' }],
      measures: [{ ...count, formula: 'sum(amount)' }],
      order: [{ by: 'n', descending: true }],
      limit: 2,
    };
    expect(ask(question)).toEqual([
      [2, '20.00'],
      [1, '12.50'],
    ]);
    expect(ask({ ...question, other: true })).toEqual([
      [2, '20.00', false],
      [1, '12.50', false],
      [null, '11.00', true],
    ]);
    expect(
      ask({ ...question, limit: 9, order: [{ by: 0, descending: true }], other: true }).map(([key]) => key),
    ).toEqual([5, 4, 3, 2, 1]);
    expect(ask({ ...question, limit: undefined }).at(-1)).toEqual([5, null]);
  });

  it('answers one row of no rows', () => {
    const { finish } = compileAggregate(
      {
        kind: 'aggregate',
        dataset: 'orders',
        groupBy: [],
        measures: [
          count,
          { ...count, id: 's', formula: 'sum(c1)' },
          { ...count, id: 't', formula: 'max(c4)' },
          { ...count, id: 'q', formula: 'quantile(c1, 0.5)' },
          { ...count, id: 'd', formula: 'distinct(c4)' },
        ],
      },
      heads,
    );
    expect(table(finish(undefined, new Map()))).toEqual([[0, null, null, null, 0]]);
  });

  it('keeps what only finish needs out of the kernel’s key', () => {
    const base: AggregateQuestion = {
      kind: 'aggregate',
      dataset: 'orders',
      groupBy: [{ by: 'value', column: 'c4' }],
      measures: [count, { measure: 'revenue' }],
    };
    const key = (question: AggregateQuestion) => kernelKey(compileAggregate(question, heads).spec);
    expect(key({ ...base, limit: 3, other: true, order: [{ by: 'n', descending: true }] })).toBe(key(base));
    expect(key({ ...base, measures: [count, { ...count, id: 'other', formula: 'mean(amount) * 2' }] })).toBe(
      key(base),
    );
    expect(key({ ...base, where: { op: 'in', column: 'c1', values: [1] } })).not.toBe(key(base));
    expect(kernelOf(compileAggregate(base, heads).spec)).toBeDefined();
  });

  it.each<[string, Partial<AggregateQuestion>]>([
    ['has no column “nosuch”', { groupBy: [{ by: 'value', column: 'nosuch' }] }],
    ['has no column “nosuch”', { measures: [{ ...count, formula: 'sum(nosuch)' }] }],
    ['no data set “nowhere”', { dataset: 'nowhere' }],
    ['no measure “profit”', { measures: [{ measure: 'profit' }] }],
    ['“snake” is defined by itself', { measures: [{ measure: 'snake' }] }],
    [
      'measure “revenue” is defined by itself',
      { measures: [{ ...count, id: 'revenue', formula: 'revenue + 1' }] },
    ],
    ['belongs to another table', { groupBy: [{ by: 'value', column: 'mixed' }] }],
    ['is defined by itself', { measures: [{ ...count, formula: 'sum(loop)' }] }],
    ['many values of “c1”', { measures: [{ ...count, formula: 'c1 + 1' }] }],
    ['“sum” needs numbers', { measures: [{ ...count, formula: 'sum(State)' }] }],
    ['is not a whole number', { where: { op: 'in', column: 'c1', values: ['abc'] } }],
    ['is not a time', { where: { op: 'range', column: 'c5', from: '2024-02-31T00:00:00Z' } }],
    ['looks into texts', { where: { op: 'contains', column: 'c1', text: 'a' } }],
    ['has no bins', { groupBy: [{ by: 'number', column: 'c4', origin: 0, width: 1 }] }],
    ['width above 0', { groupBy: [{ by: 'number', column: 'c1', origin: 0, width: 0 }] }],
    ['not a date or a time', { groupBy: [{ by: 'time', column: 'c1', unit: 'day', zone: 'UTC' }] }],
    [
      'time zone “Mars/Base” is not kept',
      { groupBy: [{ by: 'time', column: 'c5', unit: 'day', zone: 'Mars/Base' }] },
    ],
    ['more than 65,536 rows', { groupBy: [{ by: 'value', column: 'big.country' }] }],
    ['more than 65,536 rows', { measures: [{ ...count, formula: 'distinct(big.country)' }] }],
    ['Say what becomes', { measures: [{ ...count, formula: 'client.country' }] }],
    ['cannot be ordered by “x”', { order: [{ by: 'x', descending: false }] }],
    ['at the end', { measures: [{ ...count, formula: 'sum(c1' }] }],
  ])('says that it %s', (sentence, question) => {
    expect(() => ask(question)).toThrow(sentence);
  });

  it('compiles windows of rows', () => {
    const question = {
      kind: 'rows',
      dataset: 'orders',
      order: [{ column: 'amount', descending: true }],
      columns: ['c1', 'amount', 'client.country'],
      offset: 1,
      limit: 3,
    } as const;
    const lookups: Lookups = new Map(
      lookupsOf(question, heads).map((one) => [one.id, buildLookup(one, clientBlocks)]),
    );
    const compiled = compileRows(question, heads, lookups);
    expect(compiled.spec.limit).toBe(4);
    expect(Object.keys(compiled.columns.take)).toEqual(['c1', 'c2', 'c3']);
    const taken = [
      columnFromLiterals({ kind: 'int32' }, [7]),
      columnFromLiterals(money, ['1.00']),
      columnFromLiterals({ kind: 'int32' }, [2]),
    ];
    expect(table(compiled.finish(Float64Array.of(65_536), taken, lookups))).toEqual([
      [65_536, 7, '1.00', 'DE'],
    ]);
    expect(() =>
      compileRows({ ...question, order: [{ column: 'client.country', descending: false }] }, heads, lookups),
    ).toThrow('cannot be sorted');
  });
});
