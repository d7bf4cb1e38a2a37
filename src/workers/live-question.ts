import type { Coverage } from '../protocol/answer.ts';
import { ExaError, isExaError, toExaError, toWireError } from '../protocol/errors.ts';
import type { Head } from '../protocol/head.ts';
import type { AnswerEvent } from '../protocol/messages.ts';
import type { Question } from '../protocol/query.ts';
import { backoffMs } from '../storage/backoff.ts';
import type { Connection, Contact } from './connection.ts';
import type { HeadBook } from './head-book.ts';
import type { PageStep } from './plan.ts';

/** Of answers from the store, time between the starts of two: a multiple of what the last one took, up to `maxRestMs`. */
const restFactor = 5;
const maxRestMs = 5000;

/** One answer as far as it goes. */
export interface Answered {
  readonly bytes: Uint8Array;
  readonly coverage: Coverage;
  /** All heads it read were known to be the newest. */
  readonly current: boolean;
  /** Heads it read: when one of them changes, the question is answered again. */
  readonly heads: readonly Head[];
  /** Pages worth fetching while the question is watched. */
  readonly background: readonly { readonly head: Head; readonly pages: readonly PageStep[] }[];
}

export type Answerer = (
  question: Question,
  options: {
    readonly signal: AbortSignal;
    readonly offline: boolean;
    readonly progress: (done: number) => void;
  },
) => Promise<Answered>;

export interface LiveParts {
  readonly answer: Answerer;
  readonly book: HeadBook;
  readonly connection: Connection;
  readonly fetchBackground: (head: Head, pages: readonly PageStep[], signal: AbortSignal) => Promise<void>;
  /** Told when work begins and ends, for the status. */
  readonly busy: (working: boolean) => void;
  readonly after?: (ms: number, task: () => void) => () => void;
  /** Least time between the starts of two answers, in ms. */
  readonly minIntervalMs?: number;
  readonly backgroundAfterMs?: number;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
  readonly random?: () => number;
}

/** One question with all its subscribers: answered now, and again whenever what it read changes. */
export interface LiveQuestion {
  subscribe(listener: (event: AnswerEvent) => void): () => void;
  readonly subscribers: number;
  /** Answers again now. */
  again(): void;
}

