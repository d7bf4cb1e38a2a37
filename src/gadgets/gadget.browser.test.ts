import { html, type PropertyValues } from 'lit';
import { expect, test } from 'vitest';
import { ExaError } from '../protocol/errors.ts';
import { defineGadget, Gadget, type StateEvent } from './gadget.ts';
import { stage, textIn, until, untilPhase } from './gadget-stage.testing.ts';
import { FakeClient } from './gallery/fake-client.ts';
import { gadgetTags, loadGadget } from './registry.ts';

interface ProbeState {
  readonly text: string;
  readonly list: readonly number[];
}

/** A gadget that shows its insides. */
class Probe extends Gadget<ProbeState> {
  static override readonly methods: readonly string[] = [...Gadget.methods, 'double'];
  changes: Partial<ProbeState>[] = [];
  services = { started: 0, ended: 0 };
  broken = false;
  unready = false;

  constructor() {
    super();
    this.service((signal) => {
      this.services.started++;
      signal.addEventListener('abort', () => this.services.ended++);
    });
  }

  protected override initialState(): ProbeState {
    return { text: 'first', list: [] };
  }

  protected override onStateChange(changed: Partial<ProbeState>): void {
    this.changes.push(changed);
  }

  protected override ownPhase(): 'ready' {
    return 'ready';
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (this.unready) throw new ExaError('invalid', 'Nothing can be made of this.');
  }

  protected override view(): unknown {
    if (this.broken) throw new Error('The picture broke.');
    return html`<p>${this.state.text}</p><slot></slot>`;
  }

  async double(value: number): Promise<number> {
    return value * 2;
  }

  async secret(): Promise<string> {
    return 'not declared';
  }

  work(name: string, run: (signal: AbortSignal) => Promise<string>): Promise<string | undefined> {
    return this.job(name, run);
  }

  want(name: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.acquire(name, ...args);
  }

  give(name: string, run: (...args: readonly unknown[]) => unknown): void {
    this.offer(name, run);
  }

  break(error: unknown): void {
    this.fail(error);
  }
}
defineGadget('exa-probe', Probe);

async function probe() {
  const here = await stage(new FakeClient([]), html`<exa-probe><exa-probe></exa-probe></exa-probe>`);
  const outer = here.find<Probe>('exa-probe');
  await untilPhase(outer, 'ready');
  return { here, outer, inner: here.find<Probe>('exa-probe exa-probe') };
}

test("state is JSON: only what differs is told, use emits, a host's setting does not", async () => {
  const { here, outer } = await probe();
  const events: unknown[] = [];
  here.root.addEventListener('exa-state', (event) => events.push((event as StateEvent).detail));
  await outer.changeState({ text: 'first', list: [] });
  expect(outer.changes).toEqual([]);
  await outer.changeState({ text: 'second', list: [] });
  expect(outer.changes).toEqual([{ text: 'second' }]);
  expect(events).toEqual([{ state: { text: 'second', list: [] }, changed: { text: 'second' } }]);
  outer.state = { list: [1] };
  expect(outer.state).toEqual({ text: 'first', list: [1] });
  expect(events).toHaveLength(1);
  here.remove();
});

test('a host calls what is declared, and nothing else', async () => {
  const { here, outer } = await probe();
  expect(await outer.call('double', 21)).toBe(42);
  await outer.call('render', { text: 'drawn' });
  expect(textIn(outer)).toContain('drawn');
  expect(await outer.call('getContent')).toEqual({ text: 'drawn', list: [] });
  expect(await outer.call('checkValidity')).toBe(true);
  expect(await outer.call('getMethodList')).toContain('double');
  await expect(outer.call('secret')).rejects.toMatchObject({ tag: 'missing' });
  here.remove();
});

test('the nearest ancestor that offers a method answers; without one it is undefined', async () => {
  const { here, outer, inner } = await probe();
  expect(await inner.want('greet', 'Ada')).toBeUndefined();
  outer.give('greet', (name) => `Hello ${String(name)}`);
  inner.give('greet', () => 'not for myself');
  expect(await inner.want('greet', 'Ada')).toBe('Hello Ada');
  expect(await outer.want('greet', 'Ada')).toBeUndefined();
  here.remove();
});

test('an update that throws is an error card, until one does not', async () => {
  const { here, outer } = await probe();
  outer.unready = true;
  outer.requestUpdate();
  await untilPhase(outer, 'failed');
  expect(textIn(outer)).toContain('Nothing can be made of this.');
  outer.unready = false;
  outer.requestUpdate();
  await untilPhase(outer, 'ready');
  expect(textIn(outer)).not.toContain('Nothing can be made of this.');
  here.remove();
});

test('of jobs with one name the latest wins, and removal aborts', async () => {
  const { here, outer } = await probe();
  const signals: AbortSignal[] = [];
  const release: (() => void)[] = [];
  const run = (text: string) => (signal: AbortSignal) => {
    signals.push(signal);
    return new Promise<string>((done) => release.push(() => done(text)));
  };
  const first = outer.work('save', run('first'));
  const second = outer.work('save', run('second'));
  const third = outer.work('other', run('third'));
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false, false]);
  for (const go of release) go();
  expect(await Promise.all([first, second, third])).toEqual([undefined, 'second', 'third']);
  void outer.work('save', run('late'));
  here.remove();
  expect(signals[3]?.aborted).toBe(true);
});

test('services run from connect to disconnect', async () => {
  const { here, outer } = await probe();
  expect(outer.services).toEqual({ started: 1, ended: 0 });
  here.remove();
  expect(outer.services).toEqual({ started: 1, ended: 1 });
  document.body.append(here.root);
  expect(outer.services).toEqual({ started: 2, ended: 1 });
  here.remove();
});

test('a broken gadget shows a card in its own box; its neighbours go on; a cancelled request is no failure', async () => {
  const { here, outer, inner } = await probe();
  outer.break(new ExaError('cancelled', 'Never mind.'));
  await outer.updateComplete;
  expect(outer.phase).toBe('ready');
  inner.broken = true;
  inner.requestUpdate();
  await until('it failed', () => inner.getAttribute('phase') === 'failed');
  expect(textIn(inner)).toContain('The picture broke.');
  expect(outer.getAttribute('phase')).toBe('ready');
  inner.broken = false;
  inner.retry();
  await until('it is well', () => inner.getAttribute('phase') === 'ready');
  here.remove();
});

test('without a client a gadget is idle and shows nothing', async () => {
  await loadGadget('exa-figure');
  const figure = document.createElement('exa-figure') as Gadget;
  figure.setAttribute('dataset', 'orders');
  figure.setAttribute('measure', 'orders');
  document.body.append(figure);
  await untilPhase(figure, 'idle');
  expect(figure.renderRoot.querySelector('.picture')).toBeNull();
  figure.remove();
});

test('every tag of the registry loads its element; an unknown one is a sentence', async () => {
  for (const tag of gadgetTags) {
    await loadGadget(tag);
    expect(customElements.get(tag)).toBeDefined();
  }
  await expect(loadGadget('exa-nothing')).rejects.toThrow('There is no gadget called');
});
