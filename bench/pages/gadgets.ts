import { ContextProvider } from '@lit/context';
import { dataClientContext } from '../../src/gadgets/contexts.ts';
import type { FilterGroupElement } from '../../src/gadgets/filter-group/filter-group.ts';
import type { PivotGadget } from '../../src/gadgets/pivot/pivot.ts';
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

/** A pivot that shows nothing but its total yet. */
export async function showPivot(dataset: string): Promise<void> {
  await show(
    ['exa-filter-group', 'exa-pivot'],
    `<exa-filter-group><exa-pivot dataset="${dataset}" style="height:860px"></exa-pivot></exa-filter-group>`,
  );
}

/**
 * Under a filter never set before: milliseconds from choosing the fields to after the frame in which the first window
 * with all its totals and cells is drawn; and the page's longest task meanwhile.
 */
export async function choosePivot(
  dataset: string,
  round: number,
): Promise<{ ms: number; longestTaskMs: number; rows: number; columns: number; total: string }> {
  const gadget = document.querySelector('exa-pivot') as PivotGadget;
  const group = document.querySelector('exa-filter-group') as FilterGroupElement;
  const grid = () => gadget.shadowRoot?.querySelector('.scroll');
  const count = (name: string) => Number(grid()?.getAttribute(name) ?? 0);
  const total = () => gadget.shadowRoot?.querySelector('.grand [role=gridcell]')?.textContent?.trim() ?? '';
  const until = async (test: () => boolean) => {
    while (!test()) await new Promise((resolve) => requestAnimationFrame(resolve));
  };
  gadget.state = { rows: [], columns: [], measures: ['revenue'] };
  group.state = {
    compare: false,
    filters: { bench: { dataset, filter: { op: 'range', column: 'c3', from: (round / 100).toFixed(2) } } },
  };
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await until(() => count('aria-rowcount') === 2 && total() !== '');
  let longestTaskMs = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, duration);
  });
  observer.observe({ type: 'longtask' });
  const began = performance.now();
  gadget.state = { rows: [{ column: 'c1' }], columns: [{ column: 'c2' }], measures: ['revenue'] };
  await until(
    () =>
      count('aria-rowcount') > 2 &&
      count('aria-colcount') > 3 &&
      gadget.shadowRoot?.querySelector('.body [role=gridcell]') !== null &&
      gadget.shadowRoot?.querySelector('.waiting') === null,
  );
  await new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    requestAnimationFrame(() => port2.postMessage(undefined));
  });
  const ms = performance.now() - began;
  await new Promise((resolve) => setTimeout(resolve, 100));
  observer.disconnect();
  return {
    ms,
    longestTaskMs,
    rows: count('aria-rowcount') - 2,
    columns: count('aria-colcount') - 2,
    total: total(),
  };
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
