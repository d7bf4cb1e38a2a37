import { html } from 'lit';
import { expect, test } from 'vitest';
import { ExaError } from '../../protocol/errors.ts';
import { arrayContract, arraysClient } from '../exact/array-contract.testing.ts';
import { stage, textIn, until, untilPhase } from '../gadget-stage.testing.ts';
import { fakeSensorStarts } from '../gallery/fake-sensors.ts';
import './matrix.ts';
import type { MatrixGadget } from './matrix.ts';

const matrix = () => html`<exa-matrix array="sensors"></exa-matrix>`;

arrayContract('exa-matrix', matrix, '1,000,000,000,000,000,000 rows');

async function staged() {
  const client = arraysClient();
  const here = await stage(client, matrix());
  const gadget = here.find<MatrixGadget>('exa-matrix');
  await untilPhase(gadget, 'ready');
  const view = gadget.renderRoot.querySelector<HTMLElement>('.view')!;
  const press = (key: string, init: KeyboardEventInit = {}): void => {
    view.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init }));
  };
  const active = (): HTMLElement | null => gadget.renderRoot.querySelector<HTMLElement>('.cell.active');
  return { client, here, gadget, view, press, active };
}

test('goes to the last of 10^18 rows, by name and by key, and says what is no index', async () => {
  const { here, gadget, press, active } = await staged();
  await gadget.call('goTo', '999 999 999 999 999 999', '1');
  await until('it is there', () => active()?.dataset.row === '999999999999999999');
  press('Home', { ctrlKey: true });
  await until('it is at the first', () => active()?.dataset.row === '0');
  press('End', { ctrlKey: true });
  await until('it is at the last', () => active()?.dataset.row === '999999999999999999');
  await expect(gadget.call('goTo', '1e18')).rejects.toThrow('the last index is 999,999,999,999,999,999');
  await gadget.call('goTo', '1e17');
  await until('it is unwritten there', () => textIn(gadget).includes('Unwritten: fill value NaN'));
  here.remove();
});

test('scrolls by fractions of a row, exactly, and never past the end', async () => {
  const { here, gadget, view } = await staged();
  const wheel = (deltaY: number): void => {
    view.dispatchEvent(new WheelEvent('wheel', { deltaY, bubbles: true, composed: true, cancelable: true }));
  };
  await gadget.call('goTo', String(fakeSensorStarts[1]! + 100n));
  await gadget.updateComplete;
  const before = gadget.top;
  for (let i = 0; i < 10; i++) wheel(7);
  for (let i = 0; i < 10; i++) wheel(-7);
  expect(gadget.top).toBe(before);
  await gadget.call('goTo', '-1');
  const last = gadget.top;
  wheel(1e6);
  await gadget.updateComplete;
  expect(gadget.top - last).toBeLessThan(1_000_000n);
  here.remove();
});

test('selected cells are copied as tab-separated text', async () => {
  const { here, gadget, press, active } = await staged();
  await gadget.call('goTo', String(fakeSensorStarts[1]!), '0');
  await until('it is there', () => active() !== null);
  press('ArrowDown', { shiftKey: true });
  press('ArrowRight', { shiftKey: true });
  await gadget.updateComplete;
  const lines = String(await gadget.call('getSelectionText')).split('\n');
  expect(lines.length).toBe(2);
  expect(lines.map((line) => line.split('\t').length)).toEqual([2, 2]);
  expect(lines[0]).toMatch(/^[\d.]+\t0\.45$/);
  here.remove();
});

test('an edit is written as the element it is, shown at once; what does not fit is refused in a sentence', async () => {
  const { client, here, gadget, press, active } = await staged();
  await gadget.call('goTo', String(fakeSensorStarts[1]!), '1');
  await until('it is there', () => active() !== null);
  const input = () => gadget.renderRoot.querySelector<HTMLInputElement>('.cell input');
  const type = async (text: string): Promise<void> => {
    press('Enter');
    await until('it is edited', () => input() !== null);
    input()!.value = text;
    input()!.dispatchEvent(new Event('input', { bubbles: true }));
    input()!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    await gadget.updateComplete;
  };
  await type('12.5');
  expect(client.arrays.written.length).toBe(1);
  const { at, elements } = client.arrays.written[0]!;
  expect([at, elements.dtype, [...elements.values]]).toEqual([
    `${fakeSensorStarts[1]}, 1`,
    'float64',
    [12.5],
  ]);
  await until('it shows', () => active()?.textContent?.includes('12.5') === true);
  await type('a lot');
  expect(client.arrays.written.length).toBe(1);
  await until('it says why', () =>
    textIn(gadget).includes('“a lot” is no number: this array holds float64.'),
  );
  client.arrays.write = () => {
    const refused = Promise.reject(new ExaError('refused', 'This array is read only.'));
    refused.catch(() => {});
    return { kept: Promise.resolve(), stored: refused as never };
  };
  await type('7');
  await until('it says why', () => textIn(gadget).includes('This array is read only.'));
  here.remove();
});
