import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestStore, testStore } from './store.testing.ts';

const inside = 'globalThis.began = true;';
const page = `<!doctype html><title>Workbench</title><script>${inside}</script><script src="/assets/main-abc123.js"></script>`;
const script = `export const text = '${'hello '.repeat(1000)}';`;
let store: TestStore;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'exanalytics-web-'));
  const webRoot = join(directory, 'web');
  await mkdir(join(webRoot, 'assets'), { recursive: true });
  await writeFile(join(directory, 'secret.txt'), 'secret');
  await writeFile(join(directory, 'web-secret.txt'), 'secret');
  await writeFile(join(webRoot, 'index.html'), page);
  await writeFile(join(webRoot, 'sw.js'), 'self.skipWaiting();');
  await writeFile(join(webRoot, 'assets', 'main-abc123.js'), script);
  store = await testStore({ webRoot });
});
afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

const html = { accept: 'text/html,application/xhtml+xml' };

describe('the workbench’s files', () => {
  it('may run the scripts inside the page, by their hashes, and no others', async () => {
    const policyAt = async (url: string) =>
      (await store.app.inject({ url, headers: html })).headers['content-security-policy'];
    const hash = createHash('sha256').update(inside).digest('base64');
    expect(await policyAt('/')).toContain(`script-src 'self' 'wasm-unsafe-eval' 'sha256-${hash}';`);
    expect(await policyAt('/orders')).toBe(await policyAt('/'));
    expect(await policyAt('/sw.js')).toContain("script-src 'self' 'wasm-unsafe-eval';");
  });

  it('are asked about each time, but for assets with a hash in their name', async () => {
    const index = await store.app.inject({ url: '/', headers: html });
    expect(index.body).toBe(page);
    expect(index.headers['cache-control']).toBe('no-cache');
    expect(index.headers['content-security-policy']).toContain("default-src 'self'");
    expect(index.headers['x-content-type-options']).toBe('nosniff');
    expect((await store.app.inject('/sw.js')).headers['cache-control']).toBe('no-cache');
    const asset = await store.app.inject('/assets/main-abc123.js');
    expect(asset.headers['cache-control']).toContain('immutable');
    expect(asset.headers['content-type']).toContain('text/javascript');
    const again = await store.app.inject({
      url: '/',
      headers: { ...html, 'if-none-match': String(index.headers.etag) },
    });
    expect(again.statusCode).toBe(304);
  });

  it('travel as brotli where that is taken', async () => {
    const asset = await store.app.inject({
      url: '/assets/main-abc123.js',
      headers: { 'accept-encoding': 'gzip, deflate, br' },
    });
    expect(asset.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(asset.rawPayload).toString()).toBe(script);
  });

  it('are the workbench at any address people open, and never in place of a script', async () => {
    expect((await store.app.inject({ url: '/orders?x=1', headers: html })).body).toBe(page);
    expect((await store.app.inject({ url: '/orders', headers: { accept: '*/*' } })).statusCode).toBe(404);
    expect((await store.app.inject({ url: '/assets/gone-def.js', headers: html })).statusCode).toBe(404);
    expect((await store.app.inject({ url: '/assets/gone', headers: html })).statusCode).toBe(404);
    expect((await store.app.inject({ url: '/api/gone', headers: html })).headers['content-type']).toContain(
      'json',
    );
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/../web-secret.txt',
    '/..%2fweb-secret.txt',
    '//etc/passwd',
    '/%00',
    '/%zz',
  ])('never leave their folder: %s', async (url) => {
    const answer = await store.app.inject({ url });
    expect([400, 404]).toContain(answer.statusCode);
    expect(answer.body).not.toBe('secret');
  });
});
