import { html } from 'lit';
import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { AggregateQuestion } from '../../protocol/query.ts';
import { gadgetContract } from '../gadget-contract.testing.ts';
import { barriers, stage, textIn, until, untilPhase } from '../gadget-stage.testing.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import { fakeOrders } from '../gallery/fake-shop.ts';
import './pivot.ts';
import type { PivotGadget } from './pivot.ts';
import type { PivotState } from './pivot-state.ts';

gadgetContract('exa-pivot', () => html`<exa-pivot dataset="orders"></exa-pivot>`, 'Total');

async function pivot(state: Partial<PivotState>, client = new FakeClient([fakeOrders()])) {
  const here = await stage(client, html`<exa-pivot dataset="orders" style="height:640px"></exa-pivot>`, {
    width: 900,
  });
  const gadget = here.find<PivotGadget>('exa-pivot');
  gadget.state = state;
  await untilPhase(gadget, 'ready');
  const root = gadget.shadowRoot!;
  await until(
    'cells are drawn',
    () => root.querySelector('.body .cell') !== null && !root.querySelector('.waiting'),
  );
  const cell = (place: number, leaf: number): HTMLElement => root.querySelector(`#c${place}_${leaf}`)!;
  const shown = () =>
    [...root.querySelectorAll<HTMLElement>('.body .label')].map((one) => one.textContent?.trim());
  return { client, here, gadget, root, cell, shown };
}

const countries = [{ column: 'c3' }];
const states = [{ column: 'c4' }];
const aggregates = (client: FakeClient): AggregateQuestion[] =>
  client.asked.filter((one): one is AggregateQuestion => one.kind === 'aggregate');

test('totals are asked of the store, never added up', async () => {
  const { client, here, root, cell } = await pivot({
    rows: countries,
    columns: states,
    measures: ['orders'],
  });
  const number = (text: string | null | undefined): number => Number(text?.replace(/\D/g, ''));
  const all = client.tables.get('orders')!.rows.length;
  expect(number(cell(-1, 0).textContent)).toBe(all);
  const columns = root.querySelectorAll('.grand [role=gridcell]').length - 1;
  const sum = Array.from({ length: columns }, (_, c) => number(cell(0, c + 1).textContent)).reduce(
    (a, b) => a + b,
    0,
  );
  expect(sum).toBe(number(cell(0, 0).textContent));
  expect(aggregates(client).some(({ groupBy }) => groupBy.length === 0)).toBe(true);
  expect(aggregates(client).every(({ limit, groupBy }) => groupBy.length !== 1 || (limit ?? 999) <= 64)).toBe(
    true,
  );
  here.remove();
});

test('columns of several fields are the combinations there are, with subtotals that the store computes', async () => {
  const { client, here, root, cell, gadget } = await pivot({
    rows: countries,
    columns: [{ column: 'c2', grain: 'year' }, ...states],
    measures: ['orders'],
  });
  const number = (text: string | null | undefined): number => Number(text?.replace(/\D/g, '') ?? 0);
  const heads = [...root.querySelectorAll('.head .cell')]
    .slice(2)
    .map((head) => head.textContent?.trim().replace(/\s+/g, ' ') ?? '');
  expect(heads[0]).toMatch(/^2011 archived$/);
  expect(new Set(heads).size).toBe(heads.length);
  // The whole is that of all combinations, and that of all subtotals; each subtotal that of what stands before it.
  for (const place of [-1, 0, 1]) {
    let [all, since, subtotals] = [0, 0, 0];
    for (const [at, head] of heads.entries()) {
      const value = number(cell(place, at + 1).textContent);
      if (/ Total$/.test(head)) {
        expect(value, head).toBe(since);
        subtotals += value;
        since = 0;
      } else {
        all += value;
        since += value;
      }
    }
    expect(all).toBe(number(cell(place, 0).textContent));
    expect(subtotals).toBe(all);
  }
  const byYear = (keys: number): boolean =>
    aggregates(client).some(({ groupBy }) => groupBy.length === keys && groupBy[keys - 1]!.column === 'c2');
  expect([byYear(1), byYear(2)]).toEqual([true, true]);
  // The rows behind a subtotal are those of its value.
  const drills: { where: unknown; title: string }[] = [];
  here.root.addEventListener('exa-drill', (event) => drills.push((event as CustomEvent).detail));
  const leaf = heads.findIndex((head) => / Total$/.test(head)) + 1;
  cell(0, leaf).click();
  await gadget.updateComplete;
  cell(0, leaf).click();
  expect(JSON.stringify(drills[0]?.where)).toContain('"c2"');
  expect(JSON.stringify(drills[0]?.where)).not.toContain('"c4"');
  expect(await gadget.getText()).toContain('2011 › Total');
  // Rows are ordered by a subtotal, too.
  root.querySelectorAll<HTMLButtonElement>('.head .cell .sort')[leaf + 1]!.click();
  await until('it is ordered', () => gadget.state.sort?.at?.values.length === 1);
  await until('cells are drawn', () => !root.querySelector('.waiting'));
  const sorted = [0, 1].map((place) => number(cell(place, leaf).textContent));
  expect(sorted[0]).toBeGreaterThanOrEqual(sorted[1]!);
  here.remove();
});

