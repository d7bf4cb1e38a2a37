import { describe, expect, it, vi } from 'vitest';
import type { AccountSession } from '../protocol/account.ts';
import { accountBook, type KeptTexts, publicSession } from './account-book.ts';

function keeping(): KeptTexts & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, value) => void texts.set(key, value),
    removeItem: (key) => void texts.delete(key),
  };
}

const ann: AccountSession = {
  ...publicSession,
  user: 'ann',
  account: 'a',
  scope: 's',
  role: 'reader',
  canSignOut: true,
};
const answer = (session: AccountSession) =>
  new Response(JSON.stringify(session), { headers: { 'content-type': 'application/json' } });
const refused = () =>
  new Response(
    JSON.stringify({ tag: 'refused', detail: 'The token has expired.', facts: { reason: 'expired' } }),
    {
      status: 401,
      headers: { 'content-type': 'application/problem+json' },
    },
  );
const storeUrl = 'http://store';
const never = { first: 1e9, max: 1e9 };

async function settled(book: ReturnType<typeof accountBook>): Promise<AccountSession | undefined> {
  await book.refresh();
  return book.session;
}

describe('who a page is', () => {
  it('is asked before anything; a person is not assumed from before', async () => {
    const kept = keeping();
    kept.setItem('exanalytics account http://store', JSON.stringify(ann));
    let say: (response: Response) => void = () => {};
    const fetch = () => new Promise<Response>((resolve) => (say = resolve));
    const book = accountBook({ storeUrl, fetch, kept, retryMs: never });
    expect(book.session).toBeUndefined();
    await Promise.resolve();
    say(answer({ ...ann, user: 'ben', account: 'b' }));
    expect((await settled(book))?.account).toBe('b');
  });

  it('is remembered while the store cannot be reached', async () => {
    const kept = keeping();
    const online = accountBook({ storeUrl, fetch: async () => answer(ann), kept, retryMs: never });
    expect((await settled(online))?.user).toBe('ann');
    const offline = accountBook({
      storeUrl,
      fetch: async () => Promise.reject(new TypeError('no network')),
      kept,
      retryMs: never,
    });
    expect((await settled(offline))?.user).toBe('ann');
    offline.close();
  });

  it('stands at once where the store has no accounts, and is asked again all the same', async () => {
    const kept = keeping();
    kept.setItem('exanalytics account http://store', JSON.stringify(publicSession));
    const fetch = vi.fn(async () => answer(ann));
    const book = accountBook({ storeUrl, fetch, kept, retryMs: never });
    expect(book.session).toEqual(publicSession);
    expect((await settled(book))?.user).toBe('ann');
  });

  it.each([
    ['kept in memory only', { ...ann, cache: 'memory' as const }],
    ['not signed in', { ...ann, open: false }],
  ])('is not remembered when %s', async (_, session) => {
    const kept = keeping();
    await settled(accountBook({ storeUrl, fetch: async () => answer(session), kept, retryMs: never }));
    expect([...kept.texts.values()].join()).not.toContain('ann');
  });

  it('is nobody in particular at a store that has no such address', async () => {
    const fetch = async () =>
      new Response('{}', { status: 404, headers: { 'content-type': 'application/json' } });
    expect(await settled(accountBook({ storeUrl, fetch, retryMs: never }))).toEqual(publicSession);
  });
});

describe('a token', () => {
  it('is renewed once when it no longer holds', async () => {
    const tokens = ['old', 'new'];
    const source = vi.fn(() => tokens.shift()!);
    const fetch = async (_: string, init: RequestInit) =>
      new Headers(init.headers).get('authorization') === 'Bearer new' ? answer(ann) : refused();
    const book = accountBook({ storeUrl, token: source, fetch, retryMs: never });
    expect((await settled(book))?.user).toBe('ann');
    expect(await book.token()).toBe('new');
    expect(await Promise.all([book.renew('old'), book.renew('old')])).toEqual(['new', 'new']);
    expect(source).toHaveBeenCalledTimes(2);
  });

  it('that cannot be renewed leaves nobody, and says why', async () => {
    const book = accountBook({ storeUrl, token: 'old', fetch: async () => refused(), retryMs: never });
    const told = vi.fn();
    book.failed(told);
    expect((await settled(book))?.open).toBe(false);
    expect(told.mock.calls[0]![0].message).toBe('The token has expired.');
  });
});
