import type { TemplateResult } from 'lit';
import { expect, test } from 'vitest';
import { ExaError } from '../../protocol/errors.ts';
import { hostileOrders } from '../gadget-contract.testing.ts';
import { barriers, type Stage, stage, textIn, until, untilPhase } from '../gadget-stage.testing.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import { fakeOrders } from '../gallery/fake-shop.ts';

const failure = new ExaError('broken', 'The fit broke off: block 12 could not be read.');

/** Presses the button of a name inside a gadget. */
export function press(here: Stage, tag: string, name: string): void {
  const buttons = [...(here.find(tag).shadowRoot?.querySelectorAll('button') ?? [])];
  const found = buttons.find((button) => (button.textContent ?? '').replace(/\s+/g, ' ').trim() === name);
  if (!found) throw new Error(`${tag} has no button “${name}”.`);
  found.click();
}

/**
 * What every gadget of a fitted model keeps: loading, a first picture from a sample with progress, pause, resume and
 * cancel, the end, failure and retry, an end to all work when removed, text that stays text, 320 px, no barriers.
 */
export function fitContract(tag: string, content: () => TemplateResult, shows: string): void {
  test(`${tag}: loading, a sample with progress, pause, resume, the end`, async () => {
    const client = new FakeClient([fakeOrders()]);
    client.fits.held = true;
    client.fits.slow = true;
    const here = await stage(client, content());
    const gadget = here.find(tag);
    await untilPhase(gadget, 'loading');
    expect(gadget.shadowRoot?.querySelector('.skeleton')).not.toBeNull();
    client.fits.held = false;
    client.fits.tellAll();
    await untilPhase(gadget, 'ready');
    await until('the sample is said', () =>
      textIn(gadget).includes('Sample of 1,000; 12% of pages; 40 s left'),
    );
    press(here, tag, 'Pause');
    await until('it says paused', () => textIn(gadget).includes('paused'));
    press(here, tag, 'Resume');
    await until('it goes on', () => !textIn(gadget).includes('paused'));
    client.fits.finish();
    await until('it is whole', () => textIn(gadget).includes('6,500,000 rows'));
    expect(client.fits.running.size).toBe(0);
    await until(`it shows ${shows}`, () => textIn(gadget).includes(shows));
    here.remove();
  });

  test(`${tag}: cancel keeps the picture and goes on when asked; removal ends the fit`, async () => {
    const client = new FakeClient([fakeOrders()]);
    client.fits.slow = true;
    const here = await stage(client, content());
    await until('it runs', () => textIn(here.find(tag)).includes('Sample of 1,000'));
    press(here, tag, 'Cancel');
    await until('it says so', () => textIn(here.find(tag)).includes('Stopped'));
    expect(client.fits.running.size).toBe(0);
    press(here, tag, 'Go on');
    await until('it runs again', () => client.fits.running.size === 1);
    here.remove();
    expect(client.fits.running.size).toBe(0);
    expect(client.heads.size).toBe(0);
  });

  test(`${tag}: a failure is a card with a retry`, async () => {
    const client = new FakeClient([fakeOrders()]);
    client.fits.failure = failure;
    const here = await stage(client, content());
    const gadget = here.find(tag);
    await untilPhase(gadget, 'failed');
    expect(textIn(gadget)).toContain(failure.message);
    client.fits.failure = undefined;
    gadget.shadowRoot?.querySelector('exa-error-card')?.shadowRoot?.querySelector('button')?.click();
    await untilPhase(gadget, 'ready');
    here.remove();
  });

  test(`${tag}: text in data stays text; the table behind the chart`, async () => {
    const here = await stage(new FakeClient([hostileOrders()]), content());
    const gadget = here.find(tag);
    await untilPhase(gadget, 'ready');
    press(here, tag, 'Show as a table');
    await until('there is a table', () => gadget.shadowRoot?.querySelector('.table table') != null);
    expect(Reflect.get(window, 'injected')).toBeUndefined();
    expect(gadget.shadowRoot?.querySelector('img, script')).toBeNull();
    here.remove();
  });

  for (const scheme of ['light', 'dark'] as const)
    test(`${tag}: no barriers and room in 320 px, ${scheme}: running, ready, as a table, failed`, async () => {
      const client = new FakeClient([fakeOrders()]);
      client.fits.slow = true;
      const here = await stage(client, content(), { scheme, width: 320 });
      const gadget = here.find(tag);
      await until('it runs', () => textIn(gadget).includes('Sample of 1,000'));
      expect(await barriers(here.root)).toEqual([]);
      client.fits.finish();
      await until(`it shows ${shows}`, () => textIn(gadget).includes(shows));
      expect(await barriers(here.root)).toEqual([]);
      expect(here.root.scrollWidth).toBeLessThanOrEqual(320);
      press(here, tag, 'Show as a table');
      await until('there is a table', () => gadget.shadowRoot?.querySelector('.table table') != null);
      expect(await barriers(here.root)).toEqual([]);
      here.remove();
    });
}
