import type { TemplateResult } from 'lit';
import { expect, test } from 'vitest';
import { ExaError } from '../protocol/errors.ts';
import { barriers, stage, textIn, until, untilPhase } from './gadget-stage.testing.ts';
import { FakeClient } from './gallery/fake-client.ts';
import { fakeOrders } from './gallery/fake-shop.ts';
import type { FakeTable } from './gallery/fake-table.ts';

const hostile = '<img src=x onerror="window.injected=1"><script>window.injected=1</script>';

/** The orders of the fake shop, with markup in every text column and label. */
export function hostileOrders(): FakeTable {
  const { head, rows } = fakeOrders(30);
  const labels = Object.fromEntries(
    Object.entries(head.profile.labels).map(([id, text]) => [id, text + hostile]),
  );
  const measures = head.profile.measures.map((one) => ({ ...one, label: one.label + hostile }));
  return {
    head: { ...head, name: hostile, profile: { ...head.profile, labels, measures } },
    rows: rows.map((row) => ({ ...row, c3: hostile, c4: hostile, c7: hostile })),
  };
}

/**
 * What every gadget keeps, whatever it draws: the five states, nothing for axe to find in light and dark, nothing
 * running once removed, text that stays text, and room in 320 px. `shows`: text to be seen when ready.
 */
export function gadgetContract(tag: string, content: () => TemplateResult, shows: string): void {
  test(`${tag}: idle without a client's answer to want, loading, ready`, async () => {
    const client = new FakeClient([fakeOrders()]);
    client.held = true;
    const here = await stage(client, content());
    const gadget = here.find(tag);
    await untilPhase(gadget, 'loading');
    expect(gadget.getAttribute('aria-busy')).toBe('true');
    expect(gadget.shadowRoot?.querySelector('.skeleton')).not.toBeNull();
    client.tellProgress(0.5);
    client.held = false;
    client.tellAll();
    await untilPhase(gadget, 'ready');
    await until(`${tag} shows ${shows}`, () => textIn(gadget).includes(shows));
    expect(gadget.getAttribute('aria-busy')).toBe('false');
    here.remove();
  });

  test(`${tag}: stale is dated and says how little it covers; failed keeps the picture, says so once, and retries`, async () => {
    const client = new FakeClient([fakeOrders()]);
    client.coverage = { mixed: true, blocks: 1, blocksTotal: 8, rows: 25, rowsTotal: 200 };
    const here = await stage(client, content());
    const gadget = here.find(tag);
    const errors: unknown[] = [];
    here.root.addEventListener('exa-error', (event) => errors.push((event as CustomEvent).detail));
    await untilPhase(gadget, 'stale');
    await until('it is dated', () => /As of .* \(12% of rows\)/.test(textIn(gadget)));
    client.coverage = {};
    client.failure = new ExaError('offline', 'Could not read Orders: the store answered 500.');
    client.tellAll();
    await untilPhase(gadget, 'failed');
    expect(textIn(gadget)).toContain('Could not read Orders: the store answered 500.');
    expect(gadget.shadowRoot?.querySelector('.picture.dimmed')).not.toBeNull();
    expect(errors).toEqual([client.failure]);
    client.failure = undefined;
    const card = gadget.shadowRoot?.querySelector('exa-error-card');
    card?.shadowRoot?.querySelector('button')?.click();
    await untilPhase(gadget, 'ready');
    here.remove();
  });

  test(`${tag}: nothing runs once it is removed`, async () => {
    const client = new FakeClient([fakeOrders()]);
    const here = await stage(client, content());
    await untilPhase(here.find(tag), 'ready');
    expect(client.live.size).toBeGreaterThan(0);
    here.remove();
    expect(client.live.size).toBe(0);
    expect(client.heads.size).toBe(0);
  });

  test(`${tag}: text in data stays text`, async () => {
    const here = await stage(new FakeClient([hostileOrders()]), content());
    await untilPhase(here.find(tag), 'ready');
    await until('it is drawn', () => textIn(here.find(tag)).length > 0);
    expect(Reflect.get(window, 'injected')).toBeUndefined();
    expect(here.find(tag).shadowRoot?.querySelector('img, script')).toBeNull();
    here.remove();
  });

  test(`${tag}: fits 320 px`, async () => {
    const here = await stage(new FakeClient([fakeOrders()]), content(), { width: 320 });
    const gadget = here.find(tag);
    await untilPhase(gadget, 'ready');
    await until('it is drawn', () => textIn(gadget).includes(shows));
    expect(gadget.getBoundingClientRect().width).toBeLessThanOrEqual(320);
    expect(here.root.scrollWidth).toBeLessThanOrEqual(320);
    here.remove();
  });

  for (const scheme of ['light', 'dark'] as const)
    test(`${tag}: no barriers, ${scheme}, ready and failed`, async () => {
      const client = new FakeClient([fakeOrders()]);
      const here = await stage(client, content(), { scheme });
      const gadget = here.find(tag);
      await untilPhase(gadget, 'ready');
      await until('it is drawn', () => textIn(gadget).includes(shows));
      expect(await barriers(here.root)).toEqual([]);
      client.failure = new ExaError('offline', 'Could not read Orders: the store answered 500.');
      client.tellAll();
      await untilPhase(gadget, 'failed');
      expect(await barriers(here.root)).toEqual([]);
      here.remove();
    });
}
