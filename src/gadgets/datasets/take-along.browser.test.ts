import { html } from 'lit';
import { afterEach, expect, test } from 'vitest';
import { barriers, type Stage, stage, textIn, until } from '../gadget-stage.testing.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import { fakeOrders } from '../gallery/fake-shop.ts';
import './take-along.ts';
import type { TakeAlong } from './take-along.ts';

let here: Stage | undefined;
afterEach(() => here?.remove());

async function show(dataset = 'orders') {
  const client = new FakeClient([fakeOrders()]);
  here = await stage(client, html`<exa-take-along dataset=${dataset}></exa-take-along>`);
  const gadget = here.find<TakeAlong>('exa-take-along');
  const tell = (pages: number, fits: boolean): void => {
    for (const { observer } of client.along)
      observer.next({ pages, pagesTotal: 96, bytes: 600_000_000, fits });
  };
  return { client, gadget, tell, root: here.root };
}

test('a small table comes by itself, and says when all of it is here', async () => {
  const { client, gadget, tell, root } = await show();
  await until('it is watched', () => client.along.size === 1);
  tell(12, true);
  await until('it says how far it is', () => textIn(gadget).includes('12 of 96 pages here'));
  expect(gadget.shadowRoot?.querySelector('button')).toBeNull();
  expect(await barriers(root)).toEqual([]);
  tell(96, true);
  await until('it is here', () => textIn(gadget).includes('All of it is here'));
});

test('a large one comes when it is asked for, stops when told, and says when it is too large', async () => {
  const { client, gadget, tell, root } = await show();
  await until('it is watched', () => client.along.size === 1);
  const isWhole = () => [...client.along].map(({ whole }) => whole).join();
  const press = () => gadget.shadowRoot?.querySelector('button')?.click();
  tell(12, false);
  await until('it is offered', () => textIn(gadget).includes('Bring all of it here, about'));
  expect(isWhole()).toBe('false');
  expect(await barriers(root)).toEqual([]);
  press();
  await until('it is asked for', () => isWhole() === 'true');
  tell(40, true);
  await until('it comes', () => textIn(gadget).includes('40 of 96 pages here'));
  press();
  await until('it stopped', () => isWhole() === 'false');
  press();
  await until('it is asked for again', () => isWhole() === 'true');
  tell(40, false);
  await until('it does not fit', () => textIn(gadget).includes('is more than this device keeps'));
});

test('of what is kept on this device there is nothing to bring', async () => {
  const { client, gadget } = await show('local-orders');
  await gadget.updateComplete;
  expect([client.along.size, textIn(gadget).trim()]).toEqual([0, '']);
});
