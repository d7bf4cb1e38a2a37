import { expect, test } from 'vitest';
import type { Change, Receipt } from '../protocol/change.ts';
import { ExaError } from '../protocol/errors.ts';
import { type OutboxOptions, openOutbox } from './open-outbox.ts';
import { memoryOutboxShelf, type OutboxShelf } from './outbox-shelf.ts';

const change = (n: number): Change => ({ kind: 'append', dataset: 't', rows: [{ n }] });
const rowOf = (sent: Change) => ('rows' in sent ? sent.rows[0]?.n : undefined);

/** A store that writes each key once and gives its receipt again. */
function fakeStore(fail: (n: unknown, tries: number) => ExaError | undefined = () => undefined) {
  const receipts = new Map<string, Receipt>();
  const written: unknown[] = [];
  const tries = new Map<unknown, number>();
  const send: OutboxOptions['send'] = async (sent, key) => {
    await Promise.resolve();
    const n = rowOf(sent);
    tries.set(n, (tries.get(n) ?? 0) + 1);
    const error = fail(n, tries.get(n)!);
    if (error) throw error;
    const receipt = receipts.get(key) ?? {
      version: receipts.size + 1,
      asOf: '',
      appended: 1,
      updated: 0,
      deleted: 0,
    };
    if (!receipts.has(key)) written.push(n);
    receipts.set(key, receipt);
    return receipt;
  };
  return { send, written, tries };
}

const quick = { retryMs: { first: 1, max: 2 }, random: () => 0 };

test('sends in order, one at a time, and forgets what is acknowledged', async () => {
  const { send, written } = fakeStore();
  const shelf = memoryOutboxShelf();
  const outbox = openOutbox({ shelf, send, ...quick });
  const counts: number[] = [];
  outbox.onWaiting((count) => counts.push(count));
  const results = [1, 2, 3].map((n) => outbox.add(change(n)));
  await Promise.all(results.map(({ kept }) => kept));
  expect((await Promise.all(results.map(({ stored }) => stored))).map(({ version }) => version)).toEqual([
    1, 2, 3,
  ]);
  expect(written).toEqual([1, 2, 3]);
  expect(await shelf.list()).toEqual([]);
  await outbox.close();
});

test('a change added again under its key, after its coordinator went, is stored once', async () => {
  const { send, written } = fakeStore((_, tries) => (tries <= 2 ? new ExaError('offline', 'no') : undefined));
  const shelf = memoryOutboxShelf();
  const silent = openOutbox({ shelf, send, ...quick });
  await silent.add(change(1), 'same').kept;
  await silent.close();
  const outbox = openOutbox({ shelf, send, ...quick });
  expect((await outbox.add(change(1), 'same').stored).version).toBe(1);
  await outbox.close();
  expect(written).toEqual([1]);
});

test('no connection, a full store and a bug only delay; order holds', async () => {
  const tags = ['offline', 'quota', 'broken', 'corrupt'] as const;
  const { send, written, tries } = fakeStore((n, t) =>
    n === 1 && t <= 4 ? new ExaError(tags[t - 1]!, 'no') : undefined,
  );
  const outbox = openOutbox({ shelf: memoryOutboxShelf(), send, ...quick });
  await Promise.all([outbox.add(change(1)).stored, outbox.add(change(2)).stored]);
  expect(written).toEqual([1, 2]);
  expect(tries.get(1)).toBe(5);
  await outbox.close();
});

test('what the store will never take is rejected with its sentence, and the queue moves on', async () => {
  const { send, written } = fakeStore((n) =>
    n === 1 ? new ExaError('invalid', 'There is no column n.') : undefined,
  );
  const shelf = memoryOutboxShelf();
  const outbox = openOutbox({ shelf, send, ...quick });
  const refused: string[] = [];
  outbox.onRefused((waiting, error) => refused.push(`${rowOf(waiting.change)}: ${error.message}`));
  const [first, second] = [outbox.add(change(1)), outbox.add(change(2))];
  await first.kept;
  await expect(first.stored).rejects.toMatchObject({ tag: 'invalid', message: 'There is no column n.' });
  await second.stored;
  expect(written).toEqual([2]);
  expect(refused).toEqual(['1: There is no column n.']);
  expect(await shelf.list()).toEqual([]);
  await outbox.close();
});

