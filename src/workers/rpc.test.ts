import { describe, expect, it } from 'vitest';
import { ExaError, toExaError } from '../protocol/errors.ts';
import { callerOver, serve, transferring, type Wire, wireOf } from './rpc.ts';

interface Calls {
  double: { ask: number; next: never; done: number };
  count: { ask: number; next: number; done: string };
  fail: { ask: undefined; next: never; done: undefined };
  hang: { ask: undefined; next: never; done: undefined };
  bytes: { ask: Uint8Array; next: never; done: Uint8Array };
}

function pair(): [Wire, Wire] {
  const { port1, port2 } = new MessageChannel();
  return [wireOf(port1), wireOf(port2)];
}

function open(aborted: () => void = () => {}) {
  const [near, far] = pair();
  const stop = serve<Calls>(far, {
    double: (value) => value * 2,
    count: async (to, { next }) => {
      for (let i = 0; i < to; i++) next(i);
      return 'counted';
    },
    fail() {
      throw new ExaError('invalid', 'That is wrong.', { facts: { column: 'x' } });
    },
    hang: (_, { signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          aborted();
          resolve(undefined);
        });
      }),
    bytes: (bytes) => transferring(bytes, [bytes.buffer]),
  });
  return { caller: callerOver<Calls>(near), stop, near };
}

describe('calls over a wire', () => {
  it('answers each call once, with what was announced before', async () => {
    const { caller } = open();
    const seen: number[] = [];
    const answers = await Promise.all([
      caller.call('double', 21),
      caller.call('count', 3, { next: (value) => seen.push(value) }),
    ]);
    expect(answers).toEqual([42, 'counted']);
    expect(seen).toEqual([0, 1, 2]);
    expect(caller.pending).toBe(0);
    caller.close(new ExaError('cancelled', 'done'));
  });

  it('sends what one task asks and takes back as one message, and lets what can not be sent fail alone', async () => {
    const { caller, near } = open();
    const posted: unknown[] = [];
    const { post } = near;
    near.post = (message, transfer) => {
      posted.push(message);
      post(message, transfer);
    };
    const controller = new AbortController();
    const hanging = caller.call('hang', undefined, { signal: controller.signal }).catch(toExaError);
    controller.abort();
    const answers = await Promise.all([caller.call('double', 1), caller.call('double', 2)]);
    expect(await hanging).toMatchObject({ tag: 'cancelled' });
    expect(answers).toEqual([2, 4]);
    expect(posted).toHaveLength(1);
    const unfit = caller.call('double', (() => 1) as unknown as number).catch(toExaError);
    expect(await caller.call('double', 3)).toBe(6);
    expect(await unfit).toMatchObject({ tag: 'broken' });
    caller.close(new ExaError('cancelled', 'done'));
  });

  it('keeps tag and facts of an error', async () => {
    const { caller } = open();
    const error = await caller.call('fail', undefined).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ tag: 'invalid', message: 'That is wrong.', facts: { column: 'x' } });
    caller.close(new ExaError('cancelled', 'done'));
  });

  it('moves buffers instead of copying them', async () => {
    const { caller } = open();
    const bytes = new Uint8Array([1, 2, 3]);
    const answer = await caller.call('bytes', bytes, { transfer: [bytes.buffer] });
    expect([...answer]).toEqual([1, 2, 3]);
    expect(bytes.byteLength).toBe(0);
    caller.close(new ExaError('cancelled', 'done'));
  });

  it('aborts to the other side and forgets the call', async () => {
    let aborts = 0;
    const { caller } = open(() => aborts++);
    const controller = new AbortController();
    const call = caller.call('hang', undefined, { signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject({ tag: 'cancelled' });
    await caller.call('double', 1);
    expect(aborts).toBe(1);
    expect(caller.pending).toBe(0);
    caller.close(new ExaError('cancelled', 'done'));
  });

  it('drains every open call when closed, and refuses later ones', async () => {
    const { caller } = open();
    const calls = [caller.call('hang', undefined), caller.call('hang', undefined)];
    caller.close(new ExaError('gone', 'The worker stopped.'));
    for (const call of calls) await expect(call).rejects.toMatchObject({ tag: 'gone' });
    await expect(caller.call('double', 1)).rejects.toMatchObject({ tag: 'gone' });
  });

  it('says so when there is no such call or the argument cannot be cloned', async () => {
    const { caller } = open();
    const strange = caller as unknown as { call(name: string, ask: unknown): Promise<unknown> };
    await expect(strange.call('toString', 1)).rejects.toMatchObject({ tag: 'broken' });
    await expect(strange.call('double', () => 1)).rejects.toMatchObject({ tag: 'broken' });
    expect(caller.pending).toBe(0);
    caller.close(new ExaError('cancelled', 'done'));
  });
});
