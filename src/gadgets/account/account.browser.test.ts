import { html, render } from 'lit';
import { afterEach, expect, test } from 'vitest';
import type { AccountClient, AccountSession } from '../../protocol/account.ts';
import { ExaError } from '../../protocol/errors.ts';
import { barriers, textIn } from '../gadget-stage.testing.ts';
import './account-menu.ts';
import './sign-in.ts';

const session: AccountSession = {
  user: 'ann',
  name: 'Ann',
  account: 'ann',
  scope: 's',
  open: true,
  role: 'editor',
  cache: 'disk',
  gadgets: '*',
  workspaces: '*',
  signIn: '/api/sign-in',
  canSignOut: true,
};

afterEach(() => render(html``, document.body));

test.each(['light', 'dark'])('signing in and out, %s: nothing for axe to find', async (scheme) => {
  document.documentElement.lang = 'en';
  document.title = 'Account';
  let left = 0;
  const account = {
    signIn: () => left++,
    loss: async () => ({ waiting: 2, local: ['Orders of mine'] }),
    signOut: async () => {},
  } as unknown as AccountClient;
  const error = new ExaError('refused', 'The token has expired.');
  render(
    html`<main style="width:320px;color-scheme:${scheme};background:light-dark(#fff,#16191f)">
      <exa-sign-in .account=${account} .session=${session} .error=${error}></exa-sign-in>
      <exa-account-menu .account=${account} .session=${session}></exa-account-menu>
    </main>`,
    document.body,
  );
  const [signIn, menu] = [
    document.querySelector('exa-sign-in')!,
    document.querySelector('exa-account-menu')!,
  ];
  await Promise.resolve();
  expect(textIn(signIn)).toContain('The token has expired.');
  signIn.shadowRoot?.querySelector<HTMLElement>('button')?.click();
  expect(left).toBe(1);
  expect(await barriers(document.body)).toEqual([]);
  menu.shadowRoot?.querySelector<HTMLElement>('button')?.click();
  await new Promise((resolve) => setTimeout(resolve));
  expect(await barriers(document.body)).toEqual([]);
  expect(document.body.scrollWidth).toBeLessThanOrEqual(Math.max(320, innerWidth));
});
