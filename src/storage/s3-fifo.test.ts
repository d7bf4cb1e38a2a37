import fc from 'fast-check';
import { expect, test } from 'vitest';
import { S3Fifo } from './s3-fifo.ts';

interface Thing {
  slot: string;
  bytes: number;
  uses: number;
}

/** The same policy written slowly, with lists and sums made anew. */
class SlowTwin {
  small: Thing[] = [];
  main: Thing[] = [];
  ghost: Thing[] = [];

  readonly maxBytes: number;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  use(slot: string): void {
    for (const thing of [...this.small, ...this.main])
      if (thing.slot === slot && thing.uses < 3) thing.uses++;
  }

  remove(slot: string): void {
    this.small = this.small.filter((thing) => thing.slot !== slot);
    this.main = this.main.filter((thing) => thing.slot !== slot);
  }

  put(slot: string, bytes: number): string[] {
    if (bytes > this.maxBytes) {
      this.remove(slot);
      return [slot];
    }
    const here = [...this.small, ...this.main].find((thing) => thing.slot === slot);
    if (here) here.bytes = bytes;
    else if (this.ghost.some((thing) => thing.slot === slot)) {
      this.ghost = this.ghost.filter((thing) => thing.slot !== slot);
      this.main.push({ slot, bytes, uses: 0 });
    } else this.small.push({ slot, bytes, uses: 0 });
    const evicted: string[] = [];
    while (sum(this.small) + sum(this.main) > this.maxBytes) {
      if (this.small.length > 0 && (this.main.length === 0 || sum(this.small) * 10 > this.maxBytes)) {
        const thing = this.small.shift()!;
        if (thing.uses > 1) this.main.push({ ...thing, uses: 0 });
        else {
          evicted.push(thing.slot);
          this.ghost.push(thing);
          while (sum(this.ghost) > this.maxBytes * 0.9) this.ghost.shift();
        }
      } else {
        const thing = this.main.shift()!;
        if (thing.uses > 0) this.main.push({ ...thing, uses: thing.uses - 1 });
        else evicted.push(thing.slot);
      }
    }
    return evicted;
  }
}

function sum(things: readonly Thing[]): number {
  return things.reduce((bytes, thing) => bytes + thing.bytes, 0);
}

const step = fc.record({
  act: fc.constantFrom('put', 'put', 'use', 'use', 'remove'),
  slot: fc.integer({ min: 0, max: 30 }).map(String),
  bytes: fc.integer({ min: 0, max: 130 }),
});

test('evicts what the slow twin evicts, in the same order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const fast = new S3Fifo(100);
      const slow = new SlowTwin(100);
      for (const { act, slot, bytes } of steps) {
        if (act === 'put') expect(fast.put(slot, bytes, 1)).toEqual(slow.put(slot, bytes));
        else {
          fast[act === 'use' ? 'use' : 'remove'](slot);
          slow[act === 'use' ? 'use' : 'remove'](slot);
        }
        expect(fast.bytes).toBe(sum(slow.small) + sum(slow.main));
        expect(fast.bytes).toBeLessThanOrEqual(100);
        expect(fast.slots()).toEqual([...slow.small, ...slow.main].map((thing) => thing.slot));
      }
    }),
  );
});

test('what was saved is restored', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const before = new S3Fifo(100);
      for (const { act, slot, bytes } of steps)
        if (act === 'put') before.put(slot, bytes, bytes * 3);
        else before.use(slot);
      const after = new S3Fifo(100);
      expect(after.restore(before.state())).toEqual([]);
      expect(after.state()).toEqual(before.state());
      expect(after.bytes).toBe(before.bytes);
    }),
  );
});

test('a scan of things used once does not push out what is used again', () => {
  const cache = new S3Fifo(1_000);
  for (let i = 0; i < 8; i++) cache.put(`hot${i}`, 100, 1);
  for (let round = 0; round < 3; round++) for (let i = 0; i < 8; i++) cache.use(`hot${i}`);
  for (let i = 0; i < 500; i++) cache.put(`scan${i}`, 20, 1);
  expect(Array.from({ length: 8 }, (_, i) => cache.find(`hot${i}`) !== undefined)).toEqual(
    Array(8).fill(true),
  );
});
