import { canonicalJson } from '../kernels/canonical-json.ts';
import { isLocal } from '../protocol/local.ts';
import type { PageCalls } from '../protocol/messages.ts';
import { parseProfile } from '../protocol/parse-profile.ts';
import type { Question } from '../protocol/query.ts';
import { arrayHandlers } from './array-handlers.ts';
import { prepareBrush } from './brush-parts.ts';
import { buffersOf } from './compute-cube.ts';
import { type Shared, watching } from './coordinator.ts';
import { type Engine, engineOver } from './engine.ts';
import { type LiveQuestion, liveQuestion } from './live-question.ts';
import { computePool } from './pool.ts';
import { type Handlers, transferring } from './rpc.ts';
import { storageReport } from './storage-report.ts';
import { watchLists } from './watch-lists.ts';
import type { World } from './world.ts';

/** Estimated bytes of a data set that is brought here for later without being asked to. */
const defaultUnaskedBytes = 64 * 2 ** 20;

/** One tab: its questions and the compute workers it lends. */
export interface Session {
  readonly handlers: Handlers<PageCalls>;
  /** Bytes its workers together may keep decoded. */
  budget(maxBytes: number): void;
  forget(dataset?: string): Promise<void>;
  close(): void;
}

/** `closed` is told once, when the tab is gone or said goodbye. */
export function openSession(shared: Shared, closed: () => void): Session {
  const { parts, worldOf } = shared;
  const pool = computePool(parts.localCompute);
  const leaveFiles = parts.files?.join(pool);
  const { writeBackMs } = parts;
  const { budgetBytes } = shared;
  const engines = new Map<World, Engine>(
    shared.worlds.map((world) => [world, engineOver(world, pool, { writeBackMs, budgetBytes })]),
  );
  const engineOf = (dataset: string): Engine => engines.get(worldOf(dataset))!;
  const questions = new Map<string, LiveQuestion>();
  const life = new AbortController();
  let allLent = () => {};
  const lent = new Promise<void>((resolve) => {
    allLent = resolve;
  });
  let isClosed = false;

  const close = () => {
    if (isClosed) return;
    isClosed = true;
    life.abort();
    allLent();
    leaveFiles?.();
    // Ends every call of this tab, and with them its questions.
    closed();
    for (const { desk } of engines.values()) desk.close();
    pool.close();
  };

  const questionFor = (question: Question): LiveQuestion => {
    const key = canonicalJson(question);
    const known = questions.get(key);
    if (known) return known;
    const { world, desk, answer } = engineOf(question.dataset);
    const live = liveQuestion(
      question,
      {
        answer,
        book: world.book,
        connection: world.connection,
        busy: shared.busy,
        minIntervalMs: parts.minIntervalMs,
        backgroundAfterMs: parts.backgroundAfterMs,
        async fetchBackground(head, pages, signal) {
          // Another question may have brought some of them meanwhile.
          const columns = [...new Set(pages.map(({ column }) => column))];
          const blocks = new Set(pages.map(({ block }) => block));
          const held = await desk.held(head, columns, blocks);
          const missing = pages.filter(({ block, column }) => held(block, column) === undefined);
          await desk.fetch(head, missing, { priority: 'background', signal });
        },
      },
      () => {
        if (questions.get(key) === live) questions.delete(key);
      },
    );
    questions.set(key, live);
    return live;
  };

  const handlers: Handlers<PageCalls> = {
    ...arrayHandlers({ worlds: shared.worlds, worldOf, pool, busy: shared.busy }),
    hello({ lock }) {
      if (lock !== undefined && parts.whenFree) parts.whenFree(lock, life.signal).then(close, () => {});
      return { keeps: parts.keeps };
    },
    lend({ port }) {
      pool.add(parts.portWire(port));
      return undefined;
    },
    lending: (_, { signal, next }) =>
      new Promise((resolve) => {
        pool.lender(() => {
          next(undefined);
          return lent;
        });
        signal.addEventListener('abort', () => resolve(undefined), { once: true });
      }),
    lent() {
      allLent();
      return undefined;
    },
    ping: () => undefined,
    bye() {
      close();
      return undefined;
    },
    status: (_, { signal, next }) =>
      new Promise((resolve) => {
        let last = '';
        const tell = () => {
          const status = shared.status();
          const text = JSON.stringify(status);
          if (text !== last) next(status);
          last = text;
        };
        tell();
        const stop = shared.onStatus(tell);
        signal.addEventListener('abort', () => {
          stop();
          resolve(undefined);
        });
      }),
    datasets: (_, { signal, next }) =>
      watching(signal, next, (listener) => watchLists(shared.worlds, listener)),
    head: ({ dataset }, { signal, next }) =>
      watching(signal, next, (listener) =>
        worldOf(dataset).book.watch(dataset, {
          changed: ({ head }) => listener.changed(head),
          failed: listener.failed,
        }),
      ),
    subscribe: ({ question }, { signal, next }) =>
      new Promise((resolve) => {
        const stop = questionFor(question).subscribe((event) => {
          if (event.kind !== 'answer') return next(event);
          const bytes = event.bytes.slice();
          next(transferring({ ...event, bytes }, [bytes.buffer]));
        });
        signal.addEventListener('abort', () => {
          stop();
          resolve(undefined);
        });
      }),
    async brush({ request }, { signal, next }) {
      const { world, works, dimensions } = engineOf(request.dataset);
      const made = await prepareBrush(works, dimensions, request, {
        signal,
        progress: next,
        offline: world.connection.contact !== 'live',
      });
      return transferring(made, [...buffersOf(made.cubes), ...made.lookups.map(({ bytes }) => bytes.buffer)]);
    },
    async bringAlong({ dataset, whole }, { signal, next }) {
      const { world, works } = engineOf(dataset);
      // What is kept on this device is all here.
      if (isLocal(dataset)) return undefined;
      const { bringAlong } = await import('./bring-along.ts');
      await bringAlong(
        dataset,
        {
          works,
          isIdle: () => world.connection.contact === 'live' && shared.status().connection === 'live',
          onIdle: shared.onStatus,
          maxBytes: () =>
            whole ? budgetBytes() : Math.min(parts.unaskedBytes ?? defaultUnaskedBytes, budgetBytes()),
          quietMs: parts.quietMs,
        },
        { signal, told: next },
      );
      return undefined;
    },
    views: (_, { signal, next }) => watching(signal, next, (listener) => shared.keep.watch(listener)),
    async saveView({ view, place }) {
      await shared.keep.save(view, place);
      return undefined;
    },
    async removeView({ id, place }) {
      await shared.keep.remove(id, place);
      return undefined;
    },
    async pinView({ id, pinned }) {
      await shared.keep.pin(id, pinned);
      return undefined;
    },
    cite: ({ request }) => shared.keep.cite(request),
    async keepCitation({ citation }) {
      await shared.keep.keepCitation(citation);
      return undefined;
    },
    citation: ({ id }) => shared.keep.citation(id),
    async planExport({ question }, { signal }) {
      const { works, dimensions } = engineOf(question.dataset);
      const { planExport } = await import('./export-rows.ts');
      const plan = await planExport(works, dimensions, question, { signal });
      return transferring(plan, [plan.empty.buffer]);
    },
    async exportPart({ question, epoch, block }, { signal }) {
      const { works, dimensions } = engineOf(question.dataset);
      const { exportBlock, exportSorted } = await import('./export-rows.ts');
      const part = await (block === undefined
        ? exportSorted(works, dimensions, { question, epoch }, { signal })
        : exportBlock(works, dimensions, { question, epoch, block }, { signal }));
      return part && transferring(part, [part.bytes.buffer]);
    },
    async write({ change, key }, { next }) {
      const { outbox, book } = worldOf(change.dataset);
      const { kept, stored } = outbox.add(change, key);
      stored.catch(() => {});
      await kept;
      if (change.kind === 'profile') book.expect(change.dataset, parseProfile(change.profile, 'profile'));
      next('kept');
      return stored;
    },
    ...shared.fits.handlers({ engineOf, pool, isClosed: () => isClosed }),
    token({ token }) {
      parts.tokens?.set(token);
      return undefined;
    },
    spent: (_, { signal, next }) =>
      new Promise((resolve) => {
        const stop = parts.tokens?.onSpent((token) => next(token === undefined ? {} : { token }));
        signal.addEventListener('abort', () => {
          stop?.();
          resolve(undefined);
        });
      }),
    async end() {
      await shared.end();
      return undefined;
    },
    storage: () => storageReport(parts, worldOf),
    async forget({ dataset }) {
      await shared.forget(dataset);
      return undefined;
    },
    async drop({ dataset }) {
      await shared.drop(dataset);
      return undefined;
    },
    retry() {
      for (const { connection, outbox } of shared.worlds) {
        connection.retry();
        outbox.retry();
      }
      for (const question of questions.values()) question.again();
      return undefined;
    },
  };

  return {
    handlers,
    budget: (maxBytes) => pool.budget(maxBytes),
    async forget(dataset) {
      for (const { desk } of engines.values()) desk.forget(dataset);
      if (pool.size > 0) await pool.all('forget', { dataset }).catch(() => {});
    },
    close,
  };
}
