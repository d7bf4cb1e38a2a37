import { expect, test } from 'vitest';
import type { AccountClient, AccountSession } from '../protocol/account.ts';
import { keepAllowed, placedGadget } from './allowed-gadgets.ts';

const session = (gadgets: AccountSession['gadgets']): AccountSession => ({
  account: 'eve',
  scope: 'scope',
  open: true,
  role: 'reader',
  cache: 'disk',
  gadgets,
  workspaces: [],
  canSignOut: false,
});

test('a gadget that the token does not name is off the page until another token does', () => {
  let tell = (_: AccountSession) => {};
  const account = {
    session(observer: { next(session: AccountSession): void }) {
      tell = (one) => observer.next(one);
      return () => {};
    },
  } as unknown as AccountClient;
  document.body.innerHTML = '<p><exa-trend></exa-trend></p>';
  const trend = document.querySelector('exa-trend')!;
  keepAllowed(trend, account, (error) => {
    const card = document.createElement('b');
    card.textContent = error.message;
    return card;
  });
  tell(session(['exa-orders']));
  expect(document.body.textContent).toContain(
    'Your token does not let <exa-trend> be shown here: it names exa-orders.',
  );
  expect(trend.isConnected).toBe(false);
  tell(session([]));
  expect(document.querySelectorAll('b')).toHaveLength(1);
  tell(session(['exa-trend']));
  expect(document.body.innerHTML).toBe('<p><exa-trend></exa-trend></p>');
  tell(session('*'));
  expect(trend.isConnected).toBe(true);
});

test('what a portal put on its page is the outermost gadget, through shadow roots; no group of filters', () => {
  document.body.innerHTML =
    '<div filter-group="a"><exa-orders></exa-orders></div><exa-filter-group></exa-filter-group>';
  const orders = document.querySelector('exa-orders')!;
  const root = orders.shadowRoot ?? orders.attachShadow({ mode: 'open' });
  root.append(document.createElement('exa-filter-group'));
  const inner = root.querySelector('exa-filter-group')!.appendChild(document.createElement('exa-grid'));
  expect(placedGadget(inner)).toBe(orders);
  expect(placedGadget(document.querySelector('body > exa-filter-group')!)).toBeUndefined();
});