test('rows open to what is in them, and close again', async () => {
  const { here, gadget, root, shown } = await pivot({
    rows: [...countries, ...states],
    measures: ['orders'],
  });
  const before = shown();
  root.querySelector<HTMLButtonElement>('.twist')!.click();
  await until('it is open', () => shown().length > before.length);
  expect(gadget.state.open).toHaveLength(1);
  const levels = [...root.querySelectorAll('.body .row')].map((row) => row.getAttribute('aria-level'));
  expect(levels.slice(0, 2)).toEqual(['1', '2']);
  root.querySelector<HTMLButtonElement>('.twist')!.click();
  await until('it is closed', () => shown().length === before.length);
  here.remove();
});

test('keys move, open, order and drill', async () => {
  const { here, gadget, root } = await pivot({
    rows: [...countries, ...states],
    columns: [],
    measures: ['orders'],
  });
  const drills: { where: unknown; title: string }[] = [];
  here.root.addEventListener('exa-drill', (event) => drills.push((event as CustomEvent).detail));
  root.querySelector<HTMLElement>('.scroll')!.focus();
  await userEvent.keyboard('{ArrowDown}{ArrowLeft}{ArrowRight}');
  await until('the first row is open', () => gadget.state.open.length === 1);
  await userEvent.keyboard('{ArrowDown}{ArrowRight}');
  await until(
    'the cell is active',
    () => root.querySelector('.scroll')!.getAttribute('aria-activedescendant') === 'c1_0',
  );
  await userEvent.keyboard('{Enter}');
  expect(drills).toHaveLength(1);
  expect(drills[0]!.where).toMatchObject({ op: 'and', of: [{ column: 'c3' }, { column: 'c4' }] });
  expect(drills[0]!.title).toContain(' · ');
  root.querySelector<HTMLButtonElement>('.head .cell:nth-child(2) .sort')!.click();
  await until('it is ordered', () => gadget.state.sort?.by === 'orders');
  expect(root.querySelector('.head .cell:nth-child(2)')!.getAttribute('aria-sort')).toBe('descending');
  here.remove();
});

test('fields are placed by menus', async () => {
  const { here, gadget, root } = await pivot({ rows: countries, columns: [], measures: ['orders'] });
  const add = root.querySelector<HTMLSelectElement>('select[aria-label="Add to columns"]')!;
  add.value = 'c4';
  add.dispatchEvent(new Event('change'));
  await until('it stands above', () => gadget.state.columns[0]?.column === 'c4');
  await until('it is drawn', () => root.querySelectorAll('.head .cell').length > 2);
  const chip = root.querySelector<HTMLSelectElement>('.chip[data-column="c4"] select')!;
  chip.value = 'to:rows';
  chip.dispatchEvent(new Event('change'));
  await until('it moved', () => gadget.state.rows.length === 2 && gadget.state.columns.length === 0);
  here.remove();
});

