import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLoopback } from './guard.ts';
import { type TestStore, testStore } from './store.testing.ts';

let store: TestStore;
beforeAll(async () => {
  store = await testStore({ allowOrigin: ['https://portal.example'] });
});
afterAll(() => store.close());

const get = (headers: Record<string, string>) => store.app.inject({ url: '/api/health', headers });

describe('guard', () => {
  it('knows this machine’s names', () => {
    for (const host of ['localhost', '127.0.0.1', '127.9.8.7', '::1', '[::1]'])
      expect(isLoopback(host)).toBe(true);
    for (const host of ['0.0.0.0', '::', '10.0.0.1', 'localhost.evil.example', '127.0.0.1.evil.example'])
      expect(isLoopback(host)).toBe(false);
  });

  it('answers this machine, and the hosts of allowed sites', async () => {
    expect((await get({ host: '127.0.0.1:8090' })).statusCode).toBe(200);
    expect((await get({ host: 'localhost:1' })).statusCode).toBe(200);
    expect((await get({ host: 'portal.example' })).statusCode).toBe(200);
  });

  it('refuses a name that was re-pointed at this machine', async () => {
    const answer = await get({ host: 'evil.example:8090' });
    expect(answer.statusCode).toBe(403);
    expect(answer.json<{ detail: string }>().detail).toContain('evil.example');
  });

  it('refuses pages of other sites, and lets those in that are listed', async () => {
    const other = await get({ host: '127.0.0.1:8090', origin: 'https://evil.example' });
    expect(other.statusCode).toBe(403);
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
    const portal = await get({ host: '127.0.0.1:8090', origin: 'https://portal.example' });
    expect(portal.statusCode).toBe(200);
    expect(portal.headers['access-control-allow-origin']).toBe('https://portal.example');
    expect(portal.headers.vary).toContain('Origin');
    const own = await get({ host: '127.0.0.1:8090', origin: 'http://127.0.0.1:8090' });
    expect(own.statusCode).toBe(200);
  });

  it('lets a listed site read a gadget’s page with its visitor’s cookies, as renderJS does, and nothing else', async () => {
    const credentials = async (url: string, origin: string) => {
      const answer = await store.app.inject({ url, headers: { host: '127.0.0.1:8090', origin } });
      return answer.headers['access-control-allow-credentials'];
    };
    expect(await credentials('/embed/v1/renderjs.html', 'https://portal.example')).toBe('true');
    expect(await credentials('/embed/v1/renderjs.html', 'https://evil.example')).toBeUndefined();
    expect(await credentials('/api/health', 'https://portal.example')).toBeUndefined();
  });

  it('takes a question as plain text, which needs no preflight, from listed sites only', async () => {
    const ask = (origin: string) =>
      store.app.inject({
        method: 'POST',
        url: '/api/batch',
        headers: { host: '127.0.0.1:8090', origin, 'content-type': 'text/plain;charset=UTF-8' },
        payload: JSON.stringify({
          items: [{ kind: 'pages', dataset: 'none', epoch: 'e', column: 'c', blocks: [0] }],
        }),
      });
    const portal = await ask('https://portal.example');
    expect(portal.statusCode).toBe(404);
    expect(portal.json<{ detail: string }>().detail).toContain('none');
    expect((await ask('https://evil.example')).statusCode).toBe(403);
  });

  it('takes nothing else as plain text', async () => {
    for (const url of ['/api/imports', '/api/citations', '/api/datasets/none/rows?mode=append']) {
      const answer = await store.app.inject({
        method: 'POST',
        url,
        headers: { host: '127.0.0.1:8090', 'content-type': 'text/plain' },
        payload: '{}',
      });
      expect(answer.statusCode).toBe(415);
    }
  });

  it('answers preflight requests of listed sites only', async () => {
    const preflight = (origin: string) =>
      store.app.inject({
        method: 'OPTIONS',
        url: '/api/batch',
        headers: { host: '127.0.0.1:8090', origin, 'access-control-request-method': 'POST' },
      });
    const portal = await preflight('https://portal.example');
    expect(portal.statusCode).toBe(204);
    expect(portal.headers['access-control-allow-headers']).toContain('Idempotency-Key');
    expect((await preflight('https://evil.example')).statusCode).toBe(403);
  });
});
