/** Texts between a page and the gadget in one of its iframes. */
export interface PeerPort {
  post(text: string): void;
  listen(told: (text: string) => void): () => void;
}

/** The parent's side of a gadget. */
export interface RenderJsPeer {
  /** Names of the gadget's methods, once it is ready; rejects with the sentence it failed with. */
  readonly declared: Promise<readonly string[]>;
  call(name: string, ...args: readonly unknown[]): Promise<unknown>;
}

/** What a page offers its gadgets, by name. One that throws `'AcquisitionError'` passes it on, to nobody. */
export type PeerOffers = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

/**
 * The parent's side of renderJS 0.29's iframe contract, written from its specification; recorded transcripts of the real
 * one (`renderjs-transcripts/`) say whether it does as that does. Self-contained, as pages get it as text.
 */
export function renderJsPeer(port: PeerPort, offers: PeerOffers = {}): RenderJsPeer {
  const names: string[] = [];
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  // jschannel counts from a random number on; any truthy one will do.
  let last = 1000;
  const send = (message: object): void => port.post(JSON.stringify(message));
  const declared = new Promise<readonly string[]>((resolve, reject) => {
    const acquire = async (id: unknown, [name, args]: [string, readonly unknown[]]): Promise<void> => {
      const run = offers[name];
      const refusal = { type: '1', msg: `No gadget provides ${name}` };
      try {
        if (!run) throw refusal;
        send({ id, result: await run(...args) });
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        send({ id, error: error === refusal ? refusal : { type: 0, msg: text } });
      }
    };
    const answer = (id: number, message: Record<string, unknown>): void => {
      const asked = waiting.get(id);
      waiting.delete(id);
      const { msg } = (message.error ?? {}) as { msg?: string };
      if ('error' in message) asked?.reject(new Error(msg ?? String(message.error)));
      else asked?.resolve(message.result);
    };
    port.listen((text) => {
      const message = JSON.parse(text) as Record<string, unknown>;
      const { id, method, params } = message;
      if (typeof method !== 'string') answer(id as number, message);
      else if (method === 'renderJS::__ready') {
        if (params === 'ping') send({ method: 'renderJS::__ready', params: 'pong' });
      } else if (method === 'renderJS::declareMethod') {
        names.push(params as string);
        send({ id, result: 'OK' });
      } else if (method === 'renderJS::acquire') void acquire(id, params as [string, readonly unknown[]]);
      else if (method === 'renderJS::ready') resolve(names);
      else if (method === 'renderJS::failed') reject(new Error(String(params)));
    });
  });
  send({ method: 'renderJS::__ready', params: 'ping' });
  return {
    declared,
    call: (name, ...args) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        waiting.set(id, { resolve, reject });
        send({ id, method: 'renderJS::methodCall', params: [name, args] });
      }),
  };
}
