import { html } from 'lit';
import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { Profile } from '../../protocol/profile.ts';
import { barriers, stage, textIn, until, untilPhase } from '../gadget-stage.testing.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import { fakeOrders } from '../gallery/fake-shop.ts';
import './formula-editor.ts';
import type { FormulaEditor } from './formula-editor.ts';
import { openFormula } from './open-formula.ts';

async function editor(state: Partial<FormulaEditor['state']>, scheme: 'light' | 'dark' = 'light') {
  const client = new FakeClient([fakeOrders()]);
  const here = await stage(client, html`<exa-formula-editor></exa-formula-editor>`, { width: 640, scheme });
  const gadget = here.find<FormulaEditor>('exa-formula-editor');
  gadget.state = { dataset: 'orders', ...state };
  await untilPhase(gadget, 'ready');
  const field = gadget.shadowRoot!.querySelector('exa-formula-input')!;
  await until('the field is there', () => field.shadowRoot?.querySelector('.cm-content') !== null);
  const profile = (at = -1): Profile => {
    const change = client.written.at(at);
    if (change?.kind !== 'profile') throw new Error('No profile was written.');
    return change.profile as Profile;
  };
  return { client, here, gadget, field: field.shadowRoot!, profile };
}

const button = (gadget: Element, name: string): HTMLButtonElement => {
  const found = [...gadget.shadowRoot!.querySelectorAll('button')].find(
    (one) => one.textContent?.trim() === name || one.getAttribute('aria-label') === name,
  );
  if (!found) throw new Error(`There is no button ${name}.`);
  return found;
};

test('what is wrong is underlined, with its sentence, and cannot be kept', async () => {
  const { here, gadget, field } = await editor({ kind: 'measure', label: 'Odd', formula: 'sum(nosuch) + 1' });
  await until('it is underlined', () => field.querySelector('.cm-lintRange-error')?.textContent === 'nosuch');
  expect(textIn(gadget)).toContain('no column “nosuch”');
  expect(button(gadget, 'Save').disabled).toBe(true);
  expect(field.querySelector('.cm-content')?.getAttribute('aria-invalid')).toBe('true');
  expect(field.querySelector('.cm-content')?.getAttribute('aria-description')).toContain('nosuch');
  here.remove();
});

test('a measure is typed with completion, previewed, kept, and taken back', async () => {
  const { client, here, gadget, field, profile } = await editor({ kind: 'measure' });
  const saved: unknown[] = [];
  here.root.addEventListener('exa-formula-saved', (event) => saved.push((event as CustomEvent).detail));
  await userEvent.click(gadget.shadowRoot!.querySelector('input')!);
  await userEvent.keyboard('Top line');
  await userEvent.click(field.querySelector('.cm-content')!);
  await userEvent.keyboard('su');
  await until(
    'functions are offered',
    () => field.querySelector('.cm-tooltip-autocomplete li')?.textContent?.startsWith('sum') === true,
  );
  // The list takes keys only after a moment, so that a key meant for the text is not taken by it.
  await new Promise((resolve) => setTimeout(resolve, 150));
  await userEvent.keyboard('{Enter}amount)');
  await until('it has a type', () =>
    /number/i.test(gadget.shadowRoot!.querySelector('#about')!.textContent ?? ''),
  );
  await until('it is previewed', () => gadget.shadowRoot!.querySelector('.preview td') !== null);
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  await until('it is kept', () => saved.length === 1);
  expect(saved).toEqual([{ kind: 'measure', id: 'top_line' }]);
  expect(profile().measures.at(-1)).toMatchObject({
    id: 'top_line',
    label: 'Top line',
    formula: 'sum(amount)',
  });
  const before = client.written.length;
  gadget.state = { dataset: 'orders', kind: 'measure', list: true };
  await until('it is listed', () => textIn(gadget).includes('Top line'));
  button(gadget, 'Undo').click();
  await until('it is gone', () => client.written.length > before);
  expect(profile().measures.map(({ id }) => id)).not.toContain('top_line');
  here.remove();
});

test('changes and removals come back whole', async () => {
  const { client, here, gadget, profile } = await editor({ kind: 'measure', list: true });
  const original = client.summaries()[0]!.profile;
  const [first] = original.measures;
  button(gadget, `Remove ${first!.label}`).click();
  await until('it is removed', () => client.written.length === 1);
  expect(profile().measures).toHaveLength(original.measures.length - 1);
  await until('it can be undone', () => textIn(gadget).includes('was removed'));
  button(gadget, 'Undo').click();
  await until('it is back', () => client.written.length === 2);
  expect(profile()).toEqual(original);
  here.remove();
});

test('a name that is taken is said', async () => {
  const { here, gadget } = await editor({ kind: 'column', label: 'country', formula: '1 + 1' });
  await until('it is said', () => textIn(gadget).includes('already something called'));
  expect(button(gadget, 'Save').disabled).toBe(true);
  here.remove();
});

for (const scheme of ['light', 'dark'] as const)
  test(`nothing for axe to find, ${scheme}`, async () => {
    const { here, gadget } = await editor(
      { kind: 'measure', label: 'A', formula: "sum(amount) / count() + 'x'", list: true },
      scheme,
    );
    await until('it is checked', () => gadget.shadowRoot!.querySelector('.fault') !== null);
    expect(await barriers(here.root)).toEqual([]);
    here.remove();
  });

test('opens over any gadget and resolves when closed', async () => {
  const { here, gadget } = await editor({ kind: 'column' });
  const done = openFormula(gadget, { dataset: 'orders', kind: 'column' });
  await until(
    'it is open',
    () =>
      gadget.shadowRoot!.querySelector('exa-formula-dialog')?.shadowRoot?.querySelector('dialog')?.open ===
      true,
  );
  const dialog = gadget.shadowRoot!.querySelector('exa-formula-dialog')!;
  await until(
    'the form is there',
    () => dialog.shadowRoot!.querySelector('exa-formula-editor')?.getAttribute('phase') === 'ready',
  );
  expect(await barriers(dialog)).toEqual([]);
  dialog.shadowRoot!.querySelector<HTMLButtonElement>('header button')!.click();
  expect(await done).toBeUndefined();
  expect(gadget.shadowRoot!.querySelector('exa-formula-dialog')).toBeNull();
  here.remove();
});
