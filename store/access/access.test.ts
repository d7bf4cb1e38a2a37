import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnFromLiterals } from '../../src/arrow/build-column.ts';
import type { AccountSession } from '../../src/protocol/account.ts';
import type { Problem } from '../../src/protocol/errors.ts';
import { plainProfile } from '../scope/leaks.testing.ts';
import { storeWith } from './access.testing.ts';
import { checkAccess } from './access-file.ts';
import { openProvider, type TestProvider, testClient } from './provider.testing.ts';

const secret = randomBytes(32);
const otherSecret = randomBytes(32);
const audience = 'https://store.example';
const france = { op: 'in', column: 'country', values: ['FR'] };
const everywhere = { op: 'or', of: [france, { op: 'not', of: france }] };

let store: Awaited<ReturnType<typeof storeWith>>;
let provider: TestProvider;
let rsa: Awaited<ReturnType<typeof generateKeyPair>>;
beforeAll(async () => {
  provider = await openProvider(['http://localhost:8099/api/sign-in/callback']);
  rsa = await generateKeyPair('RS256', { extractable: true });
  store = await storeWith(
    {
      audience,
      groups: {
        all: { role: 'admin' },
        france: { datasets: { orders: { where: france } }, arrays: [] },
      },
      users: { ann: { name: 'Ann', groups: ['all'] }, ben: { groups: ['france'] } },
      keys: [
        {
          id: 'portal',
          secret: secret.toString('base64url'),
          rights: { tenant: 'north', datasets: { orders: { where: france } }, arrays: [] },
        },
        {
          id: 'south',
          secret: otherSecret.toString('base64url'),
          rights: { tenant: 'south', datasets: {}, arrays: [] },
        },
      ],
      signIn: { issuer: provider.issuer, clientId: testClient.id, clientSecret: testClient.secret },
    },
    { proxy: { header: 'X-Remote-User', addresses: ['127.0.0.2'] }, url: 'http://localhost:8099' },
  );
  const session = await store.driver.beginImport({
    name: 'orders',
    mode: 'create',
    columns: [
      { name: 'id', type: { kind: 'int32' } },
      { name: 'country', type: { kind: 'text' } },
    ],
    profile: plainProfile(),
  });
  await session.append({
    rows: 3,
    columns: {
      id: columnFromLiterals({ kind: 'int32' }, [1, 2, 3]),
      country: columnFromLiterals({ kind: 'text' }, ['FR', 'DE', 'FR']),
    },
  });
  await session.commit();
});
afterAll(async () => {
  await store.end();
  await provider.close();
});

const seconds = () => Math.floor(Date.now() / 1000);

function sign(
  claims: JWTPayload = {},
  { key = secret, kid = 'portal', alg = 'HS256' } = {},
): Promise<string> {
  const whole = { sub: 'eve', aud: audience, iat: seconds(), exp: seconds() + 600, ...claims };
  const kept = Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined));
  return new SignJWT(kept).setProtectedHeader({ alg, kid }).sign(key);
}

const get = (url: string, headers: Record<string, string> = {}, remoteAddress?: string) =>
  store.app.inject({ url, headers, ...(remoteAddress && { remoteAddress }) });
const withToken = (token: string, url = '/api/datasets') => get(url, { authorization: `Bearer ${token}` });
const rowsSeen = (body: string) =>
  Object.fromEntries(
    (JSON.parse(body) as { datasets: { name: string; rows: number }[] }).datasets.map(({ name, rows }) => [
      name,
      rows,
    ]),
  );

