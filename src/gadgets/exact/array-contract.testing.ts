import type { TemplateResult } from 'lit';
import { expect, test } from 'vitest';
import { ExaError } from '../../protocol/errors.ts';
import { barriers, stage, textIn, until, untilPhase } from '../gadget-stage.testing.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import { emptyArrays, fakeHills, fakeSensors } from '../gallery/fake-sensors.ts';

/** A client of the made-up sensors and hills. */
export function arraysClient(): FakeClient {
  return new FakeClient([], [fakeSensors(), fakeHills()]);
}

const failure = new ExaError('offline', 'Could not read sensors: the store answered 500.');

/**
 * What every gadget of arrays keeps: the five states, nothing for axe to find in light and dark, nothing running once
 * removed, room in 320 px, and a sentence for an array without elements. `shows`: text to be seen when ready.
 */
export function arrayContract(tag: string, content: () => TemplateResult, shows: string): void {
  test(`${tag}: loading, ready`, async () => {
    const client = arraysClient();
    client.arrays.held = true;
    const here = await stage(client, content());
    const gadget = here.find(tag);
    await untilPhase(gadget, 'loading');
    expect(gadget.shadowRoot?.querySelector('.skeleton')).not.toBeNull();
    client.arrays.held = false;
    client.arrays.tellAll();
    await untilPhase(gadget, 'ready');
    await until(`${tag} shows ${shows}`, () => textIn(gadget).includes(shows));
    here.remove();
  });

  test(`${tag}: stale is dated; failed keeps the picture, says so once, and retries`, async () => {
    const client = arraysClient();
    client.arrays.coverage = { mixed: true };
    const here = await stage(client, content());
    const gadget = here.find(tag);
    const errors: unknown[] = [];
    here.root.addEventListener('exa-error', (event) => errors.push((event as CustomEvent).detail));
    await untilPhase(gadget, 'stale');
    await until('it is dated', () => textIn(gadget).includes('As of'));
    client.arrays.coverage = {};
    client.arrays.failure = failure;
    client.arrays.tellAll();
    await untilPhase(gadget, 'failed');
    expect(textIn(gadget)).toContain(failure.message);
    expect(gadget.shadowRoot?.querySelector('.picture.dimmed')).not.toBeNull();
    expect(errors).toEqual([failure]);
    client.arrays.failure = undefined;
    gadget.shadowRoot?.querySelector('exa-error-card')?.shadowRoot?.querySelector('button')?.click();
    await untilPhase(gadget, 'ready');
    here.remove();
  });

  test(`${tag}: nothing runs once it is removed; an array without elements has its sentence`, async () => {
    const client = arraysClient();
    const here = await stage(client, content());
    await untilPhase(here.find(tag), 'ready');
    await until('it asked', () => client.arrays.live.size > 0);
    here.remove();
    expect(client.arrays.live.size).toBe(0);
    expect(client.arrays.heads.size).toBe(0);
    const empty = await stage(new FakeClient([], emptyArrays()), content());
    await until('it says so', () => /has no elements|Nothing written/.test(textIn(empty.find(tag))));
    empty.remove();
  });

  test(`${tag}: fits 320 px`, async () => {
    const here = await stage(arraysClient(), content(), { width: 320 });
    const gadget = here.find(tag);
    await untilPhase(gadget, 'ready');
    await until('it is drawn', () => textIn(gadget).includes(shows));
    expect(here.root.scrollWidth).toBeLessThanOrEqual(320);
    here.remove();
  });

  for (const scheme of ['light', 'dark'] as const)
    test(`${tag}: no barriers, ${scheme}, ready and failed`, async () => {
      const client = arraysClient();
      const here = await stage(client, content(), { scheme });
      const gadget = here.find(tag);
      await untilPhase(gadget, 'ready');
      await until('it is drawn', () => textIn(gadget).includes(shows));
      expect(await barriers(here.root)).toEqual([]);
      client.arrays.failure = failure;
      client.arrays.tellAll();
      await untilPhase(gadget, 'failed');
      expect(await barriers(here.root)).toEqual([]);
      here.remove();
    });
}

/** Sends a pointer event to a place of an element, by fractions of it. */
export function point(
  area: HTMLElement,
  type: string,
  x: number,
  y: number,
  init: PointerEventInit = {},
): void {
  const box = area.getBoundingClientRect();
  area.dispatchEvent(
    new PointerEvent(type, {
      bubbles: true,
      composed: true,
      button: 0,
      pointerId: 1,
      clientX: box.left + box.width * x,
      clientY: box.top + box.height * y,
      ...init,
    }),
  );
}
