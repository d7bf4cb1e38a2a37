import { canonicalJson } from '../kernels/canonical-json.ts';
import type { PageCalls } from '../protocol/messages.ts';
import type { Question } from '../protocol/query.ts';
import { answerer, preparer } from './answerer.ts';
import { prepareBrush } from './brush-parts.ts';
import { buffersOf } from './compute-cube.ts';
import { type Shared, watching } from './coordinator.ts';
import { type LiveQuestion, liveQuestion } from './live-question.ts';
import { pageDesk } from './page-desk.ts';
import { computePool } from './pool.ts';
import type { Works } from './root-partial.ts';
import { type Handlers, transferring } from './rpc.ts';

/** One tab: its questions and the compute workers it lends. */
export interface Session {
  readonly handlers: Handlers<PageCalls>;
  /** Bytes its workers together may keep decoded. */
  budget(maxBytes: number): void;
  forget(dataset?: string): Promise<void>;
  close(): void;
}

const defaultSmallBytes = 4 * 2 ** 20;

/** `closed` is told once, when the tab is gone or said goodbye. */
export function openSession(shared: Shared, closed: () => void): Session {
  const { parts, book, connection, fetcher, shelf } = shared;
  const pool = computePool(parts.localCompute);
  const desk = pageDesk({ cache: parts.cache, fetcher, book, pool, writeBackMs: parts.writeBackMs });
  const works: Works = {
    fetcher,
    cache: parts.cache,
    book,
    shelf,
    pool,
    desk,
    smallBytes: parts.smallBytes ?? defaultSmallBytes,
    get budgetBytes() {
      return shared.budgetBytes();
    },
  };
  const dimensions = preparer(works);
  const answer = answerer(works, dimensions);
  const questions = new Map<string, LiveQuestion>();
  const life = new AbortController();
  let isClosed = false;

  const close = () => {
    if (isClosed) return;
    isClosed = true;
    life.abort();
    // Ends every call of this tab, and with them its questions.
    closed();
    desk.close();
    pool.close();
  };

  const questionFor = (question: Question): LiveQuestion => {
    const key = canonicalJson(question);
    const known = questions.get(key);
    if (known) return known;
    const live = liveQuestion(
      question,
      {
        answer,
        book,
        connection,
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
    hello({ lock }) {
      if (lock !== undefined && parts.whenFree) parts.whenFree(lock, life.signal).then(close, () => {});
      return { keeps: parts.keeps };
    },
    lend({ port }) {
      pool.add(parts.portWire(port));
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
    datasets: (_, { signal, next }) => watching(signal, next, (listener) => book.watchList(listener)),
    head: ({ dataset }, { signal, next }) =>
      watching(signal, next, (listener) =>
        book.watch(dataset, {
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
      const made = await prepareBrush(works, dimensions, request, {
        signal,
        progress: next,
        offline: connection.contact !== 'live',
      });
      return transferring(made, [...buffersOf(made.cubes), ...made.lookups.map(({ bytes }) => bytes.buffer)]);
    },
    async write({ change, key }, { next }) {
      const { kept, stored } = parts.outbox.add(change, key);
      stored.catch(() => {});
      await kept;
      next('kept');
      return stored;
    },
    async storage() {
      const report = await parts.cache.report();
      const names = new Map<string, string>();
      for (const { id } of report.datasets) {
        const booked = await book.known(id);
        names.set(id, booked?.head.name ?? id);
      }
      return {
        keeps: parts.keeps,
        maxBytes: report.maxBytes,
        bytes: report.bytes,
        datasets: report.datasets.map((entry) => ({ ...entry, name: names.get(entry.id) ?? entry.id })),
      };
    },
    async forget({ dataset }) {
      await shared.forget(dataset);
      return undefined;
    },
    retry() {
      connection.retry();
      parts.outbox.retry();
      for (const question of questions.values()) question.again();
      return undefined;
    },
  };

  return {
    handlers,
    budget: (maxBytes) => pool.budget(maxBytes),
    async forget(dataset) {
      desk.forget(dataset);
      if (pool.size > 0) await pool.all('forget', { dataset }).catch(() => {});
    },
    close,
  };
}
