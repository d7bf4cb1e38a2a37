import { html } from 'lit';
import { expect, test } from 'vitest';
import { gadgetContract } from '../gadget-contract.testing.ts';
import { stage, textIn, until, untilPhase } from '../gadget-stage.testing.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import { fakeOrders, fakeShop } from '../gallery/fake-shop.ts';
import './grid.ts';

const oldestFirst = { order: [{ column: '_row', descending: false }] };
const grid = () => html`<exa-grid dataset="orders" .state=${oldestFirst} style="height:300px"></exa-grid>`;

gadgetContract('exa-grid', grid, 'ORD-10000');

async function ready(client: FakeClient) {
  const here = await stage(client, grid());
  const gadget = here.find('exa-grid');
  await untilPhase(gadget, 'ready');
  await until('rows are drawn', () => textIn(gadget).includes('ORD-10000'));
  const view = gadget.shadowRoot?.querySelector<HTMLElement>('.view');
  if (!view) throw new Error('The grid has no view.');
  const press = (key: string, more: KeyboardEventInit = {}): void => {
    view.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...more }));
  };
  return { here, gadget, view, press };
}

test('it draws only the rows in view, and any row can be reached', async () => {
  const client = new FakeClient([fakeOrders(5000)]);
  const { here, gadget, view, press } = await ready(client);
  expect(gadget.shadowRoot?.querySelectorAll('.row.body').length).toBeLessThan(30);
  expect(view.getAttribute('aria-rowcount')).toBe('5001');
  press('ArrowDown');
  press('End', { ctrlKey: true });
  await until('the last row is drawn', () => textIn(gadget).includes('ORD-14999'));
  view.scrollTop = 0;
  await until('the first row is drawn', () => textIn(gadget).includes('ORD-10000'));
  here.remove();
});

test('unsorted, rows with a date come newest first, and it says so', async () => {
  const here = await stage(new FakeClient([fakeOrders(5000)]), html`<exa-grid dataset="orders"></exa-grid>`);
  const gadget = here.find('exa-grid');
  await until('the newest is drawn', () => textIn(gadget).includes('ORD-14999'));
  expect(textIn(gadget)).toContain('5,000 rows Newest first');
  expect(gadget.shadowRoot?.querySelector('[aria-sort]')).toBeNull();
  here.remove();
});

test('a row is opened by pressing what names it', async () => {
  const { here, gadget } = await ready(new FakeClient([fakeOrders(20)]));
  const opened: unknown[] = [];
  here.root.addEventListener('exa-open', (event) => opened.push((event as CustomEvent).detail));
  const name = () => gadget.shadowRoot?.querySelector<HTMLElement>('#c2-0 button');
  await until('it is drawn', () => name() != null);
  name()?.click();
  expect(opened).toMatchObject([{ dataset: 'orders', row: 2, values: { c1: 'ORD-10002' } }]);
  here.remove();
});

test('rows of linked tables are named, in place; several columns of one stand under its name', async () => {
  const [orders, clients] = fakeShop();
  const client = new FakeClient([orders, clients]);
  const names = { ...clients.head.profile.roles, name: 'k2' };
  client.tables.set('clients', {
    ...clients,
    head: { ...clients.head, profile: { ...clients.head.profile, roles: names } },
  });
  const here = await stage(client, html`<exa-grid dataset="orders"></exa-grid>`);
  const gadget = here.find('exa-grid');
  await until('it asks by name', () =>
    client.asked.some((one) => one.kind === 'rows' && one.columns.includes('client.k2')),
  );
  expect(client.asked.some((one) => one.kind === 'rows' && one.columns.includes('c7'))).toBe(false);
  await until('headers are drawn', () => textIn(gadget).includes('Client'));
  expect(gadget.shadowRoot?.querySelector('.groups')).toBeNull();
  void gadget.changeState({ columns: ['c1', 'client.k2', 'client.k3'] });
  await until('they are grouped', () => gadget.shadowRoot?.querySelector('.groups') != null);
  here.remove();
});

test('headers sort and say so', async () => {
  const client = new FakeClient([fakeOrders(300)]);
  const { here, gadget } = await ready(client);
  const header = () => gadget.shadowRoot?.querySelectorAll('[role=columnheader]')[1];
  header()?.querySelector<HTMLElement>('.by')?.click();
  await until('it is sorted', () => header()?.getAttribute('aria-sort') === 'descending');
  await until('the newest comes first', () => textIn(gadget).includes('ORD-10299'));
  expect(gadget.state).toMatchObject({ order: [{ column: 'c2', descending: true }] });
  here.remove();
});

test('cells are selected by keys and copied exactly', async () => {
  const { here, gadget, press } = await ready(new FakeClient([fakeOrders(20)]));
  press('ArrowDown');
  press('ArrowDown', { shiftKey: true });
  press('ArrowRight', { shiftKey: true });
  const text = String(await gadget.call('getSelectionText'));
  expect(text.split('\n').map((line) => line.split('\t').length)).toEqual([2, 2]);
  expect(text).toMatch(/^ORD-10000\t2011-01-\d\dT/);
  here.remove();
});

test('a row opens; what opens it can be refused', async () => {
  const { here, gadget, press } = await ready(new FakeClient([fakeOrders(20)]));
  const opened: unknown[] = [];
  here.root.addEventListener('exa-open', (event) => {
    event.preventDefault();
    opened.push((event as CustomEvent).detail);
  });
  press('ArrowDown');
  press('Enter');
  expect(opened).toMatchObject([{ dataset: 'orders', row: 0, values: { c1: 'ORD-10000' } }]);
  expect(gadget.phase).toBe('ready');
  here.remove();
});

test('rows that arrive wait until they are asked for', async () => {
  const client = new FakeClient([fakeOrders(20)]);
  const { here, gadget } = await ready(client);
  client.coverage = { version: 2 };
  client.append(
    'orders',
    fakeOrders(3).rows.map((row, i) => ({ ...row, c1: `NEW-${i}` })),
  );
  await until('it says so', () => textIn(gadget).includes('3 new · show'));
  expect(textIn(gadget)).toContain('20 rows');
  gadget.shadowRoot?.querySelector<HTMLElement>('.new')?.click();
  await until('they are counted', () => textIn(gadget).includes('23 rows'));
  await until('they are in view', () => textIn(gadget).includes('NEW-2'));
  here.remove();
});

test('a column filter narrows this grid and the group', async () => {
  const { here, gadget } = await ready(new FakeClient([fakeOrders(100)]));
  gadget.shadowRoot?.querySelector<HTMLElement>('[role=columnheader] .menu')?.click();
  await until('the form is there', () => gadget.shadowRoot?.querySelector('.popover input') !== null);
  const input = gadget.shadowRoot?.querySelector<HTMLInputElement>('.popover input');
  if (input) input.value = 'ord-10007';
  gadget.shadowRoot?.querySelector('form')?.requestSubmit();
  await until('one row is left', () => textIn(gadget).includes('1 row'));
  expect(here.group.state.filters['grid.orders.c1']?.filter).toEqual({
    op: 'contains',
    column: 'c1',
    text: 'ord-10007',
  });
  here.remove();
});
