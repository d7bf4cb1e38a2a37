import { html } from 'lit';
import { expect, test } from 'vitest';
import { stage, textIn, until, untilPhase } from '../gadget-stage.testing.ts';
import { fakeArray } from '../gallery/fake-arrays.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import '../heatmap/heatmap.ts';
import '../histogram/histogram.ts';
import '../matrix/matrix.ts';
import '../series/series.ts';
import { point } from './array-contract.testing.ts';

/** Nothing but NaN, ±∞ and one number, or not even that. */
function wild(numbers: readonly number[]): FakeClient {
  const at = ([row = 0, column = 0]: readonly number[]) => numbers[(row + column) % numbers.length]!;
  const region = { start: [0n, 0n], shape: [64, 8], at };
  return new FakeClient([], [fakeArray('wild', [64n, 8n], [region])]);
}

const gadgets = {
  'exa-series': html`<exa-series array="wild"></exa-series>`,
  'exa-heatmap': html`<exa-heatmap array="wild"></exa-heatmap>`,
  'exa-matrix': html`<exa-matrix array="wild"></exa-matrix>`,
  'exa-histogram': html`<exa-histogram array="wild"></exa-histogram>`,
};

for (const [what, numbers] of [
  ['NaN, ±∞ and a number', [Number.NaN, Infinity, -Infinity, 3]],
  ['nothing but NaN', [Number.NaN]],
  ['nothing but ∞', [Infinity]],
] as const)
  for (const [tag, content] of Object.entries(gadgets))
    test(`${tag} of ${what} is drawn and fails nowhere`, async () => {
      const here = await stage(wild(numbers), content);
      const gadget = here.find(tag);
      const errors: unknown[] = [];
      here.root.addEventListener('exa-error', (event) => errors.push((event as CustomEvent).detail));
      await untilPhase(gadget, 'ready');
      const area = gadget.renderRoot.querySelector<HTMLElement>('.area');
      if (area) {
        point(area, 'pointermove', 0.5, 0.5);
        await until('what is there is named', () => /Row \d+/.test(textIn(gadget)));
      }
      if (tag === 'exa-matrix') await until('cells are shown', () => /NaN|∞/.test(textIn(gadget)));
      if (tag === 'exa-histogram' && numbers.length > 1)
        await until('numbers are counted', () => textIn(gadget).includes('128 values from'));
      await gadget.updateComplete;
      expect(errors).toEqual([]);
      expect(gadget.getAttribute('phase')).toBe('ready');
      expect(textIn(gadget)).not.toMatch(/undefined|Infinity/);
      here.remove();
    });