test('of too many combinations of column fields there are no subtotals, which is said', async () => {
  const columns = [...states, { column: 'c1' }];
  for (const [count, said] of [
    [1000, /^\d+ rows × 1,00\d columns$/],
    [1100, /^\d+ rows × 1,100 columns, without subtotals as they are more than 1,024$/],
  ] as const) {
    const { here, root } = await pivot({ rows: countries, columns, measures: ['orders'] }, many(count));
    expect(root.querySelector('.tools [role="status"]')?.textContent?.trim()).toMatch(said);
    here.remove();
  }
});

test('of many groups only windows are asked and drawn', async () => {
  const { here, client, root, gadget } = await pivot(
    { rows: [{ column: 'c1' }], columns: [], measures: ['orders'] },
    many(5000),
  );
  expect(root.querySelector('.scroll')!.getAttribute('aria-rowcount')).toBe('5002');
  expect(root.querySelectorAll('.body .row').length).toBeLessThan(60);
  root.querySelector<HTMLElement>('.scroll')!.focus();
  await userEvent.keyboard('{Control>}{End}{/Control}');
  await until('the last row is drawn', () => root.querySelector('[aria-rowindex="5002"]') !== null);
  await until('it is here', () => !root.querySelector('.waiting'));
  expect(Math.max(...aggregates(client).map(({ offset }) => offset ?? 0))).toBe(4992);
  expect(gadget.shadowRoot!.querySelectorAll('.body .row').length).toBeLessThan(60);
  here.remove();
});

function many(count: number): FakeClient {
  const table = fakeOrders();
  const [first] = table.rows;
  return new FakeClient([
    {
      ...table,
      rows: Array.from({ length: count }, (_, i) => ({ ...first, c1: `O-${String(i).padStart(6, '0')}` })),
    },
  ]);
}

test('copies what is in sight as tab-separated text', async () => {
  const { here, gadget } = await pivot({ rows: countries, columns: states, measures: ['orders'] });
  const [header, total, first] = (await gadget.getText()).split('\n').map((line) => line.split('\t'));
  expect(header![0]).toBe('Country');
  expect(total![0]).toBe('Total');
  expect(first!.length).toBe(header!.length);
  here.remove();
});

for (const scheme of ['light', 'dark'] as const)
  test(`nothing for axe to find in a wide pivot, ${scheme}`, async () => {
    const { here, root } = await pivot({
      rows: [...countries, ...states],
      columns: [{ column: 'c2', grain: 'month' }],
      measures: ['revenue', 'orders'],
    });
    here.root.style.colorScheme = scheme;
    root.querySelector<HTMLButtonElement>('.twist')!.click();
    await until(
      'it is open',
      () => root.querySelector('[aria-level="2"]') !== null && !root.querySelector('.waiting'),
    );
    expect(await barriers(here.root)).toEqual([]);
    expect(textIn(root.host)).toContain('Total');
    here.remove();
  });

test('in a narrow card of a wide page the table begins below what there is to do', async () => {
  const here = await stage(
    new FakeClient([fakeOrders()]),
    html`<exa-pivot style="height:400px" dataset="orders"></exa-pivot>`,
    { width: 320 },
  );
  const pivot = here.find('exa-pivot');
  await until('it is drawn', () => pivot.shadowRoot?.querySelector('.body .row') != null);
  const box = (selector: string): DOMRect =>
    pivot.shadowRoot!.querySelector(selector)!.getBoundingClientRect();
  expect(box('.scroll').top).toBeGreaterThanOrEqual(box('.tools').bottom);
  for (const one of pivot.shadowRoot!.querySelectorAll('.tools > :not(.spacer)'))
    expect(one.getBoundingClientRect().bottom).toBeLessThanOrEqual(box('.tools').bottom + 0.5);
  expect(box('.scroll').bottom).toBeLessThanOrEqual(pivot.getBoundingClientRect().bottom + 0.5);
  here.remove();
});
