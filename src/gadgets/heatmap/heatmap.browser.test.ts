import { html } from 'lit';
import { expect, test } from 'vitest';
import { ExaError } from '../../protocol/errors.ts';
import { arrayContract, arraysClient, point } from '../exact/array-contract.testing.ts';
import { stage, textIn, until, untilPhase } from '../gadget-stage.testing.ts';
import './heatmap.ts';
import type { HeatmapGadget } from './heatmap.ts';

const map = () => html`<exa-heatmap array="hills"></exa-heatmap>`;

arrayContract('exa-heatmap', map, '1 cell =');

test('to single elements and their exact values, colours about zero, at most 512 by 512 cells', async () => {
  const client = arraysClient();
  const here = await stage(client, map());
  const gadget = here.find<HeatmapGadget>('exa-heatmap');
  await untilPhase(gadget, 'ready');
  await until('all is shown', () => /1 cell = [\d,]+ × [\d,]+ elements/.test(textIn(gadget)));
  await gadget.call('goTo', '499999792', '1000000048', '64');
  await until('cells are elements', () => textIn(gadget).includes('1 cell = 1 element'));
  expect(gadget.state.rows).toBe('499999760.5:499999824.5');
  const area = gadget.renderRoot.querySelector<HTMLElement>('.area')!;
  point(area, 'pointermove', 0.5, 0.5);
  await until('it is named', () => textIn(gadget).includes('Row 499,999,792, column 1,000,000,048'));
  await gadget.changeState({ colors: 'puor' });
  await until('zero is in the middle', () => {
    const text = textIn(gadget).match(/−([\d.]+) ([\d.]+)/);
    return text !== null && text[1] === text[2];
  });
  for (const question of client.arrays.asked)
    if ('pixels' in question) expect(Math.max(...question.pixels)).toBeLessThanOrEqual(512);
  here.remove();
});

test('a view measured anew while it failed asks again and says nothing twice', async () => {
  const client = arraysClient();
  const here = await stage(client, map());
  const gadget = here.find<HeatmapGadget>('exa-heatmap');
  await untilPhase(gadget, 'ready');
  const phases: (string | null)[] = [];
  const errors: unknown[] = [];
  here.root.addEventListener('exa-error', (event) => errors.push((event as CustomEvent).detail));
  client.arrays.failure = new ExaError('offline', 'Could not read hills: the store answered 500.');
  client.arrays.tellAll();
  await untilPhase(gadget, 'failed');
  const watch = new MutationObserver(() => phases.push(gadget.getAttribute('phase')));
  watch.observe(gadget, { attributeFilter: ['phase'] });
  const resize = async (width: number) => {
    const asked = client.arrays.asked.length;
    gadget.style.width = `${width}px`;
    await until('it asks for its new size', () => client.arrays.asked.length > asked);
    await gadget.updateComplete;
  };
  await resize(420);
  await resize(460);
  expect(new Set(phases)).toEqual(new Set(phases.length ? ['failed'] : []));
  expect(errors).toEqual([client.arrays.failure]);
  client.arrays.failure = undefined;
  gadget.shadowRoot?.querySelector('exa-error-card')?.shadowRoot?.querySelector('button')?.click();
  await untilPhase(gadget, 'ready');
  watch.disconnect();
  here.remove();
});

test('the canvas is coloured where something is written', async () => {
  const here = await stage(arraysClient(), map());
  const gadget = here.find<HeatmapGadget>('exa-heatmap');
  await untilPhase(gadget, 'ready');
  await gadget.call('goTo', '499999792', '1000000048', '64');
  await until('cells are elements', () => textIn(gadget).includes('1 cell = 1 element'));
  await until('it is drawn', () => {
    const canvas = gadget.renderRoot.querySelector<HTMLCanvasElement>('canvas.data')!;
    const ctx = canvas.getContext('2d')!;
    const { data } = ctx.getImageData(canvas.width / 2, canvas.height / 2, 40, 40);
    const colors = new Set<number>();
    for (let i = 0; i < data.length; i += 4)
      colors.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!);
    return colors.size > 3;
  });
  here.remove();
});

test('cross-sections through the pointer are drawn above and beside the map, and leave with it', async () => {
  const here = await stage(arraysClient(), map(), { width: 900 });
  const gadget = here.find<HeatmapGadget>('exa-heatmap');
  await untilPhase(gadget, 'ready');
  await gadget.call('goTo', '499999792', '1000000048', '64');
  await until('cells are elements', () => textIn(gadget).includes('1 cell = 1 element'));
  const area = gadget.renderRoot.querySelector<HTMLElement>('.area')!;
  const canvas = gadget.renderRoot.querySelector<HTMLCanvasElement>('canvas.data')!;
  /** Pixels drawn in a part of the canvas, CSS px. */
  const inked = (x: number, y: number, width: number, height: number): number => {
    const density = window.devicePixelRatio || 1;
    const [left, top, wide, high] = [x, y, width, height].map((px) => Math.floor(px * density));
    const { data } = canvas.getContext('2d')!.getImageData(left!, top!, wide!, high!);
    return data.filter((alpha, i) => i % 4 === 3 && alpha > 0).length;
  };
  const above = () => inked(area.offsetLeft + 4, 0, area.clientWidth - 8, area.offsetTop - 4);
  const beside = () => {
    const from = area.offsetLeft + area.clientWidth + 4;
    return inked(from, area.offsetTop + 4, canvas.clientWidth - from, area.clientHeight - 8);
  };
  await until('there is nothing yet', () => above() === 0 && beside() === 0);
  point(area, 'pointermove', 0.5, 0.5);
  await until('they are drawn', () => above() > area.clientWidth / 2 && beside() > area.clientHeight / 2);
  point(area, 'pointerleave', 0.5, 0.5);
  await until('they are gone', () => above() === 0 && beside() === 0);
  here.remove();
});
