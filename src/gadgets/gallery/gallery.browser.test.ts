import { html, render } from 'lit';
import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { Gadget } from '../gadget.ts';
import { barriers, until } from '../gadget-stage.testing.ts';
import { galleryTags } from './gallery.ts';
import { galleryStates } from './gallery-states.ts';

const phases = {
  ready: 'ready',
  loading: 'loading',
  stale: 'stale',
  failed: 'failed',
  'failed-after': 'failed',
  empty: 'ready',
  long: 'ready',
} as const;

afterEach(() => render(html``, document.body));

// Some thirty gadgets in fifteen pictures each, one after the other, and axe over all of them.
test('every gadget comes to every state, without barriers', { timeout: 300_000 }, async () => {
  // Only what is in sight works at once.
  await page.viewport(1440, 1200);
  document.documentElement.lang = 'en';
  document.title = 'Gallery';
  document.body.style.margin = '0';
  render(html`<main><h1>Gallery</h1><exa-gallery></exa-gallery></main>`, document.body);
  const gallery = document.querySelector('exa-gallery')!;
  const shown = (): Gadget[] => [
    ...(gallery.shadowRoot?.querySelectorAll<Gadget>('.scheme figure:not(.wide) :is([dataset], [array])') ??
      []),
  ];
  await until(
    'all stand there',
    () => shown().length === galleryTags.length * (2 * galleryStates.length + 1),
  );
  for (const gadget of shown()) {
    const caption = gadget.closest('figure')?.querySelector('figcaption')?.textContent ?? '';
    const state = galleryStates.find((one) => caption.startsWith(`${one},`)) ?? 'ready';
    // What is out of sight asks for nothing.
    gadget.scrollIntoView({ block: 'center' });
    await until(`${gadget.localName} is ${caption}`, () => gadget.getAttribute('phase') === phases[state]);
    expect(gadget.scrollWidth, `${gadget.localName} ${caption}`).toBeLessThanOrEqual(320);
  }
  for (const view of gallery.shadowRoot!.querySelectorAll<Gadget>('exa-page, exa-cite, exa-compare')) {
    const caption = view.closest('figure')?.querySelector('figcaption')?.textContent ?? '';
    const phase = caption.startsWith('gone') ? 'failed' : 'ready';
    await until(`${view.localName} is ${caption}`, () => view.getAttribute('phase') === phase);
  }
  expect(await barriers(document.body)).toEqual([]);
});
