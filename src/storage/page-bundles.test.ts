import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layOut, PageBundles, runsOf } from './page-bundles.ts';

const page = (slot: string, at: number, length: number) => ({ slot, revision: 1, checksum: '', at, length });

describe('bundles', () => {
  test('a slot has the place it got last, whatever came and went', () => {
    const slot = fc.integer({ min: 0, max: 12 }).map((n) => `d/${n}`);
    const step = fc.oneof(
      fc.record({ add: fc.uniqueArray(slot, { minLength: 1, maxLength: 6 }) }),
      fc.record({ remove: fc.uniqueArray(slot, { maxLength: 6 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const bundles = new PageBundles();
        const expected = new Map<string, string>();
        steps.forEach((one, n) => {
          if ('add' in one) {
            const pages = one.add.map((name, i) => page(name, i * 8, 8));
            bundles.add(`b${n}`, pages.length * 8, pages);
            for (const name of one.add) expected.set(name, `b${n}`);
          } else {
            const left = bundles.without(one.remove);
            bundles.remove(one.remove);
            for (const name of one.remove) expected.delete(name);
            for (const [bundle, rest] of left)
              expect([...(bundles.get(bundle)?.pages.values() ?? [])]).toEqual(rest);
          }
        });
        expect(new Map(bundles.slots().map((name) => [name, bundles.find(name)?.bundle]))).toEqual(expected);
        for (const name of new Set(expected.values())) expect(bundles.get(name)).toBeDefined();
      }),
    );
  });

  test('of which less than half counts are told', () => {
    const bundles = new PageBundles();
    bundles.add('b', 32, [page('a', 0, 8), page('b', 8, 8), page('c', 16, 16)]);
    bundles.remove(['c']);
    expect(bundles.wasteful()).toBeUndefined();
    bundles.remove(['a']);
    expect(bundles.wasteful()).toBe('b');
    bundles.remove(['b']);
    expect(bundles.wasteful()).toBeUndefined();
  });

  test('pages are laid end to end from multiples of eight', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }), (all) => {
        const pages = all.map((bytes, n) => ({ slot: `${n}`, revision: n, checksum: '', bytes }));
        const laid = layOut(pages);
        const whole = new Uint8Array(laid.bytes);
        let at = 0;
        for (const part of laid.parts) {
          whole.set(part, at);
          at += part.byteLength;
        }
        expect(at).toBe(laid.bytes);
        for (const [n, place] of laid.pages.entries()) {
          expect(place.at % 8).toBe(0);
          expect(whole.subarray(place.at, place.at + place.length)).toEqual(pages[n]!.bytes);
        }
      }),
    );
  });

  test('runs reach every page and read no gap wider than allowed', () => {
    const lengths = fc.array(fc.record({ gap: fc.nat(20), length: fc.integer({ min: 1, max: 30 }) }));
    fc.assert(
      fc.property(lengths, fc.nat(20), (all, gap) => {
        let at = 0;
        const pages = all.map((one, n) => {
          const made = page(`${n}`, at + one.gap, one.length);
          at = made.at + made.length;
          return made;
        });
        const runs = runsOf([...pages].reverse(), gap);
        expect(runs.flatMap((run) => run.pages)).toEqual(pages);
        for (const run of runs) {
          expect(run.start).toBe(run.pages[0]!.at);
          run.pages.forEach((one, i) => {
            expect(one.at + one.length).toBeLessThanOrEqual(run.end);
            const before = run.pages[i - 1];
            if (before) expect(one.at - before.at - before.length).toBeLessThanOrEqual(gap);
          });
        }
        for (const [i, run] of runs.slice(1).entries()) expect(run.start - runs[i]!.end).toBeGreaterThan(gap);
      }),
    );
  });
});
