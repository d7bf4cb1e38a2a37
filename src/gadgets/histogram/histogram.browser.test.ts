import { html } from 'lit';
import { expect, test } from 'vitest';
import { arrayContract, arraysClient } from '../exact/array-contract.testing.ts';
import { extentOf } from '../exact/extent.ts';
import { indexFilter } from '../exact/range-filter.ts';
import { stage, textIn, until, untilPhase } from '../gadget-stage.testing.ts';
import { fakeSensorStarts } from '../gallery/fake-sensors.ts';
import './histogram.ts';

const start = fakeSensorStarts[1]!;
const range = extentOf({ start, end: start + 1024n });
const histogram = () => html`<exa-histogram array="sensors" column="0" .range=${range}></exa-histogram>`;

arrayContract('exa-histogram', histogram, 'Values in view');

test('counts every number of the part in view; a range of rows that others chose goes first', async () => {
  const client = arraysClient();
  const here = await stage(client, histogram());
  const gadget = here.find('exa-histogram');
  await untilPhase(gadget, 'ready');
  await until('it is summed up', () => textIn(gadget).includes('1,024 values from'));
  const filter = indexFilter(0, { start: start + 10n, end: start + 20n });
  here.group.state = { filters: { other: { dataset: 'sensors', filter } }, compare: true };
  await until('ten are left', () => textIn(gadget).includes('10 values from'));
  const last = client.arrays.asked[client.arrays.asked.length - 1];
  expect(last).toMatchObject({ start: [start + 10n, 0n], end: [start + 20n, 1n] });
  here.remove();
});

test('brushing values filters the group by value', async () => {
  const here = await stage(arraysClient(), histogram());
  const gadget = here.find('exa-histogram');
  await untilPhase(gadget, 'ready');
  const thumb = () =>
    gadget.shadowRoot
      ?.querySelector('exa-brush-layer')
      ?.shadowRoot?.querySelector<HTMLElement>('[role=slider]');
  await until('it can be brushed', () => thumb() instanceof HTMLElement);
  thumb()!.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
  expect(here.group.state.filters['histogram.sensors']?.filter).toMatchObject({
    op: 'range',
    column: '_value',
  });
  here.remove();
});
