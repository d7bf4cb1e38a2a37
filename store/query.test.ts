import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnFromLiterals } from '../src/arrow/build-column.ts';
import { decodeColumns } from '../src/arrow/read-columns.ts';
import type { Coverage } from '../src/protocol/answer.ts';
import { blockRows } from '../src/protocol/column.ts';
import type { Question } from '../src/protocol/query.ts';
import { importSales, sale, salesProfile, type TestStore, testStore } from './http/store.testing.ts';

const rows = 2 * blockRows + 500;
let store: TestStore;
let dataset: string;
beforeAll(async () => {
  store = await testStore();
  dataset = await importSales(store.app, rows);
});
afterAll(() => store.close());

interface JsonAnswer {
  readonly columns: readonly { readonly name: string; readonly type: { readonly kind: string } }[];
  readonly rows: readonly (readonly unknown[])[];
  readonly coverage: Coverage;
}

function post(question: unknown, headers: Record<string, string> = {}) {
  return store.app.inject({ method: 'POST', url: '/api/query', headers, payload: question as object });
}

async function ask(question: Question): Promise<JsonAnswer> {
  const answer = await post(question);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
}

const all = Array.from({ length: rows }, (_, i) => sale(i));

describe('aggregate questions', () => {
  it('are answered with exact decimals as texts, ordered', async () => {
    const answer = await ask({
      kind: 'aggregate',
      dataset,
      groupBy: [{ by: 'value', column: 'country' }],
      measures: [{ measure: 'revenue' }, { id: 'n', label: 'n', formula: 'count()', format: 'count' }],
      order: [{ by: 0, descending: true }],
    });
    const cents = new Map<string, number>();
    for (const row of all)
      cents.set(
        String(row.country),
        (cents.get(String(row.country)) ?? 0) + Math.round(Number(row.amount) * 100),
      );
    expect(answer.columns.map((column) => column.name)).toEqual(['g0', 'revenue', 'n']);
    expect(answer.rows.map((row) => row[0])).toEqual(['Spain', 'Italy', 'France']);
    for (const [country, revenue] of answer.rows)
      expect(revenue).toBe((cents.get(String(country))! / 100).toFixed(2));
    expect(answer.coverage).toMatchObject({ settled: true, rows, rowsTotal: rows, blocks: 3, from: 'store' });
  });

  it('come as Arrow where that is asked for, with coverage in a header', async () => {
    const answer = await post(
      { kind: 'aggregate', dataset, groupBy: [], measures: [{ measure: 'revenue' }] },
      { accept: 'application/vnd.apache.arrow.stream' },
    );
    expect(answer.headers['content-type']).toBe('application/vnd.apache.arrow.stream');
    const columns = decodeColumns(answer.rawPayload);
    const cents = all.reduce((sum, row) => sum + Math.round(Number(row.amount) * 100), 0);
    const { revenue } = columns;
    expect(revenue?.kind === 'decimal' && revenue.values[0]).toBe(BigInt(cents));
    expect(JSON.parse(String(answer.headers['exa-coverage']))).toMatchObject({ rows, settled: true });
  });
});

describe('rows questions', () => {
  const byArrival = (filter: (row: (typeof all)[number]) => boolean) =>
    all.map((row, i) => ({ row, i })).filter(({ row }) => filter(row));

  it('read only the window’s blocks in arrival order', async () => {
    const answer = await ask({
      kind: 'rows',
      dataset,
      order: [],
      columns: ['id', 'amount'],
      offset: blockRows - 2,
      limit: 4,
    });
    expect(answer.rows.map((row) => row[0])).toEqual([-2, -1, 0, 1].map((i) => blockRows + i));
    expect(answer.rows[0]![2]).toBe(sale(blockRows - 2).amount);
    expect(answer.coverage.matching).toBe(rows);
  });

  it('give the window any plain sort gives, filtered or not, near or deep', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom('none', 'units', 'amount', 'country'),
        fc.boolean(),
        fc.option(fc.constantFrom('France', 'Spain', 'Nowhere'), { nil: undefined }),
        fc.constantFrom(0, 3, 9_990, 60_000, rows),
        async (by, descending, country, offset) => {
          const limit = 7;
          const answer = await ask({
            kind: 'rows',
            dataset,
            ...(country && { where: { op: 'in', column: 'country', values: [country] } }),
            order: by === 'none' ? [] : [{ column: by, descending }],
            columns: ['id', 'country'],
            offset,
            limit,
          });
          const matching = byArrival((row) => country === undefined || row.country === country);
          const value = (row: (typeof all)[number]) =>
            by === 'country' ? String(row.country) : Number(row[by as 'units' | 'amount']);
          if (by !== 'none')
            matching.sort((a, b) => {
              const [x, y] = [value(a.row), value(b.row)];
              const difference = x < y ? -1 : x > y ? 1 : 0;
              return (descending ? -difference : difference) || a.i - b.i;
            });
          expect(answer.rows.map((row) => row[0])).toEqual(
            matching.slice(offset, offset + limit).map(({ i }) => i),
          );
          expect(answer.rows.every((row) => row[2] === all[Number(row[0])]!.country)).toBe(true);
          expect(answer.coverage.matching).toBe(matching.length);
          expect(answer.columns.map((column) => column.type.kind)).toEqual(['float64', 'int64', 'text']);
        },
      ),
      { numRuns: 30 },
    ));
});

