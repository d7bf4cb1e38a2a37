import { encodeColumns } from '../arrow/columns-stream.ts';
import type { Partial } from '../kernels/kernel.ts';
import { compileAggregate, compileRows, lookupsOf } from '../kernels/table/compile.ts';
import { buildLookup, type Lookup, type LookupRequest } from '../kernels/table/lookup.ts';
import type { AggregatePartial } from '../kernels/table/partial.ts';
import { ExaError, isExaError, toExaError } from '../protocol/errors.ts';
import type { Head } from '../protocol/head.ts';
import type { AggregateQuestion, Question, RowsQuestion } from '../protocol/query.ts';
import { type Contribution, coverageOf } from './coverage.ts';
import type { BookedHead, HeadBook } from './head-book.ts';
import type { Answered, Answerer } from './live-question.ts';
import { placeOf } from './page-desk.ts';
import { revisionOf, rootOf } from './plan.ts';
import { bookedHead, type RootOptions, rootPartial, type Works } from './root-partial.ts';
import { readWindow } from './row-window.ts';

/** A question's heads and dimensions, ready to compile. */
export interface Prepared {
  readonly heads: ReadonlyMap<string, BookedHead>;
  readonly headOf: (dataset: string) => Head | undefined;
  readonly lookups: ReadonlyMap<string, Lookup>;
  /** What the dimensions cover. */
  readonly contributions: readonly Contribution[];
}

/** Lookups kept: a screen of questions reaches the same few dimensions. */
const maxLookups = 32;

/** Rows a dimension joined at finish may have, deleted ones left out; more is refused by compiling. */
const maxLookupRows = 65_536;

export interface Preparer {
  prepare(questions: readonly Question[], options: RootOptions): Promise<Prepared>;
}

/** Reads heads and dimensions, keeping dimensions until they change. */
export function preparer(works: Works): Preparer {
  const kept = new Map<string, { lookup: Lookup; contribution: Contribution }>();

  const load = async (request: LookupRequest, options: RootOptions) => {
    const { head } = await bookedHead(works.book, request.dataset, options);
    const revision = revisionOf(head, rootOf(head.revisions.length));
    const key = `${placeOf(head)}/${request.id}@${revision}`;
    const known = kept.get(key);
    if (known) {
      const contribution = { ...known.contribution, head, from: 'cache' as const };
      return { lookup: known.lookup, contribution };
    }
    const columns = Object.keys(request.columns);
    const window = await readWindow(
      works,
      request.dataset,
      {
        kernel: 'top',
        columns: request.columns,
        order: [],
        take: columns.map((column) => ({ op: 'column', column })),
        limit: maxLookupRows,
      },
      { offset: 0, limit: maxLookupRows },
      options,
    );
    const found = Object.fromEntries(columns.map((column, i) => [column, window.taken[i]!]));
    const length = window.numbers.length;
    const lookup = buildLookup(request, length > 0 ? [{ block: 0, length, columns: found }] : []);
    const { head: read, blocks, rows, mixed, from } = window;
    const contribution = { head: read, blocks, rows, mixed, from };
    if (blocks === read.revisions.length && !mixed) {
      kept.set(`${placeOf(read)}/${request.id}@${revisionOf(read, rootOf(blocks))}`, {
        lookup,
        contribution,
      });
      for (const oldest of kept.keys()) {
        if (kept.size <= maxLookups) break;
        kept.delete(oldest);
      }
    }
    return { lookup, contribution };
  };

  return {
    async prepare(questions, options) {
      const heads = await headsOf(works.book, questions, options);
      const headOf = (dataset: string) => heads.get(dataset)?.head;
      const requests = new Map(
        questions.flatMap((question) => lookupsOf(question, headOf)).map((request) => [request.id, request]),
      );
      const loaded = await Promise.all(
        [...requests.values()].map(async (request) => ({ request, ...(await load(request, options)) })),
      );
      return {
        heads,
        headOf,
        lookups: new Map(loaded.map(({ request, lookup }) => [request.id, lookup])),
        contributions: loaded.map(({ contribution }) => contribution),
      };
    },
  };
}

/** Heads of the data sets a question reaches. One that is not there is left out: compiling says so where it matters. */
async function headsOf(
  book: HeadBook,
  questions: readonly Question[],
  options: RootOptions,
): Promise<Map<string, BookedHead>> {
  const heads = new Map<string, BookedHead>();
  const absent = new Map<string, ExaError>();
  for (const { dataset } of questions) heads.set(dataset, await bookedHead(book, dataset, options));
  for (;;) {
    const unknown = new Set<string>();
    const look = (dataset: string) => {
      const known = heads.get(dataset)?.head;
      if (!known && !absent.has(dataset)) unknown.add(dataset);
      return known;
    };
    try {
      for (const question of questions) lookupsOf(question, look);
    } catch (error) {
      if (unknown.size === 0) throw [...absent.values()].find(({ tag }) => tag === 'offline') ?? error;
    }
    if (unknown.size === 0) return heads;
    for (const dataset of unknown)
      try {
        heads.set(dataset, await bookedHead(book, dataset, options));
      } catch (error) {
        if (isExaError(error, 'cancelled')) throw error;
        absent.set(dataset, toExaError(error));
      }
  }
}

/** Answers questions from what is here, what the store computes, and what must be fetched. */
export function answerer(works: Works, { prepare }: Preparer = preparer(works)): Answerer {
  return async (question, options) => {
    const prepared = await prepare([question], options);
    return question.kind === 'aggregate'
      ? answerAggregate(works, question, prepared, options)
      : answerRows(works, question, prepared, options);
  };
}

async function answerAggregate(
  works: Works,
  question: AggregateQuestion,
  prepared: Prepared,
  options: RootOptions,
): Promise<Answered> {
  const compiled = compileAggregate(question, prepared.headOf, prepared.lookups);
  const root = await rootPartial(works, question.dataset, compiled.spec, options);
  const partial = aggregateOf(root.partial);
  return {
    bytes: encodeColumns(compiled.finish(partial, prepared.lookups)),
    coverage: coverageOf([root, ...prepared.contributions], {
      approximate: compiled.approximate(partial),
      ...(question.limit !== undefined && { groups: compiled.count(partial, prepared.lookups) }),
    }),
    current: root.current && isCurrent(prepared),
    heads: headsRead(prepared, root.head),
    background: [{ head: root.head, pages: root.background }],
  };
}

async function answerRows(
  works: Works,
  question: RowsQuestion,
  prepared: Prepared,
  options: RootOptions,
): Promise<Answered> {
  const { offset, limit } = question;
  const compiled = compileRows(question, prepared.headOf, prepared.lookups);
  const window = await readWindow(works, question.dataset, compiled.spec, { offset, limit }, options);
  return {
    bytes: encodeColumns(compiled.finish(window.numbers, window.taken, prepared.lookups)),
    coverage: coverageOf([window, ...prepared.contributions], { matching: window.matching }),
    current: window.current && isCurrent(prepared),
    heads: headsRead(prepared, window.head),
    background: [{ head: window.head, pages: window.background }],
  };
}

function aggregateOf(partial: Partial | undefined): AggregatePartial | undefined {
  if (partial === undefined || partial.kernel === 'aggregate') return partial;
  throw new ExaError('broken', 'A partial of another kernel came for an aggregate question.');
}

function isCurrent(prepared: Prepared): boolean {
  return [...prepared.heads.values()].every(({ current }) => current);
}

function headsRead(prepared: Prepared, main: Head): Head[] {
  const others = [...prepared.heads.values()].map(({ head }) => head).filter(({ id }) => id !== main.id);
  return [main, ...others];
}
