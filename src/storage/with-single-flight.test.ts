import { expect, test } from 'vitest';
import { isExaError } from '../protocol/errors.ts';
import { withSingleFlight } from './with-single-flight.ts';

/** Work that ends when told, and counts. */
function heldWork() {
  const started: {
    key: string;
    signal: AbortSignal;
    end: (value: string) => void;
    fail: (e: Error) => void;
  }[] = [];
  const ask = withSingleFlight<string>(
    (key, signal) => new Promise((end, fail) => started.push({ key, signal, end, fail })),
  );
  return { started, ask };
}

test('askers of one key share one piece of work; afterwards it is done anew', async () => {
  const { started, ask } = heldWork();
  const both = Promise.all([ask('a'), ask('a')]);
  expect(started).toHaveLength(1);
  started[0]!.end('1');
  expect(await both).toEqual(['1', '1']);
  const again = ask('a');
  expect(started).toHaveLength(2);
  started[1]!.end('2');
  expect(await again).toBe('2');
});

test('a failure reaches every asker and leaves no trace', async () => {
  const { started, ask } = heldWork();
  const both = Promise.allSettled([ask('a'), ask('a')]);
  started[0]!.fail(new Error('no'));
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const again = ask('a');
  started[1]!.end('yes');
  expect(await again).toBe('yes');
});

test('work is aborted only when the last asker has aborted', async () => {
  const { started, ask } = heldWork();
  const [one, two] = [new AbortController(), new AbortController()];
  const first = ask('a', { signal: one.signal });
  const second = ask('a', { signal: two.signal });
  one.abort();
  await expect(first).rejects.toSatisfy((error) => isExaError(error, 'cancelled'));
  expect(started[0]!.signal.aborted).toBe(false);
  two.abort();
  await expect(second).rejects.toSatisfy((error) => isExaError(error, 'cancelled'));
  expect(started[0]!.signal.aborted).toBe(true);
  // A new asker does not join work that is being given up.
  const third = ask('a');
  expect(started).toHaveLength(2);
  started[1]!.end('fresh');
  expect(await third).toBe('fresh');
});

test('one who has aborted before asking starts nothing', async () => {
  const { started, ask } = heldWork();
  await expect(ask('a', { signal: AbortSignal.abort() })).rejects.toSatisfy((e) =>
    isExaError(e, 'cancelled'),
  );
  expect(started).toHaveLength(0);
});

test('aborting after the answer does nothing', async () => {
  const { started, ask } = heldWork();
  const asker = new AbortController();
  const answer = ask('a', { signal: asker.signal });
  started[0]!.end('1');
  await answer;
  asker.abort();
  expect(started[0]!.signal.aborted).toBe(false);
});