describe('a bad question gets one sentence', () => {
  const aggregate = { kind: 'aggregate', groupBy: [], measures: [{ measure: 'revenue' }] } as const;
  it.each([
    ['a data set that is not', { ...aggregate, dataset: 'nope' }, 404, /nope/],
    ['a column that is not', { ...aggregate, groupBy: [{ by: 'value', column: 'contry' }] }, 404, /contry/],
    ['a measure that is not', { ...aggregate, measures: [{ measure: 'profit' }] }, 404, /profit/],
    ['half a measure', { ...aggregate, measures: [{ id: 'x' }] }, 422, /measures\[0\]/],
    [
      'a measure twice',
      { ...aggregate, measures: [{ measure: 'revenue' }, { measure: 'revenue' }] },
      422,
      /twice/,
    ],
    [
      'a wrong type',
      { ...aggregate, where: { op: 'in', column: 'units', values: ['many'] } },
      422,
      /many|units/,
    ],
    [
      'months of a number',
      { ...aggregate, groupBy: [{ by: 'time', column: 'units', unit: 'month', zone: 'UTC' }] },
      422,
      /units/,
    ],
    [
      'bins of no width',
      { ...aggregate, groupBy: [{ by: 'number', column: 'units', origin: 0, width: 0 }] },
      422,
      /width/,
    ],
    [
      'a formula that is none',
      { ...aggregate, measures: [{ id: 'x', label: 'x', formula: 'sum(', format: 'number' }] },
      422,
      /./,
    ],
    [
      'an unknown operation',
      { ...aggregate, where: { op: 'regex', column: 'country', text: '.' } },
      422,
      /"regex"/,
    ],
    ['an unknown kind', { kind: 'sql', text: 'SELECT 1' }, 422, /"sql"/],
    [
      'an order by what is not asked',
      { ...aggregate, order: [{ by: 'profit', descending: true }] },
      422,
      /profit/,
    ],
    ['rows without columns', { kind: 'rows', order: [], offset: 0, limit: 1 }, 422, /“columns”/],
    ['too many rows', { kind: 'rows', order: [], columns: ['id'], offset: 0, limit: 1e9 }, 422, /limit/],
  ])('%s', async (_, question, status, says) => {
    const answer = await post({ dataset, ...question });
    expect(answer.statusCode, answer.body).toBe(status);
    expect(answer.json<{ detail: string }>().detail).toMatch(says);
    expect(answer.json<{ detail: string }>().detail).toMatch(/^[^\n]+\.$/);
    expect(store.warnings).toEqual([]);
  });

  it('more than a million groups', async () => {
    const session = await store.driver.beginImport({
      name: 'many',
      mode: 'create',
      columns: [{ name: 'n', type: { kind: 'int32' } }],
      profile: { ...salesProfile, keys: [], roles: {}, measures: [], dimensions: [] },
    });
    const size = 1_010_000;
    const n = {
      kind: 'int32',
      length: size,
      values: Int32Array.from({ length: size }, (_, i) => i),
    } as const;
    await session.append({ columns: { n }, rows: size });
    const many = (await session.commit()).dataset;
    const answer = await post({
      kind: 'aggregate',
      dataset: many,
      groupBy: [{ by: 'value', column: 'n' }],
      measures: [{ id: 'x', label: 'x', formula: 'count()', format: 'count' }],
    });
    expect(answer.statusCode, answer.body.slice(0, 200)).toBe(403);
    expect(answer.json<{ detail: string }>().detail).toMatch(/1,000,000 groups.*coarser/);
  });
});

describe('an empty data set', () => {
  it('answers with no rows of the right types', async () => {
    const session = await store.driver.beginImport({
      name: 'empty',
      mode: 'create',
      columns: [{ name: 'day', type: { kind: 'date' } }],
      profile: { ...salesProfile, keys: [], roles: {}, measures: [], dimensions: [] },
    });
    await session.append({ columns: { day: columnFromLiterals({ kind: 'date' }, []) }, rows: 0 });
    const { dataset: empty } = await session.commit();
    const answer = await ask({
      kind: 'rows',
      dataset: empty,
      order: [],
      columns: ['day'],
      offset: 0,
      limit: 5,
    });
    expect(answer.rows).toEqual([]);
    expect(answer.columns.map((column) => column.type.kind)).toEqual(['float64', 'date']);
    const counted = await ask({
      kind: 'aggregate',
      dataset: empty,
      groupBy: [],
      measures: [{ id: 'n', label: 'n', formula: 'count()', format: 'count' }],
    });
    expect(counted.rows).toEqual([[0]]);
  });
});
