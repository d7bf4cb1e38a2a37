import { setImmediate } from 'node:timers/promises';
import { concatColumns, takeRows } from '../src/arrow/build-column.ts';
import type { ColumnData } from '../src/arrow/column-data.ts';
import type { Columns } from '../src/arrow/columns-stream.ts';
import { type CompiledRows, compileRows } from '../src/kernels/table/compile.ts';
import { evaluate } from '../src/kernels/table/evaluate.ts';
import type { Lookups } from '../src/kernels/table/lookup.ts';
import { maskOf } from '../src/kernels/table/mask.ts';
import { type OrderedBlock, orderBlock } from '../src/kernels/table/order-page.ts';
import type { Heads } from '../src/kernels/table/resolve.ts';
import { rowWindow, slicePositions } from '../src/kernels/table/row-window.ts';
import { matchingRows, windowRows } from '../src/kernels/table/window.ts';
import { blockRows } from '../src/protocol/column.ts';
import { cancelled, ExaError } from '../src/protocol/errors.ts';
import type { Head } from '../src/protocol/head.ts';
import type { AggregateSpec } from '../src/protocol/kernel.ts';
import type { RowsQuestion } from '../src/protocol/query.ts';
import type { Snapshot } from './drivers/table-driver.ts';
import type { PartialStore } from './partials.ts';
import { readInput } from './read-input.ts';

/** Rows from the first on that the `top` kernel keeps; a window deeper than that goes by order pages. */
const maxTopRows = 10_000;

interface RowsReader {
  readonly snapshot: Snapshot;
  readonly head: Head;
  readonly partials: PartialStore;
  readonly signal?: AbortSignal;
}

/** Rows taken from blocks: their numbers, and one column a formula of `take`. */
interface Taken {
  readonly rows: Float64Array;
  readonly columns: readonly ColumnData[];
}

/**
 * A window of rows, and how many match. In arrival order only the window's blocks are read (and, with a filter, each
 * block's count of matching rows); in another order the first rows come from the `top` kernel, deep ones by order pages.
 */
export async function answerRows(
  reader: RowsReader,
  question: RowsQuestion,
  heads: Heads,
  lookups: Lookups,
): Promise<{ readonly columns: Columns; readonly matching: number }> {
  const compiled = compileRows(question, heads, lookups);
  const { offset, limit } = question;
  const { matching, taken } = await (compiled.order.length === 0
    ? inArrivalOrder(reader, compiled, offset, limit)
    : offset + limit <= maxTopRows
      ? byTop(reader, compiled, offset)
      : byOrderPages(reader, compiled, offset, limit));
  return { columns: compiled.finish(taken.rows, taken.columns, lookups), matching };
}

async function inArrivalOrder(
  { snapshot, head, partials, signal }: RowsReader,
  { where, columns, take }: CompiledRows,
  offset: number,
  limit: number,
): Promise<{ matching: number; taken: Taken }> {
  let counts: readonly number[] = head.live;
  if (where) {
    const spec: AggregateSpec = {
      kernel: 'aggregate',
      columns: columns.where,
      where,
      groupBy: [],
      states: [],
    };
    counts = await countBlocks(partials.open(snapshot, head, spec), head, signal);
  }
  const matching = counts.reduce((sum, count) => sum + count, 0);
  const parts: Taken[] = [];
  for (const slice of rowWindow(counts, offset, limit)) {
    stopIf(signal);
    const input = await readInput(snapshot, head, Object.keys(columns.all), slice.block);
    const positions = slicePositions(slice, maskOf(where, input, columns.all), input.length);
    parts.push({
      rows: Float64Array.from(positions, (position) => slice.block * blockRows + position),
      columns: take.map((formula) => takeRows(evaluate(formula, input, columns.all), positions)),
    });
    await setImmediate();
  }
  if (parts.length > 0) return { matching, taken: joined(parts, take.length) };
  return { matching, taken: await noRows({ snapshot, head, partials, signal }, { columns, take }) };
}

