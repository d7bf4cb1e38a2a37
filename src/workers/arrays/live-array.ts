import { needsOf } from '../../arrays/array-answer.ts';
import type { LevelGrid } from '../../arrays/pyramid/level-grid.ts';
import { gridsOf } from '../../arrays/pyramid/picture.ts';
import { coarserPlan } from '../../arrays/pyramid/view-plan.ts';
import type { ArrayHead } from '../../protocol/array.ts';
import type { ArrayCoverage, PictureQuestion } from '../../protocol/array-client.ts';
import type { ArrayAnswer, ArrayEvent, ArrayQuestion, BareAnswer } from '../../protocol/array-messages.ts';
import { ExaError, isExaError, toExaError, toWireError } from '../../protocol/errors.ts';
import type { BookedArray } from './array-book.ts';
import type { ArrayWorld } from './array-world.ts';
import type { HereChunk } from './chunk-desk.ts';

export interface LiveArrayParts {
  readonly world: ArrayWorld;
  /** Makes the answer in a compute worker. */
  readonly compute: (
    head: ArrayHead,
    question: ArrayQuestion,
    chunks: readonly HereChunk[],
    signal: AbortSignal,
  ) => Promise<BareAnswer>;
  /** Told when work begins and ends, for the status. */
  readonly busy: (working: boolean) => void;
  readonly after?: (ms: number, task: () => void) => () => void;
  /** Least time between two unfinished answers, in ms. */
  readonly sharpenMs?: number;
  /** Least time between the starts of two runs, in ms. */
  readonly minIntervalMs?: number;
  readonly now?: () => number;
}

/** Chunks of coarser levels looked for to draw at once. */
const mostCoarse = 16;

/**
 * A question about an array kept answered: at once with what is here, coarse as it may be, then with what comes, and again
 * when chunks it reads change. The returned function ends it and aborts its work.
 */