describe('tokens', () => {
  it('let in, narrowed by their key and by themselves', async () => {
    const plain = await withToken(await sign());
    expect(plain.statusCode, plain.body).toBe(200);
    expect(rowsSeen(plain.body)).toEqual({ orders: 2 });
    const none = await withToken(await sign({ exa: { datasets: {} } }));
    expect(rowsSeen(none.body)).toEqual({});
    expect(plain.headers['cache-control']).toBe('no-store');
  });

  it('cannot widen what their key may', async () => {
    const exa = { datasets: { '*': {}, orders: { where: everywhere } }, arrays: '*', role: 'editor' };
    const answer = await withToken(await sign({ exa }));
    expect(rowsSeen(answer.body)).toEqual({ orders: 2 });
    const session = (await withToken(await sign({ exa }), '/api/session')).json<AccountSession>();
    expect(session).toMatchObject({ user: 'portal:eve', role: 'reader', open: true });
  });

  it.each<[string, () => Promise<string> | string, RegExp, string]>([
    ['nothing', () => '', /must be “Bearer” and a token/, 'invalid'],
    ['no JWT at all', () => 'abc', /not a signed token/, 'invalid'],
    [
      'alg none',
      () =>
        new UnsecuredJWT({ sub: 'eve' }).setAudience(audience).setIssuedAt().setExpirationTime('5m').encode(),
      /is not signed/,
      'invalid',
    ],
    ['another key', () => sign({}, { key: otherSecret }), /signature does not hold/, 'invalid'],
    ['an unknown key', () => sign({}, { kid: 'nobody' }), /which of the store’s keys/, 'invalid'],
    ['another audience', () => sign({ aud: 'https://other.example' }), /not for this store/, 'invalid'],
    ['no audience', () => sign({ aud: undefined }), /not for this store|lacks “aud”/, 'invalid'],
    ['no end', () => sign({ exp: undefined }), /lacks “exp”/, 'invalid'],
    [
      'an end long past',
      () => sign({ iat: seconds() - 900, exp: seconds() - 600 }),
      /has expired/,
      'expired',
    ],
    ['a beginning to come', () => sign({ nbf: seconds() + 600 }), /does not count yet/, 'invalid'],
    ['a long life', () => sign({ exp: seconds() + 86_400 }), /its key allows 60/, 'invalid'],
    ['nobody’s name', () => sign({ sub: '' }), /names no user/, 'invalid'],
    [
      'rights that cannot be read',
      () => sign({ exa: { datasets: { orders: { were: france } } } }),
      /“exa” cannot be read/,
      '',
    ],
    ['a role that is none', () => sign({ exa: { role: 'god' } }), /“exa” cannot be read/, ''],
  ])('with %s are refused in one sentence', async (_, token, sentence, reason) => {
    const answer = await withToken(await token());
    const problem = answer.json<Problem>();
    expect(problem.detail).toMatch(sentence);
    expect(problem.detail).not.toMatch(/\n|\bat \w+ \(/);
    expect(answer.statusCode).toBe(reason === '' ? 403 : 401);
    if (reason !== '') {
      expect(problem.facts?.reason).toBe(reason);
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="Exanalytics", error="invalid_token"');
    }
  });

  it('of another tenant see nothing of this one', async () => {
    const answer = await withToken(
      await sign({ exa: { datasets: '*', tenant: 'north' } }, { key: otherSecret, kid: 'south' }),
    );
    expect(rowsSeen(answer.body)).toEqual({});
  });

  it('can be taken back, by who may, for ever', async () => {
    const token = await sign({ jti: 'one-token' });
    expect((await withToken(token)).statusCode).toBe(200);
    const revoke = (headers: Record<string, string>, remoteAddress = '127.0.0.2') =>
      store.app.inject({
        method: 'POST',
        url: '/api/revocations',
        payload: { jti: 'one-token' },
        headers,
        remoteAddress,
      });
    expect((await revoke({ 'x-remote-user': 'ben' })).statusCode).toBe(403);
    expect((await revoke({ 'x-remote-user': 'ann' })).statusCode).toBe(204);
    const after = await withToken(token);
    expect([after.statusCode, after.json<Problem>().facts?.reason]).toEqual([401, 'revoked']);
  });

  it('signed by a key pair hold; a public key is no shared secret', async () => {
    const jwk = { ...(await exportJWK(rsa.publicKey)), kid: 'pair' };
    const own = await storeWith({
      audience,
      keys: [{ id: 'pair', jwks: { keys: [jwk] }, rights: {} }],
    });
    try {
      const claims = { sub: 'eve', aud: audience, iat: seconds(), exp: seconds() + 60 };
      const good = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: 'pair' })
        .sign(rsa.privateKey);
      // The classic confusion: the public key, taken for the secret of an HMAC.
      const bad = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: 'pair' })
        .sign(Buffer.from(JSON.stringify(jwk)));
      const ask = (token: string) =>
        own.app.inject({ url: '/api/datasets', headers: { authorization: `Bearer ${token}` } });
      expect((await ask(good)).statusCode).toBe(200);
      expect((await ask(bad)).statusCode).toBe(401);
    } finally {
      await own.end();
    }
  });
});

describe('without credentials', () => {
  it('the store says how to sign in, and tells nothing else', async () => {
    const answer = await get('/api/datasets');
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="Exanalytics"');
    expect((await get('/api/session')).json<AccountSession>()).toMatchObject({
      open: false,
      signIn: '/api/sign-in',
      canSignOut: false,
    });
    expect((await get('/api/health')).statusCode).toBe(200);
    for (const url of ['/api/changes', '/api/arrays', '/api/datasets/orders/head'])
      expect((await get(url)).statusCode, url).toBe(401);
  });
});

