import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BatchPart } from '../protocol/batch.ts';
import { encodeBatch } from './batch-stream.ts';
import { loadChecksum } from './checksum.ts';
import { decodeBatch } from './read-batch.ts';

const arbitraryPart: fc.Arbitrary<BatchPart> = fc.record({
  item: fc.nat(100),
  kind: fc.constantFrom('page', 'patch', 'partial'),
  version: fc.maxSafeNat(),
  block: fc.nat(),
  level: fc.nat(20),
  revision: fc.maxSafeNat(),
  checksum: fc.stringMatching(/^[0-9a-f]{16}$/),
  body: fc.uint8Array({ maxLength: 300 }),
});

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

const joined = async (parts: readonly BatchPart[]) =>
  Uint8Array.from(Buffer.concat(await collect(encodeBatch(parts))));

describe('a batch', () => {
  it('says that it is being made while parts are long in coming, to any reader of Arrow', async () => {
    const [part] = fc.sample(arbitraryPart, 1);
    async function* slow() {
      for (let i = 0; i < 2; i++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        yield part!;
      }
    }
    const chunks = await collect(encodeBatch(slow(), { request: 'r', aliveMs: 15 }));
    const bytes = Uint8Array.from(Buffer.concat(chunks));
    expect(await collect(decodeBatch(pieces(bytes, 7), { request: 'r' }))).toEqual([part, part]);
    const { batches } = tableFromIPC(bytes);
    expect(batches.filter(({ numRows }) => numRows === 1)).toHaveLength(2);
    expect(chunks.length).toBeGreaterThan((await collect(encodeBatch([part!, part!]))).length);
  });

  it('arrives as it was sent, however the wire cuts it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryPart, { maxLength: 6 }),
        fc.integer({ min: 1, max: 900 }),
        async (parts, size) => {
          const received = await collect(decodeBatch(pieces(await joined(parts), size)));
          expect(received).toEqual(parts);
          for (const part of received) expect(part.body.byteLength).toBe(part.body.buffer.byteLength);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is one Arrow stream to other programs', async () => {
    const [a, b] = fc.sample(arbitraryPart, 2);
    expect(tableFromIPC(await joined([a!, b!])).numRows).toBe(2);
  });

  it('has the same bytes whether a part’s envelope was made before or is made anew', async () => {
    const large = arbitraryPart.chain((part) =>
      fc.record({ size: fc.constantFrom(40_000, 40_001, 65_536), seed: fc.nat() }).map(({ size, seed }) => ({
        ...part,
        body: Uint8Array.from({ length: size }, (_, i) => (i * 31 + seed) % 251),
      })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(large, arbitraryPart), { minLength: 2, maxLength: 6 }),
        async (parts) => {
          const alone = await Promise.all(parts.map((part) => joined([part])));
          const end = 8;
          const schema = 8 + new DataView(alone[0]!.buffer).getInt32(4, true);
          const expected = Buffer.concat([
            ...alone.map((bytes, i) => bytes.subarray(i === 0 ? 0 : schema, bytes.length - end)),
            alone[0]!.subarray(alone[0]!.length - end),
          ]);
          expect(Buffer.compare(await joined(parts), expected)).toBe(0);
          expect(tableFromIPC(expected).numRows).toBe(parts.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('that is cut anywhere is an error, never fewer parts in silence', async () => {
    const parts = fc.sample(arbitraryPart, { numRuns: 3, seed: 7 });
    const bytes = await joined(parts);
    for (let end = 0; end < bytes.length; end += 13)
      await expect(collect(decodeBatch(pieces(bytes.slice(0, end), 64)))).rejects.toThrow();
  });

  it('passes the failure of its source on', async () => {
    const bytes = await joined(fc.sample(arbitraryPart, { numRuns: 3, seed: 7 }));
    async function* failing() {
      yield bytes.slice(0, 900);
      throw new TypeError('network lost');
    }
    await expect(collect(decodeBatch(failing()))).rejects.toThrow('network lost');
  });

  it('that is a page of HTML is refused', async () => {
    const html = new TextEncoder().encode('<!doctype html><html><body>Please sign in</body></html>');
    await expect(collect(decodeBatch(pieces(html, 10)))).rejects.toThrow(
      /not Arrow|cut short|other than a batch/,
    );
  });
});

it('checksums are xxHash64 with seed 0', async () => {
  const checksum = await loadChecksum();
  expect(checksum(new Uint8Array())).toBe('ef46db3751d8e999');
});
