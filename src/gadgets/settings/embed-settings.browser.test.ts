import { html, render } from 'lit';
import { afterEach, expect, test } from 'vitest';
import { barriers, until } from '../gadget-stage.testing.ts';
import { fakeOrders } from '../gallery/fake-shop.ts';
import './embed-settings.ts';

afterEach(() => render(html``, document.body));

test('a key, what goes where, and a preview of the snippet: it names attributes that gadgets read', async () => {
  document.documentElement.lang = 'en';
  document.title = 'Settings';
  const { head } = fakeOrders(3);
  render(
    html`<main><exa-embed-settings .datasets=${[{ ...head, rows: 3 }]} store="https://data.example"></exa-embed-settings></main>`,
    document.body,
  );
  const root = document.querySelector('exa-embed-settings')!.shadowRoot!;
  const button = (text: string) =>
    [...root.querySelectorAll('button')].find((one) => one.textContent?.trim() === text);
  await until('it can make a key', () => button('Make a key') !== undefined);
  button('Make a key')?.click();
  await until('the texts are there', () => root.querySelectorAll('pre').length === 3);
  const [access, server, page] = [...root.querySelectorAll('pre')].map((one) => one.textContent ?? '');
  expect(access).toMatch(/"secret": "[\w-]{43}"/);
  expect(server).toContain(`"gadgets":["exa-orders"]`);
  expect(page).toContain(`<exa-orders store="https://data.example" dataset="${head.id}" token="…">`);
  expect(root.querySelector('iframe')).toBeNull();
  button('Show a preview')?.click();
  await until('the preview is there', () => root.querySelector('iframe') !== null);
  expect(root.querySelector('iframe')?.getAttribute('src')).toBe(
    `https://data.example/embed/v1/frame.html#exa-orders?dataset=${head.id}`,
  );
  root.querySelector('iframe')?.removeAttribute('src');
  expect(await barriers(document.body)).toEqual([]);
});