/** Matching rows of each block. */
async function countBlocks(
  reader: ReturnType<PartialStore['open']>,
  head: Head,
  signal: AbortSignal | undefined,
): Promise<number[]> {
  const nodes = head.revisions.map((_, index) => ({ level: 0, index }));
  await reader.prepare(nodes, signal);
  const counts: number[] = [];
  for (const node of nodes) {
    const partial = await reader.node(node, signal);
    counts.push(partial?.kernel === 'aggregate' ? (partial.rows[0] ?? 0) : 0);
  }
  return counts;
}

async function byTop(
  { snapshot, head, partials, signal }: RowsReader,
  { spec }: CompiledRows,
  offset: number,
): Promise<{ matching: number; taken: Taken }> {
  const root = await partials.open(snapshot, head, spec).root(signal);
  if (root.kernel !== 'top') throw new ExaError('broken', 'The rows were answered with something else.');
  const positions = Int32Array.from({ length: Math.max(0, root.rows.length - offset) }, (_, i) => offset + i);
  return {
    matching: root.matching,
    taken: {
      rows: root.rows.slice(offset),
      columns: root.take.map((column) => takeRows(column, positions)),
    },
  };
}

async function byOrderPages(
  reader: RowsReader,
  compiled: CompiledRows,
  offset: number,
  limit: number,
): Promise<{ matching: number; taken: Taken }> {
  const { snapshot, head, signal } = reader;
  const { where, order, columns, take } = compiled;
  const types = { ...columns.where, ...columns.order };
  const blocks: OrderedBlock[] = [];
  for (let block = 0; block < head.revisions.length; block++) {
    stopIf(signal);
    const input = await readInput(snapshot, head, Object.keys(types), block);
    blocks.push(orderBlock({ where, order, columns: types }, input));
    await setImmediate();
  }
  const rows = windowRows(blocks, offset, limit);
  const matching = matchingRows(blocks);
  if (rows.length === 0) return { matching, taken: await noRows(reader, compiled) };

  const placesOf = new Map<number, number[]>();
  for (const [place, row] of rows.entries()) {
    const block = Math.floor(row / blockRows);
    const places = placesOf.get(block);
    if (places) places.push(place);
    else placesOf.set(block, [place]);
  }
  const parts: Taken[] = [];
  const whereTo = new Int32Array(rows.length);
  let at = 0;
  for (const [block, places] of placesOf) {
    stopIf(signal);
    const input = await readInput(snapshot, head, Object.keys(columns.take), block);
    const positions = Int32Array.from(places, (place) => rows[place]! % blockRows);
    parts.push({
      rows: Float64Array.from(places, (place) => rows[place]!),
      columns: take.map((formula) => takeRows(evaluate(formula, input, columns.take), positions)),
    });
    for (const place of places) whereTo[place] = at++;
    await setImmediate();
  }
  const all = joined(parts, take.length);
  return { matching, taken: { rows, columns: all.columns.map((column) => takeRows(column, whereTo)) } };
}

/** Columns of the right types without rows: what the kernel that keeps none makes of them. */
async function noRows(
  { snapshot, head, partials, signal }: RowsReader,
  { columns, take }: Pick<CompiledRows, 'columns' | 'take'>,
): Promise<Taken> {
  const spec = { kernel: 'top', columns: columns.take, order: [], take, limit: 0 } as const;
  const empty = { ...head, revisions: [], live: [], allocated: 0 };
  const root = await partials.open(snapshot, empty, spec).root(signal);
  return { rows: new Float64Array(), columns: root.kernel === 'top' ? root.take : [] };
}

function joined(parts: readonly Taken[], columns: number): Taken {
  const rows = new Float64Array(parts.reduce((sum, part) => sum + part.rows.length, 0));
  let at = 0;
  for (const part of parts) {
    rows.set(part.rows, at);
    at += part.rows.length;
  }
  return {
    rows,
    columns: Array.from({ length: columns }, (_, c) => concatColumns(parts.map((part) => part.columns[c]!))),
  };
}

function stopIf(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}