describe('a header of a proxy', () => {
  it('counts from that proxy only', async () => {
    const from = (address: string, user: string) => get('/api/datasets', { 'x-remote-user': user }, address);
    expect(rowsSeen((await from('127.0.0.2', 'ann')).body)).toEqual({ orders: 3 });
    expect(rowsSeen((await from('127.0.0.2', 'ben')).body)).toEqual({ orders: 2 });
    expect((await from('127.0.0.2', 'carl')).json<Problem>().detail).toMatch(/carl has no rights/);
    const other = await from('127.0.0.3', 'ann');
    expect([other.statusCode, other.json<Problem>().detail]).toEqual([
      403,
      expect.stringMatching(/only from the proxies/),
    ]);
  });
});

describe('signing in', () => {
  /** Follows redirects between store and provider as a browser does, filling in the provider's forms. */
  async function signIn(user: string, to = '/'): Promise<{ cookie: string; location: string }> {
    const begun = await get(`/api/sign-in?to=${encodeURIComponent(to)}`);
    expect(begun.statusCode).toBe(302);
    const departure = String(begun.headers['set-cookie']);
    expect(departure).toMatch(/HttpOnly; SameSite=Lax/);
    const jar = new Map<string, string>();
    let url = String(begun.headers.location);
    let body: string | undefined;
    for (let step = 0; step < 12 && url.startsWith(provider.issuer); step++) {
      const answer: Response = await fetch(url, {
        redirect: 'manual',
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        ...(body !== undefined && { body }),
      });
      for (const line of answer.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
      }
      body = undefined;
      const next = answer.headers.get('location');
      if (next) {
        url = new URL(next, url).href;
        continue;
      }
      const page = await answer.text();
      url = new URL(/action="([^"]+)"/.exec(page)![1]!, url).href;
      const prompt = /name="prompt" value="(\w+)"/.exec(page)![1]!;
      body = new URLSearchParams({ prompt, login: user, password: 'any' }).toString();
    }
    const back = new URL(url);
    const returned = await get(back.pathname + back.search, { cookie: departure.split(';')[0]! });
    expect(returned.statusCode, returned.body).toBe(302);
    const session = [returned.headers['set-cookie']].flat().find((line) => line?.startsWith('exa_session='))!;
    expect(session).toMatch(/HttpOnly; SameSite=Lax/);
    return { cookie: session.split(';')[0]!, location: String(returned.headers.location) };
  }

  it('goes to the provider and back, and ends when it is ended', async () => {
    const { cookie, location } = await signIn('ben', '/#v=orders');
    expect(location).toBe('/#v=orders');
    expect(rowsSeen((await get('/api/datasets', { cookie })).body)).toEqual({ orders: 2 });
    const session = (await get('/api/session', { cookie })).json<AccountSession>();
    expect(session).toMatchObject({ user: 'ben', open: true, canSignOut: true, role: 'reader' });
    // Another site's page, with this browser's cookie.
    const forged = { cookie, 'sec-fetch-site': 'cross-site' };
    expect((await get('/api/datasets', forged)).statusCode).toBe(401);
    const out = await store.app.inject({ method: 'POST', url: '/api/sign-out', headers: { cookie } });
    expect(out.statusCode).toBe(204);
    expect((await get('/api/datasets', { cookie })).statusCode).toBe(401);
  });

  it('comes back to this site only, and only where it was begun', async () => {
    for (const to of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])
      expect((await signIn('ann', to)).location, to).toBe('/');
    const stray = await get('/api/sign-in/callback?code=x&state=y');
    expect([stray.statusCode, stray.json<Problem>().detail]).toEqual([
      403,
      expect.stringMatching(/begin again/),
    ]);
  });
});

describe('an access file', () => {
  it.each([
    [{ group: {} }, /must not have “group”/],
    [{ users: { ann: { groups: ['sales'] } } }, /puts ann in the group sales, which is not in it/],
    [{ keys: [{ id: 'portal' }] }, /needs exactly one of secret/],
    [{ keys: [{ id: 'portal', secret: `${'a'.repeat(42)}!` }] }, /at least 32 random bytes/],
    [{ groups: { sales: { role: 'king' } } }, /“groups.sales.role” must be equal to one/],
    [
      { groups: { sales: { datasets: { orders: { where: { op: 'is' } } } } } },
      /“groups.sales.datasets.orders.where”/,
    ],
  ])('%j is refused in one sentence', (file, sentence) => {
    expect(() => checkAccess(file)).toThrow(sentence);
  });
});
