import { html } from 'lit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import '../bars/bars.ts';
import '../distribution/distribution.ts';
import '../figure/figure.ts';
import '../grid/grid.ts';
import '../trend/trend.ts';
import type { DatasetSummary } from '../../protocol/head.ts';
import { goTo } from '../../protocol/workspace.ts';
import { barriers, stage, textIn, until } from '../gadget-stage.testing.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import { fakeShop } from '../gallery/fake-shop.ts';
import type { ExploreView } from './explore.ts';
import './explore.ts';

// What is out of sight asks for nothing.
beforeEach(() => page.viewport(1280, 3000));
afterEach(() => document.querySelector('main')?.remove());

async function explored(client: FakeClient, width = 1200) {
  const datasets: readonly DatasetSummary[] = client.summaries();
  const dataset = datasets[0]!;
  const here = await stage(
    client,
    html`<exa-explore
      id="explore"
      .workspace=${goTo('explore', dataset.id)}
      .datasets=${datasets}
      .subject=${{ dataset, by: 'own' as const }}
    ></exa-explore>`,
    { width },
  );
  const view = here.find<ExploreView>('exa-explore');
  const parts = (tag: string): Element[] => [...(view.shadowRoot?.querySelectorAll(tag) ?? [])];
  await until('the picture is there', () => parts('exa-bars').length > 0);
  return { here, view, parts };
}

test('a table is figures, trends, leaderboards, a distribution and rows, by its profile', async () => {
  const { here, view, parts } = await explored(new FakeClient(fakeShop()));
  expect(parts('exa-figure').length).toBe(4);
  expect(parts('exa-trend').map((trend) => trend.id)).toEqual(['trend', 'trend-revenue', 'trend-basket']);
  expect(parts('exa-bars').length).toBe(2);
  expect(parts('exa-distribution').length).toBe(1);
  expect(parts('exa-grid').length).toBe(1);
  await until('all is drawn', () => parts('[phase=loading]').length === 0);
  expect(await barriers(here.root)).toEqual([]);

  // Menus: another measure, aggregated otherwise; one dimension more.
  const [measure, way] = [...(view.shadowRoot?.querySelectorAll<HTMLSelectElement>('.menus select') ?? [])];
  const choose = (select: HTMLSelectElement | undefined, value: string): void => {
    select!.value = value;
    select!.dispatchEvent(new Event('change'));
  };
  choose(measure, 'revenue');
  await view.updateComplete;
  const ways = view.shadowRoot?.querySelectorAll<HTMLSelectElement>('.menus select')[1];
  expect(ways?.value).toBe('sum');
  choose(ways, 'mean');
  await until('the trend shows it', () => textIn(parts('exa-trend')[0]!).includes('Revenue · Average'));
  expect(view.state).toMatchObject({ measure: 'revenue', aggregation: 'mean' });
  expect(way).toBeDefined();
  await view.changeState({ dimensions: ['c4', 'client.k2'] });
  await until('the boards change', () => parts('exa-bars').at(1)?.getAttribute('column') === 'client.k2');
  here.remove();
});

test('one range filters as one, whichever trend it is drawn on', async () => {
  const { here, parts } = await explored(new FakeClient(fakeShop()));
  const layer = (trend: Element | undefined) => trend?.shadowRoot?.querySelector('exa-brush-layer');
  await until('both are drawn', () => parts('exa-trend').every((trend) => layer(trend)));
  layer(parts('exa-trend')[1])?.dispatchEvent(
    new CustomEvent('exa-range', { detail: { range: { start: 2, end: 4 }, done: true } }),
  );
  expect(Object.keys(here.group.state.filters)).toEqual(['trend']);
  here.remove();
});

test('filters that leave nothing are said, with a way out of each', async () => {
  const { here, view } = await explored(new FakeClient(fakeShop()));
  here.group.state = {
    filters: { 'by-c3': { dataset: 'orders', filter: { op: 'in', column: 'c3', values: ['Nowhere'] } } },
    compare: true,
  };
  await until('it is said', () => textIn(view).includes('No rows match'));
  expect(textIn(view)).toContain('Remove Country: Nowhere');
  const remove = [...(view.shadowRoot?.querySelectorAll('button') ?? [])].find((one) =>
    one.textContent?.includes('Remove'),
  );
  remove?.click();
  await until('all is back', () => view.shadowRoot?.querySelector('exa-grid') !== null);
  here.remove();
});

test('a table without rows, and a phone', async () => {
  const [orders, clients] = fakeShop();
  const empty = await stage(
    new FakeClient([{ ...orders, rows: [] }, clients]),
    html`<exa-explore
      .workspace=${goTo('explore')}
      .datasets=${[]}
      .subject=${{ dataset: { ...new FakeClient([orders]).summaries()[0]! }, by: 'own' as const }}
    ></exa-explore>`,
  );
  await until('it is said', () => textIn(empty.find('exa-explore')).includes('This table has no rows'));
  empty.remove();
  await page.viewport(320, 3000);
  const { here } = await explored(new FakeClient(fakeShop()), 320);
  expect(here.root.scrollWidth).toBeLessThanOrEqual(320);
  here.remove();
});

test('on a phone the menus stand in two even columns, each line filled', async () => {
  const { here, view } = await explored(new FakeClient(fakeShop()), 374);
  const menus = view.shadowRoot!.querySelector<HTMLElement>('.menus')!;
  const room = menus.getBoundingClientRect();
  const lines = (): Map<number, DOMRect[]> => {
    const found = new Map<number, DOMRect[]>();
    for (const one of menus.querySelectorAll('.menus > label, exa-popover-panel, .makes > button')) {
      const box = one.getBoundingClientRect();
      found.set(Math.round(box.bottom), [...(found.get(Math.round(box.bottom)) ?? []), box]);
    }
    return found;
  };
  const choose = (value: string): void => {
    const select = menus.querySelector('select')!;
    select.value = value;
    select.dispatchEvent(new Event('change'));
  };
  for (const [measure, count] of [
    ['revenue', 3],
    ['orders', 2],
  ] as const) {
    choose(measure);
    await until('its menus are there', () => menus.querySelectorAll('.menus > label').length === count);
    for (const boxes of lines().values()) {
      expect(Math.min(...boxes.map(({ left }) => left))).toBeCloseTo(room.left, 0);
      expect(Math.max(...boxes.map(({ right }) => right))).toBeCloseTo(room.right, 0);
      expect(new Set(boxes.map(({ width }) => Math.round(width))).size).toBe(1);
    }
    expect([...lines().values()].map(({ length }) => length)).toEqual(count === 3 ? [1, 2, 2, 2] : [2, 2, 2]);
  }
  expect(await barriers(here.root)).toEqual([]);
});
