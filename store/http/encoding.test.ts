import { describe, expect, it } from 'vitest';
import { chooseEncoding, encodeBody } from './encoding.ts';
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

describe('isRemote', () => {
  it('knows this machine, and a proxy that speaks for another', () => {
    expect(isRemote({ ip: '127.0.0.1', headers: {} })).toBe(false);
    expect(isRemote({ ip: '::ffff:127.0.0.1', headers: {} })).toBe(false);
    expect(isRemote({ ip: '::1', headers: {} })).toBe(false);
    expect(isRemote({ ip: '10.0.0.7', headers: {} })).toBe(true);
    expect(isRemote({ ip: '127.0.0.1', headers: { 'x-forwarded-for': '10.0.0.7' } })).toBe(true);
  });
});
