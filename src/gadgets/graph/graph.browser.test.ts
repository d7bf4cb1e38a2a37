import { html } from 'lit';
import { expect, test } from 'vitest';
import { barriers, stage, textIn, until, untilPhase } from '../gadget-stage.testing.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import './graph.ts';
import type { GraphGadget, GraphSelectEvent } from './graph.ts';

const hostile = '<img src=x onerror="window.injected=1">';
const value = {
  data: [
    { value_dict: { 0: ['Jan', `Feb${hostile}`], 1: [3, 5] }, type: 'bar', title: 'Open' },
    { value_dict: { 0: ['Jan', `Feb${hostile}`], 1: [2, 4] }, type: 'bar', title: 'Closed' },
  ],
  layout: { title: 'Requests', axis_dict: { 0: { title: 'Month' } } },
};

test.each(['light', 'dark'] as const)(
  'ERP5’s graph value, %s: drawn, named, told when a mark is pressed',
  async (scheme) => {
    const here = await stage(new FakeClient([]), html`<exa-graph></exa-graph>`, { width: 320, scheme });
    const gadget = here.find<GraphGadget>('exa-graph');
    expect(gadget.getAttribute('phase')).toBe('idle');
    await gadget.call('render', { value });
    await untilPhase(gadget, 'ready');
    const marks = () => [...(gadget.shadowRoot?.querySelectorAll<HTMLElement>('.mark') ?? [])];
    await until('marks lie over the picture', () => marks().length === 4);
    const told: unknown[] = [];
    here.root.addEventListener('exa-select', (event) => told.push((event as GraphSelectEvent).detail));
    expect(marks()[3]?.getAttribute('aria-label')).toBe(`Feb${hostile}, Closed: 4`);
    marks()[3]?.click();
    expect(told).toEqual([{ label: `Feb${hostile}`, series: 'Closed' }]);
    expect(textIn(gadget)).toContain('Requests. Most: Open:');
    expect(gadget.scrollWidth).toBeLessThanOrEqual(320);
    expect(await barriers(here.root)).toEqual([]);
    await gadget.changeState({ table: true });
    await until('a table', () => gadget.shadowRoot?.querySelectorAll('tbody tr').length === 2);
    expect(await barriers(here.root)).toEqual([]);
    expect(Reflect.get(window, 'injected')).toBeUndefined();
    here.remove();
  },
);

test('what cannot be drawn is said in a sentence, and forgotten with the next value', async () => {
  const here = await stage(new FakeClient([]), html`<exa-graph></exa-graph>`);
  const gadget = here.find<GraphGadget>('exa-graph');
  await gadget.call('render', { value: { data: [{}] } });
  await untilPhase(gadget, 'failed');
  expect(textIn(gadget)).toContain('This graph cannot be drawn');
  await gadget.call('render', { value: { data: [], layout: { title: 'None' } } });
  await untilPhase(gadget, 'ready');
  expect(textIn(gadget)).toContain('Nothing to draw');
  here.remove();
});
