import { expect, test } from 'vitest';
import { ExaError } from '../protocol/errors.ts';
import type { AnswerEvent } from '../protocol/messages.ts';
import type { Connection, Contact } from './connection.ts';
import type { HeadBook } from './head-book.ts';
import { type Answered, liveQuestion } from './live-question.ts';

const question = {
  kind: 'rows' as const,
  dataset: 'orders',
  columns: [],
  offset: 0,
  limit: 10,
};
const offline = () => new ExaError('offline', 'This was not opened here before.');
const answered: Answered = {
  bytes: Uint8Array.of(1),
  coverage: {
    version: 1,
    asOf: '2026-01-01T00:00:00Z',
    settled: true,
    mixed: false,
    blocks: 1,
    blocksTotal: 1,
    rows: 1,
    rowsTotal: 1,
    approximate: [],
    from: 'store',
  } as unknown as Answered['coverage'],
  current: true,
  heads: [],
  background: [],
};

/** A question about something of which nothing is here; `contact` is made, or lost, while it is looked for. */
async function askedCold(becomes: Contact): Promise<AnswerEvent[]> {
  let contact: Contact = 'connecting';
  const changed = new Set<() => void>();
  const connection = {
    get contact() {
      return contact;
    },
    onChange(listener: () => void) {
      changed.add(listener);
      return () => changed.delete(listener);
    },
  } as unknown as Connection;
  const book = { known: async () => undefined, watch: () => () => {} } as unknown as HeadBook;
  const events: AnswerEvent[] = [];
  const live = liveQuestion(
    question as never,
    {
      async answer(_, { offline: here }) {
        if (!here) return answered;
        contact = becomes;
        for (const listener of changed) listener();
        throw offline();
      },
      book,
      connection,
      fetchBackground: async () => {},
      busy: () => {},
      after: (_, task) => {
        const timer = setTimeout(task);
        return () => clearTimeout(timer);
      },
    },
    () => {},
  );
  const told = new Promise<void>((resolve) => {
    const stop = live.subscribe((event) => {
      events.push(event);
      if (event.kind === 'answer' || becomes === 'offline') {
        resolve();
        setTimeout(() => stop());
      }
    });
  });
  await told;
  return events;
}

test('a store reached while nothing was found here is asked; nothing fails meanwhile', async () => {
  expect((await askedCold('live')).map(({ kind }) => kind)).toEqual(['answer']);
});

test('where nothing is here and the store is away, that is said', async () => {
  expect((await askedCold('offline'))[0]).toMatchObject({ kind: 'failed', error: { tag: 'offline' } });
});
