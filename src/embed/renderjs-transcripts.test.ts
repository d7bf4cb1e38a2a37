import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TextPort } from './jschannel.ts';
import { declareToRenderJs } from './renderjs-child.ts';
import { renderJsPeer } from './renderjs-peer.testing.ts';

interface Told {
  readonly from: 'parent' | 'child';
  readonly text: string;
}
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly msg: string };
}
type Call = readonly [string, readonly unknown[]];

/** What the real renderJS 0.29 and our gadget told each other, by sandbox (`e2e/renderjs.spec.ts` records them). */
const transcripts = ['iframe', 'dataurl'].map((sandbox) => {
  const file = new URL(`./renderjs-transcripts/${sandbox}.json`, import.meta.url);
  const told = JSON.parse(readFileSync(file, 'utf8')) as readonly Told[];
  return [sandbox, told.map(({ from, text }) => ({ from, message: JSON.parse(text) as Message }))] as const;
});
const of = (said: readonly { from: string; message: Message }[], from: Told['from']) =>
  said.flatMap((one) => (one.from === from ? [one.message] : []));
const inAnyOrder = (messages: readonly Message[]) => messages.map((one) => JSON.stringify(one)).sort();
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

function recordedPort(): TextPort & { readonly sent: Message[]; tell(message: Message): void } {
  const ears: ((text: string) => void)[] = [];
  const sent: Message[] = [];
  return {
    sent,
    post: (text) => void sent.push(JSON.parse(text)),
    listen(told) {
      ears.push(told);
      return () => {};
    },
    tell(message) {
      for (const told of ears) told(JSON.stringify(message));
    },
  };
}

describe.each(transcripts)('what renderJS 0.29 recorded, %s sandbox', (_, said) => {
  it('is what our gadget says to the same words', async () => {
    const port = recordedPort();
    const answers = new Map(of(said, 'child').flatMap((one) => (one.method ? [] : [[one.id, one] as const])));
    const calls = of(said, 'parent').filter(({ method }) => method === 'renderJS::methodCall');
    /** Methods answer as they did then, call by call. */
    const answersOf = (name: string): Message[] =>
      calls.filter(({ params }) => (params as Call)[0] === name).map(({ id }) => answers.get(id)!);
    const method = (name: string) => {
      const next = answersOf(name)[Symbol.iterator]();
      return () => {
        const { error, result } = next.next().value!;
        if (error) throw new Error(error.msg);
        return result;
      };
    };
    const own = ['render', 'getContent', 'checkValidity', 'changeState', 'getState'];
    const child = declareToRenderJs(
      port,
      async () => ({ methods: Object.fromEntries(own.map((name) => [name, method(name)])) }),
      { url: 'STORE/embed/v1/renderjs.html', title: 'A gadget' },
    );
    for (const { from, message } of said) {
      await settled();
      if (from === 'parent') port.tell(message);
      else if (message.method === 'renderJS::acquire')
        void (await child).acquire(...(message.params as [string, unknown[]]));
    }
    await settled();
    // An answer may overtake an acquisition: methods answer at once here.
    expect(inAnyOrder(port.sent)).toEqual(inAnyOrder(of(said, 'child')));
  });

  it('is what the conformance peer says to the same words', async () => {
    const port = recordedPort();
    const answers = new Map(of(said, 'parent').map((one) => [one.id, one]));
    const acquired = of(said, 'child').filter(({ method }) => method === 'renderJS::acquire');
    const offers = Object.fromEntries(
      acquired.map(({ id, params }) => [(params as Call)[0], () => answers.get(id)!.result]),
    );
    const peer = renderJsPeer(port, offers);
    /** The peer counts its calls by its own numbers. */
    const ids = new Map<number, number>();
    for (const { from, message } of said) {
      await settled();
      if (from === 'child') {
        const id = message.method === undefined ? ids.get(message.id!) : message.id;
        port.tell({ ...message, ...(id === undefined ? {} : { id }) });
      } else if (message.method === 'renderJS::methodCall') {
        const [name, args] = message.params as Call;
        peer.call(name, ...args).catch(() => {});
        ids.set(message.id!, port.sent.at(-1)!.id!);
      }
    }
    await settled();
    const recorded = of(said, 'parent').map((one) =>
      one.method === 'renderJS::methodCall' ? { ...one, id: ids.get(one.id!) } : one,
    );
    // Each side pings once, whoever is there first; what the other was asleep for is not in the record.
    const isPing = ({ method, params }: Message) => method === 'renderJS::__ready' && params === 'ping';
    const sent = port.sent.filter((one) => !isPing(one));
    expect(sent).toEqual(recorded.filter((one) => !isPing(one)));
    expect(await peer.declared).toEqual(expect.arrayContaining(['render', 'getContent', 'checkValidity']));
  });
});