/** Ends, and aborts its work, with its last subscriber: `ended` is told. */
export function liveQuestion(question: Question, parts: LiveParts, ended: () => void): LiveQuestion {
  const { answer, book, connection, busy, after = later, now = () => performance.now() } = parts;
  const { minIntervalMs = 150, backgroundAfterMs = 400, random = Math.random } = parts;
  const listeners = new Set<(event: AnswerEvent) => void>();
  const watched = new Map<string, { stop: () => void; head: Head | undefined }>();
  const life = new AbortController();
  let last: Extract<AnswerEvent, { kind: 'answer' }> | undefined;
  let lastFailure: Extract<AnswerEvent, { kind: 'failed' }> | undefined;
  let failures = 0;
  let contact: Contact = connection.contact;
  let running = false;
  let wanted = false;
  let startedAt = Number.NEGATIVE_INFINITY;
  /** What took the store long is not asked again at once: data that change all the time must not keep it busy. */
  let restMs = 0;
  let cancelTimer: (() => void) | undefined;
  let isFetching = false;

  const tell = (event: AnswerEvent) => {
    for (const listener of [...listeners]) listener(event);
  };

  /** Heads as an answer read them: only what differs from that is news. */
  const watch = (heads: readonly Head[]) => {
    for (const head of heads) {
      const entry = watchDataset(head.id);
      entry.head = head;
      // It may have moved on while it was read.
      void book.known(head.id).then((booked) => {
        if (booked && entry.head === head && !isSameTable(booked.head, head)) schedule();
      });
    }
  };

  const watchDataset = (id: string): { stop: () => void; head: Head | undefined } => {
    const known = watched.get(id);
    if (known) return known;
    const entry = { stop: () => {}, head: undefined as Head | undefined };
    watched.set(id, entry);
    entry.stop = book.watch(id, {
      changed: ({ head, current }) => {
        const before = entry.head;
        entry.head = head;
        const isNews = !before || !isSameTable(before, head);
        if (isNews || (current && last?.final === false)) schedule();
      },
      failed: (error) => {
        if (!isExaError(error, 'missing', 'refused')) return;
        lastFailure = { kind: 'failed', error: toWireError(error) };
        tell(lastFailure);
      },
    });
    return entry;
  };

  const schedule = () => {
    if (life.signal.aborted) return;
    wanted = true;
    if (running || cancelTimer) return;
    const wait = Math.max(0, startedAt + Math.max(minIntervalMs, restMs) - now());
    cancelTimer = after(wait, () => {
      cancelTimer = undefined;
      void run();
    });
  };

  const emit = (answered: Answered) => {
    const { contact } = connection;
    const final = contact === 'offline' || (contact === 'live' && answered.current);
    last = { kind: 'answer', bytes: answered.bytes, coverage: answered.coverage, final };
    lastFailure = undefined;
    if (final) failures = 0;
    tell(last);
  };

  const run = async () => {
    if (life.signal.aborted) return;
    running = true;
    wanted = false;
    startedAt = now();
    const { signal } = life;
    const progress = (done: number) => tell({ kind: 'progress', done });
    busy(true);
    try {
      watchDataset(question.dataset);
      // Until it is known whether the store is there, nothing is asked of it, however new the head is.
      if (connection.contact !== 'live') await fromHere(signal, progress);
      else {
        try {
          const answered = await answer(question, { signal, offline: false, progress });
          const isRemote = answered.coverage.from === 'store';
          restMs = isRemote ? Math.min(maxRestMs, restFactor * (now() - startedAt)) : 0;
          watch(answered.heads);
          emit(answered);
          prefetch(answered);
        } catch (error) {
          if (!isExaError(error, 'offline', 'broken', 'corrupt')) throw error;
          if (isExaError(error, 'offline'))
            await fromHere(signal, progress).catch((nothing: unknown) => {
              // Nothing here: why the store did not answer says more.
              throw isExaError(nothing, 'offline') ? error : nothing;
            });
          else {
            await fromHere(signal, progress).catch(() => {});
            throw error;
          }
        }
      }
    } catch (error) {
      fail(toExaError(error));
    } finally {
      running = false;
      busy(false);
      if (wanted) schedule();
    }
  };

  /**
   * Whatever is here; while the first contact is still being made, having nothing is no failure: it is none either when
   * the store was reached meanwhile, as it is asked next.
   */
  const fromHere = async (signal: AbortSignal, progress: (done: number) => void) => {
    const before = connection.contact;
    try {
      const answered = await answer(question, { signal, offline: true, progress });
      watch(answered.heads);
      if (answered.coverage.blocks === 0 && answered.coverage.blocksTotal > 0)
        throw new ExaError('offline', 'This was not opened here before, and the store cannot be reached.');
      emit(answered);
    } catch (error) {
      const isUndecided = before === 'connecting' && connection.contact !== 'offline';
      if (!isUndecided || !isExaError(error, 'offline')) throw error;
      // Nothing was asked of the store so far: it need not rest.
      startedAt = Number.NEGATIVE_INFINITY;
    }
  };

  const fail = (error: ExaError) => {
    if (error.tag === 'cancelled') return;
    if (error.tag === 'conflict') {
      wanted = true;
      return;
    }
    if (error.tag === 'broken' || error.tag === 'corrupt') {
      failures++;
      after(backoffMs(failures, { firstMs: 2000, maxMs: 60_000, random }), schedule);
    }
    lastFailure = { kind: 'failed', error: toWireError(error) };
    tell(lastFailure);
  };

  /** One at a time, to its end: an answer made again meanwhile does not begin it anew. */
  const prefetch = (answered: Answered) => {
    const pages = answered.background.filter((entry) => entry.pages.length > 0);
    if (pages.length === 0 || isFetching) return;
    isFetching = true;
    const { signal } = life;
    after(backgroundAfterMs, async () => {
      if (!signal.aborted)
        await Promise.allSettled(
          pages.map(({ head, pages: steps }) => parts.fetchBackground(head, steps, signal)),
        );
      isFetching = false;
    });
  };

  const unwatchConnection = connection.onChange(() => {
    if (connection.contact === contact) return;
    contact = connection.contact;
    if (!last?.final || lastFailure) schedule();
  });

  const end = () => {
    life.abort();
    cancelTimer?.();
    cancelTimer = undefined;
    unwatchConnection();
    for (const { stop } of watched.values()) stop();
    watched.clear();
    ended();
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (last) listener(last);
      if (lastFailure) listener(lastFailure);
      if (listeners.size === 1 && !last) schedule();
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        listeners.delete(listener);
        if (listeners.size === 0) end();
      };
    },
    get subscribers() {
      return listeners.size;
    },
    again: schedule,
  };
}

function isSameTable(a: Head, b: Head): boolean {
  return (
    a.epoch === b.epoch &&
    a.allocated === b.allocated &&
    a.profile === b.profile &&
    a.columns === b.columns &&
    a.revisions.length === b.revisions.length &&
    a.revisions.every((revision, block) => revision === b.revisions[block])
  );
}

function later(ms: number, task: () => void): () => void {
  const timer = setTimeout(task, ms);
  return () => clearTimeout(timer);
}
