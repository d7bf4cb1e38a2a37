import { ContextProvider } from '@lit/context';
import { dataClientContext } from '../../src/gadgets/contexts.ts';
import { loadGadget } from '../../src/gadgets/registry.ts';
import { opened } from './ours.ts';

/** Puts gadgets for a data set on the page, handed the client opened before. */
async function show(tags: readonly string[], markup: string): Promise<void> {
  new ContextProvider(document.body, { context: dataClientContext, initialValue: opened() });
  await Promise.all(tags.map(loadGadget));
  const place = document.createElement('div');
  place.innerHTML = markup;
  document.body.append(place);
}

/** A brushed trend beside bars by country and by segment. */
export async function showCrossfilter(dataset: string): Promise<void> {
  await show(
    ['exa-filter-group', 'exa-trend', 'exa-bars'],
    `<exa-filter-group>
      <exa-trend id="active" dataset="${dataset}" measure="clients" column="c4" style="height:260px"></exa-trend>
      <exa-bars dataset="${dataset}" measure="revenue" column="c1" rows="12"></exa-bars>
      <exa-bars dataset="${dataset}" measure="revenue" column="c2" rows="10"></exa-bars>
    </exa-filter-group>`,
  );
}

export async function showGrid(dataset: string): Promise<void> {
  await show(['exa-grid'], `<exa-grid dataset="${dataset}" style="height:800px"></exa-grid>`);
}

/** The active trend's plotting area on the page, once it is drawn and every bar is. */
export async function brushArea(): Promise<{ left: number; top: number; width: number; height: number }> {
  for (;;) {
    const layer = document.querySelector('exa-trend')?.shadowRoot?.querySelector('exa-brush-layer');
    const area = layer?.shadowRoot?.querySelector('.area')?.getBoundingClientRect();
    const bars = [...document.querySelectorAll('exa-bars')];
    const ready = bars.every((one) => one.shadowRoot?.querySelector('li'));
    if (area && area.width > 0 && ready)
      return { left: area.left, top: area.top, width: area.width, height: area.height };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const painted: number[] = [];

/** From now on: milliseconds from each pointer move to after the frame in which the last of the bars changed. */
export function watchBrush(): void {
  let pointerAt: number | undefined;
  addEventListener(
    'pointermove',
    (event) => {
      pointerAt ??= event.timeStamp;
    },
    { capture: true },
  );
  // A message sent while a frame is made arrives once the frame is painted.
  const { port1, port2 } = new MessageChannel();
  let at: number | undefined;
  port1.onmessage = () => {
    if (at !== undefined) painted.push(performance.now() - at);
    at = undefined;
  };
  const drew = new MutationObserver(() => {
    if (pointerAt === undefined) return;
    at = pointerAt;
    pointerAt = undefined;
    port2.postMessage(undefined);
  });
  for (const bars of document.querySelectorAll('exa-bars'))
    if (bars.shadowRoot)
      drew.observe(bars.shadowRoot, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
}

export function brushed(): number[] {
  return painted.splice(0);
}

/** Scrolls the grid from its first row to its last in `steps`, each shown before the next. */
export async function scrollGrid(steps: number): Promise<void> {
  const view = () => document.querySelector('exa-grid')?.shadowRoot?.querySelector<HTMLElement>('.view');
  while (!view()) await new Promise((resolve) => setTimeout(resolve, 50));
  for (let step = 1; step <= steps; step++) {
    const element = view();
    if (!element) throw new Error('The grid went away.');
    element.scrollTop = (step / steps) * (element.scrollHeight - element.clientHeight);
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}

/** The last row's number the grid shows, as text. */
export function lastRowShown(): string {
  const rows = document.querySelector('exa-grid')?.shadowRoot?.querySelectorAll('[role=row]');
  return rows?.[rows.length - 1]?.getAttribute('aria-rowindex') ?? '';
}
