import { describe, expect, it, vi } from 'vitest';
import { tokenDesk, withToken } from './with-token.ts';

/** A store to which one token is good; `seen` are those it was asked with. */
function storeFor(good: () => string) {
  const seen: (string | undefined)[] = [];
  const fetch = async (_: string, init: RequestInit) => {
    const token = new Headers(init.headers).get('authorization')?.slice('Bearer '.length);
    seen.push(token);
    return new Response(token === good() ? 'yes' : 'no', { status: token === good() ? 200 : 401 });
  };
  return { fetch, seen };
}

describe('requests with a token', () => {
  it('wait for the first token', async () => {
    const desk = tokenDesk({ expects: true });
    const { fetch, seen } = storeFor(() => 'one');
    const answer = withToken(fetch, desk)('/', { headers: { accept: 'x' } });
    await Promise.resolve();
    expect(seen).toEqual([]);
    desk.set('one');
    expect((await answer).status).toBe(200);
  });

  it('that no longer holds are asked once more with another, which is asked for once', async () => {
    const desk = tokenDesk({ expects: true });
    desk.set('one');
    const { fetch, seen } = storeFor(() => 'two');
    const renew = vi.fn(() => setTimeout(() => desk.set('two'), 5));
    desk.onSpent(renew);
    const asking = withToken(fetch, desk);
    const answers = await Promise.all([asking('/a', {}), asking('/b', {})]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(seen.filter((token) => token === 'two').length).toBe(2);
    expect(seen.length).toBe(4);
    expect((await asking('/c', {})).status).toBe(200);
    expect(seen.length).toBe(5);
  });

  it('are refused when nobody has another', async () => {
    const desk = tokenDesk({ expects: true, patienceMs: 10 });
    desk.set('one');
    const { fetch, seen } = storeFor(() => 'two');
    expect((await withToken(fetch, desk)('/', {})).status).toBe(401);
    expect(seen).toEqual(['one']);
  });

  it('without tokens say that the sign-in has ended, and wait for nothing', async () => {
    const desk = tokenDesk({ expects: false });
    const spent = vi.fn();
    desk.onSpent(spent);
    const { fetch } = storeFor(() => 'two');
    expect((await withToken(fetch, desk)('/', {})).status).toBe(401);
    expect(spent).toHaveBeenCalledOnce();
  });
});
