import { html } from 'lit';
import { expect, test } from 'vitest';
import '../bars/bars.ts';
import { ExaError } from '../../protocol/errors.ts';
import { gadgetContract } from '../gadget-contract.testing.ts';
import { stage, textIn, until, untilPhase } from '../gadget-stage.testing.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import { fakeOrders } from '../gallery/fake-shop.ts';
import './trend.ts';

const trend = () => html`<exa-trend dataset="orders" measure="revenue"></exa-trend>`;

gadgetContract('exa-trend', trend, 'Revenue');

async function drawn(gadget: Element): Promise<HTMLElement> {
  const layer = () => gadget.shadowRoot?.querySelector('exa-brush-layer')?.shadowRoot?.querySelector('.area');
  await until('the chart is drawn', () => layer() instanceof HTMLElement);
  return layer() as HTMLElement;
}

test('Plotly draws bars in the shadow root, with its styles, and gives a picture', async () => {
  const here = await stage(new FakeClient([fakeOrders()]), trend());
  const gadget = here.find('exa-trend');
  await untilPhase(gadget, 'ready');
  await drawn(gadget);
  const root = gadget.shadowRoot?.querySelector('exa-plot')?.shadowRoot;
  expect(root?.querySelectorAll('.bars .point').length).toBe(53);
  expect(root?.adoptedStyleSheets.some((sheet) => sheet.cssRules.length > 20)).toBe(true);
  expect(await gadget.call('getImage')).toMatch(/^data:image\/png;base64,/);
  here.remove();
});

test('the same answer told again is not drawn again; another one is', async () => {
  const { head, rows } = fakeOrders();
  const client = new FakeClient([{ head, rows }]);
  const here = await stage(client, trend());
  const gadget = here.find('exa-trend');
  await untilPhase(gadget, 'ready');
  await drawn(gadget);
  const figure = (): unknown =>
    (gadget.shadowRoot?.querySelector('exa-plot') as { figure?: unknown } | null)?.figure;
  const before = figure();
  client.coverage = { settled: false };
  client.tellAll();
  await untilPhase(gadget, 'stale');
  expect(figure()).toBe(before);
  client.append('orders', rows.slice(0, 20));
  await until('another figure is drawn', () => figure() !== before);
  here.remove();
});

test('a brush moves other gadgets by slices, and filters them when released', async () => {
  const client = new FakeClient([fakeOrders()]);
  const here = await stage(
    client,
    html`${trend()}<exa-bars dataset="orders" measure="orders" column="c3"></exa-bars>`,
  );
  const [gadget, bars] = [here.find('exa-trend'), here.find('exa-bars')];
  await untilPhase(gadget, 'ready');
  await untilPhase(bars, 'ready');
  const area = await drawn(gadget);
  const box = area.getBoundingClientRect();
  const send = (type: string, part: number): void => {
    const init = {
      bubbles: true,
      composed: true,
      clientX: box.left + box.width * part,
      clientY: box.top + 20,
    };
    area.dispatchEvent(new PointerEvent(type, { ...init, pointerId: 1, button: 0, buttons: 1 }));
  };
  area.setPointerCapture = () => {};
  const layer = gadget.shadowRoot?.querySelector('exa-brush-layer');
  layer?.dispatchEvent(new PointerEvent('pointerenter'));
  await until('the cube is asked for', () => client.brushed.length === 1);
  const asked = client.asked.length;
  const before = textIn(bars);
  send('pointerdown', 0.2);
  send('pointermove', 0.3);
  send('pointermove', 0.5);
  await until('the bars show the slice', () => textIn(bars) !== before);
  expect(client.asked.length).toBe(asked);
  expect(here.group.state.filters).toEqual({});
  send('pointerup', 0.5);
  expect(here.group.state.filters['trend.orders.c2']?.filter.op).toBe('range');
  await until('the bars ask again', () => client.asked.length > asked);
  await untilPhase(bars, 'ready');
  here.remove();
});

test('the keyboard selects a period, Escape clears it, and the table is behind', async () => {
  const here = await stage(new FakeClient([fakeOrders()]), trend());
  const gadget = here.find('exa-trend');
  await untilPhase(gadget, 'ready');
  const area = await drawn(gadget);
  const press = (key: string): void => {
    area.querySelector('[role=slider]')?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  };
  press('ArrowRight');
  expect(here.group.state.filters['trend.orders.c2']?.filter.op).toBe('range');
  await gadget.updateComplete;
  await until('it is drawn again', () => area.querySelector('.thumb.shown') !== null);
  press('Escape');
  expect(here.group.state.filters).toEqual({});
  await gadget.changeState({ table: true });
  await until('the table is there', () => gadget.shadowRoot?.querySelectorAll('tbody tr').length === 53);
  here.remove();
});

test('where others cannot follow a brush, it says so while it moves', async () => {
  const client = new FakeClient([fakeOrders()]);
  client.brush = async () => {
    throw new ExaError('refused', 'There are too many groups to follow.');
  };
  const here = await stage(
    client,
    html`${trend()}<exa-bars dataset="orders" measure="orders" column="c3"></exa-bars>`,
  );
  const gadget = here.find('exa-trend');
  await untilPhase(gadget, 'ready');
  await untilPhase(here.find('exa-bars'), 'ready');
  await drawn(gadget);
  const layer = gadget.shadowRoot?.querySelector('exa-brush-layer');
  layer?.dispatchEvent(new PointerEvent('pointerenter'));
  const move = (done: boolean): void => {
    const detail = { range: { start: 3, end: 9 }, done };
    layer?.dispatchEvent(new CustomEvent('exa-range', { detail }));
  };
  move(false);
  await until('it says so', () => textIn(gadget).includes('Some cards follow when you let go.'));
  move(true);
  await until('it filters', () => Object.keys(here.group.state.filters).length === 1);
  await until('it says no more', () => !textIn(gadget).includes('Some cards follow'));
  here.remove();
});
