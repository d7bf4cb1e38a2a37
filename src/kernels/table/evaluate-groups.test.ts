import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { literalAt } from '../../arrow/build-column.ts';
import type { ColumnData } from '../../arrow/column-data.ts';
import type { AggregateQuestion, GroupKey } from '../../protocol/query.ts';
import { kernelKey } from '../kernel.ts';
import { mergeTree } from '../tree.ts';
import { aggregateKernel } from './aggregate.ts';
import { compileAggregate } from './compile.ts';
import { openOracle, sqlKey } from './duckdb-oracle.testing.ts';
import { everyKind, everyKindTable } from './table.testing.ts';

const table = everyKindTable(1500, 11);
let oracle: Awaited<ReturnType<typeof openOracle>>;
beforeAll(async () => {
  oracle = await openOracle(table, everyKind);
});
afterAll(() => oracle.close());

const time: GroupKey = { by: 'time', column: 'day', unit: 'month', zone: 'UTC' };
const value = (column: string): GroupKey => ({ by: 'value', column });

/** Measures over groups and the same in DuckDB's SQL; `$w` is the line, `$t` the whole. */
const measures: readonly (readonly [formula: string, sql: string])[] = [
  ['share(sum(d))', 'sum(d)::DOUBLE / nullif((SELECT sum(d) FROM t), 0)'],
  ['share(distinct(t))', 'count(DISTINCT t)::DOUBLE / (SELECT count(DISTINCT t) FROM t)'],
  ['running(sum(d))', 'sum(sum(d)) OVER $w'],
  ['running(count())', 'sum(count(*)) OVER $w'],
  ['running(max(i))', 'max(max(i)) OVER $w'],
  ['running(min(f))', 'min(min(f)) OVER $w'],
  ['running(mean(d))', 'sum(sum(d)) OVER $w::DOUBLE / nullif(sum(count(d)) OVER $w, 0)'],
  ['moving(sum(d), 3)', '(avg(sum(d)::DOUBLE) OVER ($line ROWS 2 PRECEDING))'],
  ['previous(sum(d))', 'lag(sum(d)) OVER $w'],
  ['sum(d) - previous(sum(d), 2)', 'sum(d) - lag(sum(d), 2) OVER $w'],
  ['running(share(count()))', 'sum(count(*)) OVER $w / (SELECT count(*) FROM t)::DOUBLE'],
];

function answer(groupBy: readonly GroupKey[], more: Partial<AggregateQuestion> = {}) {
  const question: AggregateQuestion = {
    kind: 'aggregate',
    dataset: 'table',
    groupBy,
    measures: measures.map(([formula], m) => ({ id: `m${m}`, label: '', formula, format: 'number' })),
    ...more,
  };
  const compiled = compileAggregate(question, () => table.head);
  const kernel = aggregateKernel(compiled.spec);
  const partials = table.blocks.map((input) => kernel.map(input));
  const whole = mergeTree(kernel, partials.length, ({ level, index }) =>
    level ? undefined : partials[index],
  );
  return { answer: compiled.finish(whole, new Map()), key: kernelKey(compiled.spec) };
}

const text = (data: ColumnData, row: number) => {
  const literal = literalAt(data, row);
  return literal === null ? null : String(literal);
};

describe('over the groups of an answer', () => {
  it('answers as DuckDB’s window functions do', async () => {
    const keys = fc
      .subarray(['b', 'i', 't'])
      .chain((others) =>
        fc
          .nat(others.length)
          .map((at) => [...others.slice(0, at).map(value), time, ...others.slice(at).map(value)]),
      );
    await fc.assert(
      fc.asyncProperty(keys, async (groupBy) => {
        const sqlKeys = groupBy.map((key) => sqlKey(key, everyKind));
        const others = sqlKeys.filter((_, k) => groupBy[k]!.by !== 'time');
        const [at] = sqlKeys.filter((_, k) => groupBy[k]!.by === 'time');
        const line = `${others.length ? `PARTITION BY ${others.join(', ')}` : ''} ORDER BY ${at} NULLS LAST`;
        const selected = measures.map(
          ([, sql]) => `(${sql.replaceAll('$line', line).replaceAll('$w', `(${line})`)})::VARCHAR`,
        );
        const rows = await oracle.query(
          `SELECT ${[...sqlKeys, ...selected].join(', ')} FROM t GROUP BY ${sqlKeys.join(', ')}`,
        );
        const wanted = new Map(
          rows.map((row) => [JSON.stringify(row.slice(0, sqlKeys.length)), row.slice(sqlKeys.length)]),
        );
        const { answer: got } = answer(groupBy);
        expect(got.m0!.length).toBe(rows.length);
        for (let row = 0; row < rows.length; row++) {
          const group = JSON.stringify(groupBy.map((_, k) => text(got[`g${k}`]!, row)));
          measures.forEach(([formula], m) => {
            const mine = text(got[`m${m}`]!, row);
            const other = wanted.get(group)![m]!;
            if (mine === null || other === null) expect(mine, `${formula} of ${group}`).toBe(other);
            else expect(Number(mine), `${formula} of ${group}`).toBeCloseTo(Number(other), 8);
          });
        }
      }),
      { numRuns: 12 },
    );
  });

  it('counts different values once on the way', async () => {
    const { answer: got } = answer([time], {
      measures: [{ id: 'm0', label: '', formula: 'running(distinct(i))', format: 'number' }],
    });
    const rows = await oracle.query(
      `SELECT (SELECT count(DISTINCT i) FROM t u WHERE date_trunc('month', u.day) <= month)::VARCHAR
       FROM (SELECT DISTINCT date_trunc('month', day) AS month FROM t WHERE day IS NOT NULL) ORDER BY month`,
    );
    rows.forEach(([wanted], row) => {
      expect(text(got.m0!, row)).toBe(wanted);
    });
  });

  it('goes in the order shown where there is neither time nor number, and ends with the rest', () => {
    const [count, running, share] = ['count()', 'running(count())', 'share(count())'].map((formula, m) => ({
      id: `m${m}`,
      label: '',
      formula,
      format: 'number' as const,
    }));
    const { answer: got } = answer([value('t')], {
      measures: [count!, running!, share!],
      order: [{ by: 'm0', descending: true }],
      limit: 3,
      other: true,
    });
    const numbers = (id: string) => [0, 1, 2, 3].map((row) => Number(literalAt(got[id]!, row)));
    const total = table.live.filter(Boolean).length;
    const counts = numbers('m0');
    expect(counts.reduce((sum, one) => sum + one)).toBe(total);
    expect(numbers('m1')).toEqual([counts[0], counts[0]! + counts[1]!, total - counts[3]!, total]);
    expect(numbers('m2')).toEqual(counts.map((one) => one / total));
  });

  it('costs nothing anew when only that changes', () => {
    const keyOf = (formula: string) =>
      answer([time], { measures: [{ id: 'm', label: '', formula, format: 'number' }] }).key;
    expect(keyOf('running(sum(d))')).toBe(keyOf('sum(d)'));
    expect(keyOf('moving(sum(d), 3)')).toBe(keyOf('share(sum(d))'));
  });
});