test('too many requests is a delay, not a refusal', async () => {
  const { send } = fakeStore((_, t) =>
    t === 1 ? new ExaError('refused', 'Slowly.', { facts: { status: 429 } }) : undefined,
  );
  const outbox = openOutbox({ shelf: memoryOutboxShelf(), send, ...quick });
  expect((await outbox.add(change(1)).stored).version).toBe(1);
  await outbox.close();
});

test('what a closed session left is sent by the next, with the same keys', async () => {
  const shelf = memoryOutboxShelf();
  const offline = openOutbox({
    shelf,
    send: async () => Promise.reject(new ExaError('offline', 'no')),
    ...quick,
  });
  const { kept, stored } = offline.add(change(1));
  await kept;
  const rejection = expect(stored).rejects.toMatchObject({ tag: 'cancelled' });
  await offline.close();
  await rejection;
  const keys: string[] = [];
  const { send } = fakeStore();
  const before = (await shelf.list()).map(({ idempotencyKey }) => idempotencyKey);
  const outbox = openOutbox({
    shelf,
    send: (sent, key, options) => {
      keys.push(key);
      return send(sent, key, options);
    },
    ...quick,
  });
  expect((await outbox.add(change(2)).stored).version).toBe(2);
  expect(keys[0]).toBe(before[0]);
  await outbox.close();
});

test('two tabs over one shelf: each write stored once, both told', async () => {
  const { send, written } = fakeStore();
  const shelf = memoryOutboxShelf();
  let last: Promise<unknown> = Promise.resolve();
  const alone = (work: () => Promise<void>) => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
  const tabs = [openOutbox({ shelf, send, alone, ...quick }), openOutbox({ shelf, send, alone, ...quick })];
  const all = Array.from({ length: 20 }, (_, n) => tabs[n % 2]!.add(change(n)).stored);
  const versions = (await Promise.all(all)).map(({ version }) => version);
  expect(new Set(versions).size).toBe(20);
  expect([...written].sort()).toEqual(Array.from({ length: 20 }, (_, n) => n).sort());
  await Promise.all(tabs.map((tab) => tab.close()));
});

test('two tabs that do not know of each other store nothing twice', async () => {
  const { send, written } = fakeStore();
  const shelf = memoryOutboxShelf();
  const tabs = [openOutbox({ shelf, send, ...quick }), openOutbox({ shelf, send, ...quick })];
  await Promise.all(Array.from({ length: 20 }, (_, n) => tabs[n % 2]!.add(change(n)).stored));
  expect(written).toHaveLength(20);
  await Promise.all(tabs.map((tab) => tab.close()));
});

test('a shelf that cannot keep rejects both promises and sends nothing', async () => {
  const { send, written } = fakeStore();
  const shelf: OutboxShelf = {
    ...memoryOutboxShelf(),
    add: () => Promise.reject(new ExaError('quota', 'There is no space left to keep data in this browser.')),
  };
  const outbox = openOutbox({ shelf, send, ...quick });
  const { kept, stored } = outbox.add(change(1));
  await expect(kept).rejects.toMatchObject({ tag: 'quota' });
  await expect(stored).rejects.toMatchObject({ tag: 'quota' });
  expect(written).toEqual([]);
  await outbox.close();
});

test('retry wakes it from a long pause', async () => {
  const { send } = fakeStore((_, t) => (t === 1 ? new ExaError('offline', 'no') : undefined));
  const outbox = openOutbox({ shelf: memoryOutboxShelf(), send, retryMs: { first: 1e8, max: 1e8 } });
  const { kept, stored } = outbox.add(change(1));
  await kept;
  await new Promise((resolve) => setTimeout(resolve, 20));
  outbox.retry();
  expect((await stored).version).toBe(1);
  await outbox.close();
});
