import { html } from 'lit';
import { expect, test } from 'vitest';
import type { ArrayClient } from '../../protocol/array-client.ts';
import { cancelled } from '../../protocol/errors.ts';
import { goTo } from '../../protocol/workspace.ts';
import { arraysClient } from '../exact/array-contract.testing.ts';
import { barriers, stage, textIn, until, untilPhase } from '../gadget-stage.testing.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import { fakeSensorStarts } from '../gallery/fake-sensors.ts';
import './array.ts';
import type { MatrixGadget } from '../matrix/matrix.ts';
import type { ArrayView } from './array.ts';

async function staged(array: string | undefined, width = 1000) {
  const here = await stage(arraysClient(), html`<exa-array .workspace=${goTo('array', array)}></exa-array>`, {
    width,
  });
  const gadget = here.find<ArrayView>('exa-array');
  await untilPhase(gadget, 'ready');
  const submit = async (id: string, text: string): Promise<void> => {
    await until('the box is there', () => gadget.renderRoot.querySelector(`#${id}`) !== null);
    const input = gadget.renderRoot.querySelector<HTMLInputElement>(`#${id}`)!;
    input.value = text;
    input.form!.requestSubmit();
    await gadget.updateComplete;
  };
  return { here, gadget, submit };
}

test('lists the arrays where none is named; none at all says how to bring one in', async () => {
  const { here, gadget } = await staged(undefined);
  await until('they are listed', () => textIn(gadget).includes('10¹⁸ × 2'));
  expect(gadget.renderRoot.querySelector('a')?.getAttribute('href')).toBe('#/array?data=sensors');
  here.remove();
  const bare = await stage(new FakeClient([]), html`<exa-array .workspace=${goTo('array')}></exa-array>`);
  await until('it says so', () => textIn(bare.find('exa-array')).includes('No arrays'));
  bare.remove();
});

test('an index, a part, a written region: one place for lines, cells and values', async () => {
  const { here, gadget, submit } = await staged('sensors');
  const start = fakeSensorStarts[1]!;
  await submit('index', String(start + 7n));
  expect(gadget.state.cell).toBe(`${start + 7n},0`);
  expect(gadget.state.rows).toBe(`${start - 13n}.5:${start + 27n}.5`);
  await until('the cells are there', () =>
    textIn(gadget).includes(String(start + 7n).replace(/\B(?=(\d{3})+$)/g, ',')),
  );
  await submit('slice', '0:1e12, 0');
  expect([gadget.state.rows, gadget.state.lines]).toEqual(['0:1000000000000', '0']);
  await submit('slice', '5:5');
  await until('it says why', () => textIn(gadget).includes('“5:5” is empty'));
  await submit('index', '1e18');
  await until('it says why', () => textIn(gadget).includes('the last index is 999,999,999,999,999,999'));
  const next = [...gadget.renderRoot.querySelectorAll<HTMLButtonElement>('.tools button')].find((button) =>
    button.textContent?.includes('Next written region'),
  )!;
  next.click();
  await until('the next region is in view', () => gadget.state.rows.startsWith(String(start).slice(0, 12)));
  here.remove();
});

test('a map for two long axes; no barriers, wide and on a phone', async () => {
  for (const [array, width] of [
    ['hills', 1000],
    ['sensors', 360],
  ] as const) {
    const { here, gadget } = await staged(array, width);
    await until('it is drawn', () => /1 (cell|point) =/.test(textIn(gadget)));
    expect(await barriers(here.root)).toEqual([]);
    expect(here.root.scrollWidth).toBeLessThanOrEqual(width);
    here.remove();
  }
});

test('a matrix scrolled by hand stays where it is while the pointer moves over a line', async () => {
  const { here, gadget, submit } = await staged('sensors');
  const start = fakeSensorStarts[1]!;
  await submit('index', String(start + 500n));
  const matrix = () => gadget.renderRoot.querySelector<MatrixGadget>('exa-matrix');
  await until(
    'the cell is in view',
    () => matrix()?.active?.row === start + 500n && matrix()?.renderRoot.querySelector('.view') !== null,
  );
  const view = matrix()!.renderRoot.querySelector<HTMLElement>('.view')!;
  view.dispatchEvent(
    new WheelEvent('wheel', { deltaY: 2000, bubbles: true, composed: true, cancelable: true }),
  );
  const { top } = matrix()!;
  expect(top).toBeGreaterThan((start + 500n) * 1_000_000n);
  gadget.point = start + 501n;
  await gadget.updateComplete;
  await new Promise((done) => setTimeout(done, 400));
  expect(matrix()!.top).toBe(top);
  await submit('slice', '0:1000');
  await until('it follows what is in view', () => matrix()!.top === 0n);
  here.remove();
});

test('a use other chunks would suit better is said, and the array copied into them, with progress and a way out', async () => {
  const client = arraysClient();
  client.arrays.advice = { topology: 'columns', chunk: [32_768, 1], times: 16, sentence: '16 times less.' };
  const steps: { signal?: AbortSignal; progress?: (done: number) => void; end: () => void }[] = [];
  const asked: unknown[] = [];
  client.arrays.rechunk = (...args: unknown[]) => {
    const [array, chunk, options = {}] = args as Parameters<ArrayClient['rechunk']>;
    asked.push([array, chunk]);
    return new Promise((resolve, reject) => {
      steps.push({ ...options, end: resolve });
      options.signal?.addEventListener('abort', () => reject(cancelled()));
    });
  };
  const here = await stage(client, html`<exa-array .workspace=${goTo('array', 'sensors')}></exa-array>`);
  const gadget = here.find<ArrayView>('exa-array');
  await untilPhase(gadget, 'ready');
  const advice = () => gadget.renderRoot.querySelector('exa-geometry-advice')!;
  const root = () => advice().shadowRoot!;
  const button = (name: string) =>
    [...root().querySelectorAll('button')].find(({ textContent }) => textContent?.includes(name));
  gadget.renderRoot.querySelector('details')!.open = true;
  const use = root().querySelector('select')!;
  use.value = 'columns';
  use.dispatchEvent(new Event('change'));
  await until('it is said', () => root().textContent?.includes('16 times less.') === true);
  button('Rechunk')!.click();
  await until('it goes on', () => steps.length === 1);
  steps[0]!.progress!(0.25);
  await until('it shows how far', () => root().querySelector('progress')?.value === 0.25);
  button('Cancel')!.click();
  await until('it is as before', () => button('Rechunk') !== undefined);
  expect(root().querySelector('[role=alert]')).toBeNull();
  button('Rechunk')!.click();
  await until('it goes on again', () => steps.length === 2);
  steps[1]!.end();
  await until('it is done', () => root().textContent?.includes('Done') === true);
  expect(asked).toEqual([
    ['sensors', 'columns'],
    ['sensors', 'columns'],
  ]);
  here.remove();
});
