import { html } from 'lit';
import { expect, test } from 'vitest';
import { arrayContract, arraysClient, point } from '../exact/array-contract.testing.ts';
import { stage, textIn, until, untilPhase } from '../gadget-stage.testing.ts';
import { fakeSensorStarts } from '../gallery/fake-sensors.ts';
import './series.ts';
import type { SeriesGadget } from './series.ts';

const series = () => html`<exa-series array="sensors" overview></exa-series>`;

arrayContract('exa-series', series, '1 point =');

const start = fakeSensorStarts[1]!;

async function staged() {
  const client = arraysClient();
  const here = await stage(client, series());
  const gadget = here.find<SeriesGadget>('exa-series');
  await untilPhase(gadget, 'ready');
  const area = () => gadget.renderRoot.querySelector<HTMLElement>('.area')!;
  await until('it is drawn', () => area() !== null && textIn(gadget).includes('1 point ='));
  return { client, here, gadget, area: area() };
}

test('all of 10^18 rows says what a point is, and what was never written', async () => {
  const { here, gadget } = await staged();
  await until('it is named', () => textIn(gadget).includes('Unwritten: fill value NaN'));
  expect(textIn(gadget)).toMatch(/1 point = [\d,]{15,} rows/);
  here.remove();
});

test('keys and the wheel zoom to single rows; the state is exact; hover names the exact row', async () => {
  const { here, gadget, area } = await staged();
  await gadget.call('goTo', String(start + 500n), '40');
  await until('points are rows', () => textIn(gadget).includes('1 point = 1 row'));
  expect(gadget.state.view).toBe(`${start + 480n}.5:${start + 520n}.5`);
  point(area, 'pointermove', 0.5, 0.5);
  const name = String(start + 500n).replace(/\B(?=(\d{3})+$)/g, ',');
  await until('the row is named', () => textIn(gadget).includes(`Row ${name}`));
  area.dispatchEvent(new KeyboardEvent('keydown', { key: '-', bubbles: true }));
  await gadget.updateComplete;
  expect(gadget.state.view).toBe(`${start + 460n}.5:${start + 540n}.5`);
  const box = area.getBoundingClientRect();
  const wheel = new WheelEvent('wheel', {
    deltaY: -315,
    clientX: box.left + box.width / 2,
    clientY: box.top + 10,
    bubbles: true,
    composed: true,
    cancelable: true,
  });
  area.dispatchEvent(wheel);
  expect(wheel.defaultPrevented).toBe(true);
  await until(
    'the wheel has settled',
    () => gadget.moving === undefined && !gadget.state.view.endsWith(`${start + 540n}.5`),
  );
  const [from, to] = gadget.state.view.split(':').map((text) => BigInt(text.split('.')[0]!));
  expect(to! - from!).toBeLessThan(50n);
  area.dispatchEvent(new KeyboardEvent('keydown', { key: '0', bubbles: true }));
  await gadget.updateComplete;
  expect(gadget.state.view).toBe('');
  here.remove();
});

test('Shift and drag select rows for the group, Escape drops them', async () => {
  const { here, gadget, area } = await staged();
  area.setPointerCapture = () => {};
  await gadget.call('goTo', String(start + 500n), '100');
  await until('points are rows', () => textIn(gadget).includes('1 point = 1 row'));
  point(area, 'pointerdown', 0.2, 0.5, { shiftKey: true });
  point(area, 'pointermove', 0.5, 0.5, { shiftKey: true });
  point(area, 'pointerup', 0.5, 0.5, { shiftKey: true });
  const held = here.group.state.filters['series.sensors'];
  expect(held?.dataset).toBe('sensors');
  expect(held?.filter).toMatchObject({ op: 'range', column: '_row', from: String(start + 470n) });
  await until('it is shaded', () => gadget.renderRoot.querySelectorAll('.edge').length === 2);
  area.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  expect(here.group.state.filters).toEqual({});
  here.remove();
});

test('a drag pans by what the pointer moved, and asks for no more than the screen', async () => {
  const { client, here, gadget, area } = await staged();
  area.setPointerCapture = () => {};
  await gadget.call('goTo', String(start + 500n), '100');
  point(area, 'pointerdown', 0.6, 0.5);
  point(area, 'pointermove', 0.5, 0.5);
  point(area, 'pointermove', 0.4, 0.5);
  point(area, 'pointerup', 0.4, 0.5);
  await gadget.updateComplete;
  const from = Number(gadget.state.view.split(':')[0]!.slice(-6)) - Number(String(start).slice(-4));
  expect(Math.abs(from - 470.5)).toBeLessThan(1);
  await until('what comes next is fetched behind it', () =>
    client.arrays.asked.some((question) => 'ahead' in question && question.ahead?.[0] === 1),
  );
  for (const question of client.arrays.asked)
    if ('pixels' in question) expect(Math.max(...question.pixels)).toBeLessThanOrEqual(4000);
  here.remove();
});

test('the table holds the exact rows in view', async () => {
  const { here, gadget } = await staged();
  await gadget.call('goTo', String(start + 500n), '10');
  await gadget.changeState({ table: true });
  await until('the table shows', () => gadget.renderRoot.querySelectorAll('tbody tr').length >= 10);
  expect(textIn(gadget)).toContain(String(start + 500n).replace(/\B(?=(\d{3})+$)/g, ','));
  here.remove();
});
