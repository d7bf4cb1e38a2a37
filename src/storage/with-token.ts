import type { Fetch } from './http-request.ts';

/** The credentials of one account's requests; pages give them, and give others when asked. */
export interface TokenDesk {
  /** The newest token; waits for the first one. Undefined where requests carry none. */
  current(): Promise<string | undefined>;
  set(token: string | undefined): void;
  /** Asks for another than `spent`; undefined when nobody has one within a while. */
  renew(spent: string | undefined): Promise<string | undefined>;
  /** Told the token that no longer holds; somebody who has another one calls {@link TokenDesk.set}. */
  onSpent(listener: (spent: string | undefined) => void): () => void;
}

/** `expects`: whether requests carry a token at all; without one (a cookie signs in) spent credentials are only told. */
export function tokenDesk({
  expects,
  patienceMs = 20_000,
}: {
  expects: boolean;
  patienceMs?: number;
}): TokenDesk {
  const listeners = new Set<(spent: string | undefined) => void>();
  const waiting = new Set<() => void>();
  let token: string | undefined;

  const changed = (): Promise<void> =>
    new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, patienceMs);
      waiting.add(done);
    });

  return {
    async current() {
      if (expects && token === undefined) await changed();
      return token;
    },
    set(next) {
      if (next === token) return;
      token = next;
      for (const done of [...waiting]) done();
    },
    async renew(spent) {
      if (token !== spent) return token;
      const another = expects ? changed() : undefined;
      for (const listener of [...listeners]) listener(spent);
      await another;
      return token === spent ? undefined : token;
    },
    onSpent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A `fetch` that carries the desk's token, and asks once more with another when one no longer holds (401). */
export function withToken(fetch: Fetch, desk: TokenDesk): Fetch {
  const ask = (url: string, init: RequestInit, token: string | undefined): Promise<Response> =>
    token === undefined
      ? fetch(url, init)
      : fetch(url, { ...init, headers: { ...(init.headers as object), authorization: `Bearer ${token}` } });
  return async (url, init) => {
    const token = await desk.current();
    const response = await ask(url, init, token);
    if (response.status !== 401) return response;
    const another = await desk.renew(token);
    if (another === undefined) return response;
    await response.body?.cancel().catch(() => {});
    return ask(url, init, another);
  };
}
