import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { literalAt } from '../../arrow/build-column.ts';
import type { ColumnData } from '../../arrow/column-data.ts';
import type { AggregateQuestion } from '../../protocol/query.ts';
import { mergeTree, type TreeNode } from '../tree.ts';
import { aggregateKernel } from './aggregate.ts';
import { arbitraryQuestion } from './arbitrary-question.testing.ts';
import { compileAggregate } from './compile.ts';
import { openOracle, sqlFilter, sqlKey } from './duckdb-oracle.testing.ts';
import type { AggregatePartial } from './partial.ts';
import { everyKind, everyKindTable } from './table.testing.ts';

const table = everyKindTable(2600, 7);
let oracle: Awaited<ReturnType<typeof openOracle>>;
beforeAll(async () => {
  oracle = await openOracle(table, everyKind);
});
afterAll(() => oracle.close());

/** Measures and the same in DuckDB's SQL; `near` ones are floats, equal to a tolerance. */
const measures: readonly { readonly formula: string; readonly sql: string; readonly near?: boolean }[] = [
  { formula: 'count()', sql: 'count(*)' },
  { formula: 'count(t)', sql: 'count(t)' },
  { formula: 'sum(i)', sql: 'sum(i)' },
  { formula: 'sum(d)', sql: 'sum(d)' },
  { formula: 'sum(i * d - 2.5)', sql: 'sum(i * d - 2.5)' },
  { formula: 'mean(l)', sql: 'sum(l)::DOUBLE / count(l)', near: true },
  { formula: 'mean(d)', sql: 'sum(d)::DOUBLE / count(d)', near: true },
  { formula: 'sum(f)', sql: 'sum(f)', near: true },
  { formula: 'variance(f)', sql: 'var_samp(f)', near: true },
  { formula: 'stddev(d)', sql: 'stddev_samp(d)', near: true },
  { formula: 'min(l)', sql: 'min(l)' },
  { formula: 'max(d)', sql: 'max(d)' },
  { formula: 'min(t)', sql: 'min(t)' },
  { formula: 'max(t)', sql: 'max(t)' },
  { formula: 'max(b)', sql: 'max(b)' },
  { formula: 'min(day)', sql: 'min(day)' },
  { formula: 'max(ts)', sql: 'epoch_ms(max(ts))' },
  { formula: 'min(f)', sql: 'min(f)', near: true },
  { formula: 'distinct(t)', sql: 'count(DISTINCT t)' },
  { formula: 'distinct(l)', sql: 'count(DISTINCT l)' },
  { formula: 'distinct(f)', sql: 'count(DISTINCT f)' },
  { formula: 'quantile(f, 0.9)', sql: 'quantile_cont(f, 0.9)', near: true },
  { formula: 'quantile(d, 0.5)', sql: 'quantile_cont(d::DOUBLE, 0.5)', near: true },
  { formula: 'sum(d) / count(i)', sql: 'sum(d)::DOUBLE / nullif(count(i), 0)', near: true },
  {
    formula: "sum(if(t = 'a' or b, coalesce(i, 1), 0))",
    sql: "sum(CASE WHEN t = 'a' OR b THEN coalesce(i, 1) ELSE 0 END)",
  },
  {
    formula: "count(if(startswith(t, 'pa') and i < d, 1, null))",
    sql: "count(CASE WHEN starts_with(t, 'pa') AND i < d THEN 1 END)",
  },
];

const question = arbitraryQuestion(
  table,
  measures.map(({ formula }) => formula),
);

function answer(asked: AggregateQuestion): Record<string, ColumnData> {
  const compiled = compileAggregate(asked, () => table.head);
  const kernel = aggregateKernel(compiled.spec);
  const partials = table.blocks.map((input) => kernel.decode(kernel.encode(kernel.map(input))));
  const whole = mergeTree(kernel, partials.length, ({ level, index }) =>
    level ? undefined : partials[index],
  );
  return compiled.finish(whole, new Map());
}

function text(data: ColumnData, row: number): string | null {
  const literal = literalAt(data, row);
  if (literal === null) return null;
  return data.kind === 'timestamp' ? String(Date.parse(String(literal))) : String(literal);
}

describe('aggregates', () => {
  it('answers as DuckDB does: exact ones to the last digit, ordered ones to a tolerance', async () => {
    await fc.assert(
      fc.asyncProperty(question, async (asked) => {
        const got = answer(asked);
        const keys = asked.groupBy.map((group) => sqlKey(group, everyKind));
        const rows = await oracle.query(
          `SELECT ${[...keys, ...measures.map(({ sql }) => `(${sql})::VARCHAR`)].join(', ')} FROM t
           ${asked.where ? `WHERE ${sqlFilter(asked.where, everyKind)}` : ''}
           ${keys.length ? `GROUP BY ${keys.map((_, k) => k + 1).join(', ')}` : ''}`,
        );
        const wanted = new Map(
          rows.map((row) => [JSON.stringify(row.slice(0, keys.length)), row.slice(keys.length)]),
        );
        const length = got.m0!.length;
        expect(length).toBe(rows.length);
        for (let row = 0; row < length; row++) {
          const group = JSON.stringify(keys.map((_, k) => text(got[`g${k}`]!, row)));
          const expected = wanted.get(group);
          expect(expected, `group ${group}`).toBeDefined();
          measures.forEach(({ near, formula }, m) => {
            const value = text(got[`m${m}`]!, row);
            const other = expected![m]!;
            const sentence = `${formula} of ${group}`;
            if (value !== null && other !== null && (near || got[`m${m}`]!.kind === 'float64')) {
              const scale = Math.max(1, Math.abs(Number(other)));
              expect(Math.abs(Number(value) - Number(other)) / scale, sentence).toBeLessThan(1e-9);
            } else expect(value, sentence).toBe(other);
          });
        }
      }),
      { numRuns: 25 },
    );
  });

  it('gives the same bytes however blocks are spread over workers and whichever nodes are cached', () => {
    fc.assert(
      fc.property(question, fc.array(fc.boolean(), { minLength: 64, maxLength: 64 }), (asked, cached) => {
        const { spec } = compileAggregate(asked, () => table.head);
        const kernel = aggregateKernel(spec);
        // Twelve blocks: a tree of two levels, with a block that does not exist.
        const inputs = [...table.blocks, ...table.blocks].map((input, block) => ({ ...input, block }));
        const blocks = inputs.length;
        const level0 = inputs.map((input) => kernel.map(input));
        const at = ({ level, index }: TreeNode): AggregatePartial | undefined =>
          level || index === 5 ? undefined : level0[index];
        const made = new Map<string, AggregatePartial>();
        const whole = mergeTree(kernel, blocks, at, undefined, (node, partial) => {
          made.set(`${node.level}/${node.index}`, partial);
        });
        const again = mergeTree(kernel, blocks, (node) => {
          const known = made.get(`${node.level}/${node.index}`);
          return known && node.level === 1 && cached[node.index]
            ? kernel.decode(kernel.encode(known))
            : at(node);
        });
        const [one, other] = [again, whole].map((partial) =>
          partial ? kernel.encode(partial) : new Uint8Array(),
        );
        expect(Buffer.compare(one!, other!)).toBe(0);
      }),
      { numRuns: 12 },
    );
  });
});
