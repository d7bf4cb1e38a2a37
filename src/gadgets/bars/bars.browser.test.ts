import { html } from 'lit';
import { expect, test } from 'vitest';
import { gadgetContract } from '../gadget-contract.testing.ts';
import { stage, textIn, until, untilPhase } from '../gadget-stage.testing.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import { fakeOrders } from '../gallery/fake-shop.ts';
import './bars.ts';

const bars = () => html`<exa-bars dataset="orders" measure="orders" column="c3" rows="4"></exa-bars>`;

gadgetContract('exa-bars', bars, 'Other');

test("a click includes, a modifier excludes, and the choice is the group's", async () => {
  const here = await stage(new FakeClient([fakeOrders()]), bars());
  const gadget = here.find('exa-bars');
  await untilPhase(gadget, 'ready');
  const button = (at: number) => gadget.shadowRoot?.querySelectorAll<HTMLElement>('button.bar')[at];
  const name = button(0)?.querySelector('.name')?.textContent;
  button(0)?.click();
  expect(here.group.state.filters['bars.orders.c3']?.filter).toEqual({
    op: 'in',
    column: 'c3',
    values: [name],
  });
  await until('it is pressed', () => button(0)?.getAttribute('aria-pressed') === 'true');
  button(1)?.dispatchEvent(new MouseEvent('click', { bubbles: true, altKey: true }));
  expect(here.group.state.filters['bars.orders.c3']?.filter.op).toBe('not');
  await until('it can be cleared', () => textIn(gadget).includes('Clear'));
  gadget.shadowRoot?.querySelector<HTMLElement>('header button')?.click();
  expect(here.group.state.filters).toEqual({});
  here.remove();
});

test('a value is looked for once more than the first are shown', async () => {
  const client = new FakeClient([fakeOrders()]);
  const here = await stage(
    client,
    html`<exa-bars dataset="orders" measure="orders" column="c3" rows="3"></exa-bars>`,
  );
  const gadget = here.find('exa-bars');
  await untilPhase(gadget, 'ready');
  expect(gadget.shadowRoot?.querySelector('.search')).toBeNull();
  await gadget.changeState({ limit: 9 });
  const search = (): HTMLInputElement | null | undefined => gadget.shadowRoot?.querySelector('.search');
  await until('it can be looked for', () => search() instanceof HTMLInputElement);
  search()!.value = 'PER';
  search()!.dispatchEvent(new Event('input'));
  await until('it is found', () => gadget.shadowRoot?.querySelectorAll('li').length === 1);
  expect(textIn(gadget)).toContain('Peru');
  here.remove();
});
