import { loadChecksum } from '../arrow/checksum.ts';
import type { AggregateQuestion } from '../protocol/query.ts';
import { aggregateKernel } from './table/aggregate.ts';
import { compileAggregate } from './table/compile.ts';
import { everyKindTable } from './table/table.testing.ts';
import { mergeTree } from './tree.ts';

const measure = (formula: string, m: number) =>
  ({ id: `m${m}`, label: '', formula, format: 'number' }) as const;

const questions: readonly AggregateQuestion[] = [
  {
    kind: 'aggregate',
    dataset: 'table',
    groupBy: [],
    measures: [
      'sum(f)',
      'variance(f)',
      'sum(i * d)',
      'min(t)',
      'max(f)',
      'quantile(f, 0.5)',
      'distinct(l)',
    ].map(measure),
  },
  {
    kind: 'aggregate',
    dataset: 'table',
    where: { op: 'range', column: 'f', from: -50, to: 70 },
    groupBy: [
      { by: 'time', column: 'ts', unit: 'month', zone: 'UTC' },
      { by: 'value', column: 't' },
    ],
    measures: ['sum(f / 3)', 'stddev(f * f)', 'mean(l)', 'count(day)', 'distinct(t)'].map(measure),
  },
];

/** What {@link partialHashes} gives, computed in Node: a change of these drops every cached partial. */
export const expectedHashes: readonly string[] = ['e256c773341d51b3', '3d69fbeeb996e529'];

/** xxHash64 of the encoded root partials of a seeded table: the same in every engine. */
export async function partialHashes(): Promise<string[]> {
  const checksum = await loadChecksum();
  const table = everyKindTable(3000, 42);
  return questions.map((question) => {
    const kernel = aggregateKernel(compileAggregate(question, () => table.head).spec);
    const partials = table.blocks.map((input) => kernel.map(input));
    const root = mergeTree(kernel, partials.length, ({ level, index }) =>
      level ? undefined : partials[index],
    );
    return root ? checksum(kernel.encode(root)) : 'none';
  });
}
