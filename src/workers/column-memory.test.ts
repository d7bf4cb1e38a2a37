import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodePage } from '../arrow/page.ts';
import { kernelOf, type Partial } from '../kernels/kernel.ts';
import { arbitraryQuestion } from '../kernels/table/arbitrary-question.testing.ts';
import { compileAggregate } from '../kernels/table/compile.ts';
import { everyKind, everyKindTable, testBlocks } from '../kernels/table/table.testing.ts';
import type { ComputeCalls } from '../protocol/messages.ts';
import { computeHandlers } from './compute.ts';
import type { Serving } from './rpc.ts';

const wild = everyKindTable(1500, 11);
// Small numbers are stored narrow, so that their pages are packed.
const rows = wild.rows.map((row) => ({
  ...row,
  i: row.i === null ? null : Number(row.i) % 100,
  l: typeof row.l === 'string' ? 300 : row.l!,
}));
const table = { ...wild, rows, blocks: testBlocks(everyKind, rows, { rowsPerBlock: 400 }) };
const place = 'table/e/s';
const blocks = table.blocks.map(({ block, length }) => ({ block, length, revision: 1, hasLive: false }));
const pages = table.blocks.flatMap(({ block, columns }) =>
  Object.entries(columns).map(([column, data]) => ({ block, column, revision: 1, bytes: encodePage(data) })),
);
const serving: Serving<never> = { signal: new AbortController().signal, next() {} };
const question = arbitraryQuestion(table, [
  'count()',
  'sum(i)',
  'sum(d)',
  'sum(l)',
  'sum(f)',
  'min(l)',
  'max(ts)',
  'variance(f)',
  'distinct(i)',
  'distinct(l)',
  'quantile(d, 0.5)',
]);

it('a partial keeps nothing of memory that is lent: the same bits of pages just read, read again, and decoded before', async () => {
  await fc.assert(
    fc.asyncProperty(question, async (asked) => {
      const { spec } = compileAggregate(asked, () => table.head);
      const kernel = kernelOf(spec);
      const wanted = table.blocks.map((input) => kernel.encode(kernel.map(input)));
      const handlers = computeHandlers();
      const own = new Set(Object.keys(spec.columns));
      const needed = pages.filter(({ column }) => own.has(column));
      // A key a call, so that each maps anew: pages just read first, then twice from memory.
      for (const key of ['read', 'kept', 'again']) {
        const nodes = blocks.map(({ block }) => ({ level: 0, index: block }));
        const ask = { place, blocks, pages: key === 'read' ? needed : [], spec, key, nodes };
        const reply = await handlers.map(ask as ComputeCalls['map']['ask'], serving);
        expect(reply.kind, key).toBe('partials');
        const partials = 'partials' in reply ? (reply.partials as Partial[]) : [];
        partials.forEach((partial, b) => {
          expect(Buffer.compare(kernel.encode(partial), wanted[b]!), `${key}, block ${b}`).toBe(0);
        });
      }
    }),
    { numRuns: 30 },
  );
});

it('pages that do not belong together are told apart, and what is lacking is named', async () => {
  const { spec } = compileAggregate(
    {
      kind: 'aggregate',
      dataset: 'table',
      groupBy: [],
      measures: [{ id: 'm', label: '', formula: 'sum(i) + sum(l)', format: 'number' }],
    },
    () => table.head,
  );
  const node = [{ level: 0, index: 0 }];
  const ask = { place, blocks: blocks.slice(0, 1), spec, key: 'k', nodes: node };
  const of = (column: string) => pages.filter((page) => page.block === 0 && page.column === column);
  const handlers = computeHandlers();
  expect(await handlers.map({ ...ask, pages: of('i') } as ComputeCalls['map']['ask'], serving)).toEqual({
    kind: 'need',
    columns: [{ block: 0, column: 'l' }],
  });
  const { bytes } = pages.find(({ block, column }) => block === 3 && column === 'l')!;
  const other = { block: 0, column: 'l', revision: 1, bytes };
  await expect(
    (async () => handlers.map({ ...ask, pages: [other] } as ComputeCalls['map']['ask'], serving))(),
  ).rejects.toThrow('The pages of block 0 do not belong together.');
});
