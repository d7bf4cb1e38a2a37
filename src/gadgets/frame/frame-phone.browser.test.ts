import { ContextProvider } from '@lit/context';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { importClientContext } from '../contexts.ts';
import { barriers, textIn, until } from '../gadget-stage.testing.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import { fakeShop } from '../gallery/fake-shop.ts';
import { type FrameStage, stageFrame } from './frame-stage.testing.ts';

const width = 390;
let here: FrameStage | undefined;

beforeEach(() => page.viewport(width, 844));
afterEach(() => {
  here?.remove();
  here = undefined;
});

test('without data all that Home says is to be read on a phone', async () => {
  here = stageFrame(new FakeClient([]), '#/home');
  const never = () => new Promise<never>(() => {});
  new ContextProvider(here.root, {
    context: importClientContext,
    initialValue: { open: () => ({ preview: never, difference: never, store: never, close() {} }) },
  });
  await until('a file can be chosen', () => here?.find('exa-drop-zone .zone, .zone') !== undefined);
  const cell = here.find('.empty')!;
  const inner = cell.getBoundingClientRect().right - 12;
  for (const one of [...cell.children, here.find('.zone')!])
    expect(one.getBoundingClientRect().right, textIn(one)).toBeLessThanOrEqual(inner + 0.5);
  expect(await barriers(here.root)).toEqual([]);
});

test('filters have a line of their own on a phone, each with its words and what removes it', async () => {
  here = stageFrame(
    new FakeClient(fakeShop()),
    '#/orders?data=orders&f.trend=range(c2,2011-02-09T00:00:00.000Z,2011-04-27T00:00:00.000Z)',
  );
  await until('the pill is there', () => here?.find('.pill .words') !== undefined);
  await until('its actions are there', () => here?.find('exa-view-actions') !== undefined);
  const words = here.find('.pill .words')!;
  expect(textIn(words)).toContain('9 Feb – 26 Apr 2011');
  expect(words.scrollWidth).toBeLessThanOrEqual(words.clientWidth);
  const remove = here.find('.pill > button[aria-label^="Remove"]')!.getBoundingClientRect();
  expect(remove.right).toBeLessThanOrEqual(width);
  const actions = here.find('exa-view-actions')!.getBoundingClientRect();
  expect(remove.top).toBeGreaterThanOrEqual(actions.bottom - 1);
  expect(await barriers(here.root)).toEqual([]);
});
