import { Readable } from 'node:stream';
import { brotliDecompressSync, createBrotliDecompress, createGunzip, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { chooseEncoding, encodeBody, encodeStream } from './encoding.ts';
import { isRemote } from './guard.ts';

describe('chooseEncoding', () => {
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['*', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.1, gzip;q=0.9', 'gzip'],
    ['BR ; q=1', 'br'],
    ['identity', 'identity'],
    ['*;q=0', 'identity'],
  ])('%s', (header, encoding) => expect(chooseEncoding(header)).toBe(encoding));
});

describe('encodeBody', () => {
  it('leaves what is small, or does not shrink, as it is', async () => {
    const small = new Uint8Array(100);
    expect(await encodeBody(small, 'br')).toEqual({ body: small, encoding: 'identity' });
    const noise = crypto.getRandomValues(new Uint8Array(4096));
    expect((await encodeBody(noise, 'gzip')).encoding).toBe('identity');
    expect((await encodeBody(new Uint8Array(4096), 'gzip')).encoding).toBe('gzip');
  });
});

describe('encodeStream', () => {
  const decoded = (encoding: 'br' | 'gzip', bytes: Buffer): Buffer =>
    encoding === 'br' ? brotliDecompressSync(bytes) : gunzipSync(bytes);

  it.each(['br', 'gzip'] as const)(
    'in %s: all of it arrives, and what is there together is one write',
    async (encoding) => {
      const pieces = Array.from({ length: 200 }, (_, i) => Buffer.from(`piece ${i} `.repeat(1 + (i % 90))));
      const sent = await encodeStream(Readable.from(pieces, { objectMode: false }), encoding).toArray();
      const whole = Buffer.concat(pieces);
      expect(decoded(encoding, Buffer.concat(sent))).toEqual(whole);
      // Each write is passed on by itself, and some more are an encoder's beginning and end.
      expect(sent.length).toBeLessThan(whole.byteLength / 65_536 + 6);
    },
  );

  it.each(['br', 'gzip'] as const)('in %s: a piece does not wait for the next', async (encoding) => {
    let goOn = (): void => {};
    const readOn = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    async function* pieces() {
      yield Buffer.from('the first piece');
      await readOn;
      yield Buffer.from(', the second');
    }
    const decoder = encoding === 'br' ? createBrotliDecompress() : createGunzip();
    const stream = encodeStream(Readable.from(pieces(), { objectMode: false }), encoding).pipe(decoder);
    let text = '';
    for await (const piece of stream) {
      text += piece;
      if (text === 'the first piece') goOn();
    }
    expect(text).toBe('the first piece, the second');
  });

  it('says when its source failed', async () => {
    async function* pieces() {
      yield Buffer.from('a piece');
      throw new Error('lost');
    }
    await expect(
      encodeStream(Readable.from(pieces(), { objectMode: false }), 'br').toArray(),
    ).rejects.toThrow('lost');
  });
});

describe('isRemote', () => {
  it('knows this machine, and a proxy that speaks for another', () => {
    expect(isRemote({ ip: '127.0.0.1', headers: {} })).toBe(false);
    expect(isRemote({ ip: '::ffff:127.0.0.1', headers: {} })).toBe(false);
    expect(isRemote({ ip: '::1', headers: {} })).toBe(false);
    expect(isRemote({ ip: '10.0.0.7', headers: {} })).toBe(true);
    expect(isRemote({ ip: '127.0.0.1', headers: { 'x-forwarded-for': '10.0.0.7' } })).toBe(true);
  });
});
