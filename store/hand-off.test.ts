import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handOff } from './hand-off.ts';

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

describe('handOff', () => {
  it('gives what was sent, in order', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.integer()), async (sent) => {
        const got = await collect(
          handOff<number>(async (send) => {
            for (const value of sent) await send(value);
          }),
        );
        expect(got).toEqual(sent);
      }),
    ));

  it('makes nothing ahead of the taker', async () => {
    let made = 0;
    const values = handOff<number>(async (send) => {
      for (;;) await send(made++);
    });
    await values.next();
    await values.next();
    expect(made).toBe(2);
    await values.return(undefined);
  });

  it('stops the producer when the taker leaves, and waits for it', async () => {
    let stopped = false;
    const values = handOff<number>(async (send, signal) => {
      try {
        for (let i = 0; ; i++) await send(i);
      } finally {
        stopped = signal.aborted;
      }
    });
    for await (const value of values) if (value === 3) break;
    expect(stopped).toBe(true);
  });

  it('throws what the producer throws, after what it sent', async () => {
    const got: number[] = [];
    await expect(async () => {
      for await (const value of handOff<number>(async (send) => {
        await send(1);
        throw new Error('no more');
      }))
        got.push(value);
    }).rejects.toThrow('no more');
    expect(got).toEqual([1]);
  });
});
