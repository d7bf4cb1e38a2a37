import { html } from 'lit';
import { afterEach, expect, test } from 'vitest';
import '../bars/bars.ts';
import '../distribution/distribution.ts';
import type { Drill, DrillEvent } from '../drill.ts';
import '../figure/figure.ts';
import { barriers, stage, textIn, until, untilPhase } from '../gadget-stage.testing.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import { fakeOrders } from '../gallery/fake-shop.ts';
import { matches } from '../gallery/fake-table.ts';
import '../grid/grid.ts';
import '../trend/trend.ts';
import './behind.ts';
import type { RowsBehindSheet } from './behind.ts';

afterEach(() => document.querySelector('main')?.remove());

/** What each gadget's marks ask to be shown. */
function drills(root: HTMLElement): Drill[] {
  const asked: Drill[] = [];
  root.addEventListener('exa-drill', (event) => asked.push((event as DrillEvent).detail));
  return asked;
}

test('numbers reconcile: a bar’s rows add up to it, the others’ filters and the rest included', async () => {
  const table = fakeOrders(200);
  const here = await stage(
    new FakeClient([table]),
    html`<exa-bars id="by-c3" dataset="orders" measure="orders" column="c3" rows="3"></exa-bars>`,
  );
  here.group.state = {
    filters: {
      'by-c3': { dataset: 'orders', filter: { op: 'in', column: 'c3', values: ['Peru'] } },
      'by-c4': { dataset: 'orders', filter: { op: 'in', column: 'c4', values: ['draft', 'shipped'] } },
    },
    compare: true,
  };
  const asked = drills(here.root);
  const bars = here.find('exa-bars');
  await untilPhase(bars, 'ready');
  await until('bars stand', () => bars.shadowRoot?.querySelectorAll('li').length === 4);
  const items = [...(bars.shadowRoot?.querySelectorAll('li') ?? [])];
  for (const item of items) item.querySelector<HTMLButtonElement>('.behind')?.click();
  expect(asked.length).toBe(4);
  asked.forEach(({ where }, at) => {
    const shown = Number(items[at]?.querySelector('.amount')?.textContent);
    expect(table.rows.filter((row) => matches(where, row)).length).toBe(shown);
  });
  items[0]?.querySelector('button.bar')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'r' }));
  expect(asked[4]).toEqual(asked[0]);
});

test('bins and points too: pressed twice, or by Enter on what is selected', async () => {
  const table = fakeOrders(200);
  const here = await stage(
    new FakeClient([table]),
    html`<exa-distribution dataset="orders" column="c6"></exa-distribution>
      <exa-trend dataset="orders" measure="orders"></exa-trend>`,
  );
  const asked = drills(here.root);
  const layer = (tag: string) => here.find(tag).shadowRoot?.querySelector('exa-brush-layer')?.shadowRoot;
  await until(
    'both are drawn',
    () => !!layer('exa-distribution')?.querySelector('.area') && !!layer('exa-trend')?.querySelector('.area'),
  );
  const area = layer('exa-distribution')!.querySelector('.area')!;
  const box = area.getBoundingClientRect();
  area.dispatchEvent(new MouseEvent('dblclick', { clientX: box.left + 2 }));
  expect(asked[0]?.where).toEqual({ op: 'range', column: 'c6', from: 1, to: 2 });
  layer('exa-trend')
    ?.querySelector('[role=slider]')
    ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  expect(table.rows.filter((row) => matches(asked[1]?.where, row)).length).toBe(200);
});

test('the sheet shows the mark’s number over just these rows, and a row opens its record', async () => {
  const table = fakeOrders(60);
  const where = { op: 'in', column: 'c4', values: ['draft'] } as const;
  const measure = table.head.profile.measures[0]!;
  const here = await stage(
    new FakeClient([table]),
    html`<exa-behind .rows=${{ dataset: 'orders', filter: where }} .state=${{ title: 'State: draft', measure }}></exa-behind>`,
  );
  const sheet = here.find<RowsBehindSheet>('exa-behind');
  const count = table.rows.filter((row) => matches(where, row)).length;
  await until('rows are counted', () => textIn(sheet).includes(`${count} rows`));
  const figure = (): string | null | undefined =>
    sheet.shadowRoot?.querySelector('exa-figure')?.shadowRoot?.querySelector('.value bdi')?.textContent;
  await until('they are the number', () => figure() === String(count));
  expect(textIn(sheet)).toContain('Rows of State: draft');
  expect(await barriers(here.root)).toEqual([]);
  const changes: unknown[] = [];
  here.root.addEventListener('exa-workspace', (event) => changes.push((event as CustomEvent).detail.change));
  sheet.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
  expect(changes).toEqual([{ rows: undefined }]);
});