export function liveArray(
  question: ArrayQuestion,
  parts: LiveArrayParts,
  tell: (event: ArrayEvent) => void,
): () => void {
  const { world, compute, busy, after = later, now = () => performance.now() } = parts;
  const { sharpenMs = 60, minIntervalMs = 100 } = parts;
  const { book, desk, connection } = world;
  const life = new AbortController();
  let run = new AbortController();
  let running = false;
  let wanted = false;
  let startedAt = Number.NEGATIVE_INFINITY;
  let cancelTimer: (() => void) | undefined;
  let answered = false;
  /** The head the answer was last made with, and whether all of it was current. */
  let made: { readonly booked: BookedArray; isSettled: boolean } | undefined;

  const emit = async (
    booked: BookedArray,
    chunks: readonly HereChunk[],
    total: number,
    level: number,
    signal: AbortSignal,
  ) => {
    const bare = await compute(booked.head, question, chunks, signal);
    if (signal.aborted) return;
    answered = true;
    const coverage = coverageOf(
      booked,
      chunks.filter((chunk) => chunk.level === level),
      total,
    );
    tell({ kind: 'answer', answer: { ...bare, coverage } as ArrayAnswer });
  };

  const answer = async (signal: AbortSignal): Promise<void> => {
    const isAway = connection.contact === 'offline';
    let booked = await book.known(question.array);
    if (!isAway && (connection.contact === 'live' || !booked)) {
      // What is known serves for a first picture while the head is read again.
      if (booked && !booked.current && !answered) await answerHere(booked, signal, true).catch(() => {});
      booked = await book.current(question.array, signal);
    }
    if (!booked)
      throw new ExaError(
        'offline',
        'This array was not opened here before, and the store cannot be reached.',
      );
    const isWhole = await answerHere(booked, signal, !isAway);
    if (isWhole) prefetch(booked, signal);
  };

  /** Whether every chunk was current. Throws when nothing is here and nothing can come. */
  const answerHere = async (
    booked: BookedArray,
    signal: AbortSignal,
    mayFetch: boolean,
  ): Promise<boolean> => {
    const { head } = booked;
    const grids = gridsOf(head);
    const { level, places } = needsOf(head, grids, question);
    // The level with one chunk says where there is data at all: what is a hole need not be asked for.
    if (level < grids.length - 1) await desk.here(booked, grids.length - 1, topPlaces(grids));
    const held = await desk.here(booked, level, places);
    const here = new Map<string, HereChunk>();
    for (const chunk of held) if (chunk) here.set(chunk.place.join(), chunk);
    const total = places.length;
    const isCurrent = held.every((chunk) => chunk?.current);
    const coarse = here.size === total ? [] : await coarserHere(booked, grids, level);
    const all = () => [...here.values(), ...coarse];
    made = { booked, isSettled: isCurrent && booked.current };
    if (here.size > 0 || coarse.length > 0 || total === 0) {
      // What merely may have changed is shown only where nothing is shown yet.
      if (isCurrent || !answered || !mayFetch) await emit(booked, all(), total, level, signal);
    } else if (!mayFetch)
      throw new ExaError(
        'offline',
        'This part of the array was not opened here before, and the store cannot be reached.',
      );
    if (isCurrent || !mayFetch || !booked.current) return isCurrent;
    let done = held.filter((chunk) => chunk?.current).length;
    let lastTold = now();
    let telling: Promise<void> = Promise.resolve();
    const top =
      coarse.length === 0 && here.size < total && level < grids.length - 1 && question.kind !== 'window'
        ? topPlaces(grids).slice(0, 1)
        : [];
    const fetching = [
      ...top.map((place) => ({ level: grids.length - 1, place })),
      ...places.filter((_, i) => !held[i]?.current).map((place) => ({ level, place })),
    ].map(async (want) => {
      const chunk = await desk.fetch(booked, want.level, want.place, { signal });
      if (want.level === level) {
        here.set(chunk.place.join(), chunk);
        done++;
      } else coarse.push(chunk);
      tell({ kind: 'progress', done: done / Math.max(1, total) });
      if (here.size < total && now() - lastTold >= (answered ? sharpenMs : 0)) {
        lastTold = now();
        telling = telling.then(() => emit(booked, all(), total, level, signal));
        await telling;
      }
    });
    const outcomes = await Promise.allSettled(fetching);
    await telling.catch(() => {});
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw toExaError(failed.reason);
    await emit(booked, all(), total, level, signal);
    made = { booked, isSettled: true };
    return true;
  };

  /** Chunks of coarser levels that are here, up to the first level that has all of them. */
  const coarserHere = async (
    booked: BookedArray,
    grids: readonly LevelGrid[],
    level: number,
  ): Promise<HereChunk[]> => {
    if (question.kind !== 'picture') return [];
    const found: HereChunk[] = [];
    for (let below = level; below < grids.length - 1; below++) {
      const plan = coarserPlan(grids, question, below);
      if (!plan || plan.chunks.length > mostCoarse) continue;
      const here = await desk.here(booked, plan.level, plan.chunks);
      for (const chunk of here) if (chunk) found.push(chunk);
      if (here.every((chunk) => chunk !== undefined)) break;
    }
    return found;
  };

  /** What may be looked at next: the level above, and where the picture is moving. */
  const prefetch = (booked: BookedArray, signal: AbortSignal) => {
    if (question.kind !== 'picture' || connection.contact !== 'live') return;
    const grids = gridsOf(booked.head);
    const { level } = needsOf(booked.head, grids, question);
    const above = coarserPlan(grids, question, level);
    const next = question.ahead?.some((way) => way !== 0)
      ? needsOf(booked.head, grids, { ...question, ...shifted(question) })
      : undefined;
    const wants = [
      ...(above && above.chunks.length <= mostCoarse
        ? above.chunks.map((place) => ({ level: above.level, place }))
        : []),
      ...(next ? next.places.map((place) => ({ level: next.level, place })) : []),
    ];
    for (const { level: of, place } of wants)
      desk.fetch(booked, of, place, { tier: 'ahead', signal }).catch(() => {});
  };

  const start = async () => {
    if (life.signal.aborted) return;
    running = true;
    wanted = false;
    startedAt = now();
    run = new AbortController();
    const signal = AbortSignal.any([run.signal, life.signal]);
    busy(true);
    try {
      await answer(signal);
    } catch (cause) {
      const error = toExaError(cause);
      if (signal.aborted || error.tag === 'cancelled') {
        // Ended, or begun anew.
      } else if (error.tag === 'gone') {
        await book.refresh(question.array).catch(() => {});
        wanted = true;
      } else tell({ kind: 'failed', error: toWireError(error) });
    } finally {
      running = false;
      busy(false);
      if (wanted) schedule();
    }
  };

  const schedule = () => {
    if (life.signal.aborted) return;
    wanted = true;
    if (running || cancelTimer) return;
    cancelTimer = after(Math.max(0, startedAt + minIntervalMs - now()), () => {
      cancelTimer = undefined;
      void start();
    });
  };

  const unwatch = book.watch(question.array, {
    changed(booked) {
      if (!made) return;
      const { head, current } = made.booked;
      if (booked.head.epoch !== head.epoch || booked.head.version !== head.version) schedule();
      else if (booked.current && !current && !running) schedule();
    },
    failed(error) {
      if (isExaError(error, 'missing', 'refused')) tell({ kind: 'failed', error: toWireError(error) });
    },
  });
  let contact = connection.contact;
  const uncontact = connection.onChange(() => {
    if (connection.contact === contact) return;
    contact = connection.contact;
    if (!made?.isSettled || contact === 'live') schedule();
  });
  void start();

  return () => {
    life.abort();
    cancelTimer?.();
    unwatch();
    uncontact();
  };
}

function topPlaces(grids: readonly LevelGrid[]): number[][] {
  const { grid } = grids.at(-1)!;
  return grid.every((count) => count === 1) ? [grid.map(() => 0)] : [];
}

function shifted({ start, end, ahead = [] }: PictureQuestion): Pick<PictureQuestion, 'start' | 'end'> {
  const by = start.map((at, axis) => BigInt(Math.sign(ahead[axis] ?? 0)) * (end[axis]! - at));
  return {
    start: start.map((at, axis) => at + by[axis]!),
    end: end.map((at, axis) => at + by[axis]!),
  };
}

function coverageOf({ head }: BookedArray, chunks: readonly HereChunk[], total: number): ArrayCoverage {
  const isWhole = chunks.length === total;
  const older = chunks.filter((chunk) => !chunk.current).length;
  const stored = chunks.filter((chunk) => chunk.from === 'store').length;
  return {
    version: head.version,
    asOf: head.asOf,
    settled: isWhole && older === 0,
    mixed: older > 0,
    chunks: chunks.length,
    chunksTotal: total,
    from: stored === 0 ? 'cache' : stored === chunks.length ? 'store' : 'mixed',
  };
}

function later(ms: number, task: () => void): () => void {
  const timer = setTimeout(task, ms);
  return () => clearTimeout(timer);
}
