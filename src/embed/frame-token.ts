import { ExaError } from '../protocol/errors.ts';

/** The token of a gadget in an iframe, which its parent renews. */
export interface FrameToken {
  /** The newest token; asked again once it is spent, it waits for the parent's next. Rejects `refused` after `patienceMs`. */
  source(): Promise<string>;
  set(token: string): void;
  /** Told, now or as soon as somebody listens, that the parent's turn has come. */
  onWanted(listener: () => void): void;
}

/** `first`: the token the frame's address came with; empty: the parent is asked before anything else. */
export function frameToken(first: string, patienceMs = 20_000): FrameToken {
  let fresh: string | undefined = first === '' ? undefined : first;
  let waiting: { readonly got: Promise<string>; give(token: string): void } | undefined;
  let wanted = () => {};

  return {
    source() {
      if (fresh !== undefined) {
        const token = fresh;
        fresh = undefined;
        return Promise.resolve(token);
      }
      if (!waiting) {
        let give = (_: string) => {};
        const got = new Promise<string>((resolve, reject) => {
          const timer = setTimeout(() => {
            waiting = undefined;
            reject(
              new ExaError(
                'refused',
                'The token has expired, and the page round this gadget gives no other.',
              ),
            );
          }, patienceMs);
          give = (token) => {
            clearTimeout(timer);
            resolve(token);
          };
        });
        waiting = { got, give };
        wanted();
      }
      return waiting.got;
    },
    set(token) {
      if (waiting) waiting.give(token);
      else fresh = token;
      waiting = undefined;
    },
    onWanted(listener) {
      wanted = listener;
      if (waiting) listener();
    },
  };
}
