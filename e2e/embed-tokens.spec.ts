import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Frame, type Page, test } from '@playwright/test';
import { SignJWT } from 'jose';
import { documentedCode, type PortalSite, startPortal } from './portal-site.ts';
import { type StoreProcess, startStore } from './store-process.ts';
import { importText } from './workbench.ts';

const secret = Buffer.alloc(32, 7);
/** The store lets clocks differ by this much. */
const toleranceSeconds = 30;
let folder: string;
let filled: StoreProcess;
let store: StoreProcess;
let portal: PortalSite;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  folder = await mkdtemp(join(tmpdir(), 'exanalytics-tokens-'));
  filled = await startStore();
  await importText(
    filled,
    [
      'order_id,country,amount',
      ...Array.from({ length: 40 }, (_, i) => `${i + 1},${i % 2 ? 'Spain' : 'France'},${i + 1}.00`),
    ].join('\n'),
    'orders',
    '--key',
    'order_id',
  );
  await filled.stop();
  const access = join(folder, 'access.json');
  const keys = [{ id: 'portal', secret: secret.toString('base64url'), rights: { datasets: { orders: {} } } }];
  await writeFile(access, JSON.stringify({ keys }));
  portal = await startPortal();
  store = await startStore({
    args: ['--data', filled.dataDir, '--access', access, '--allow-origin', portal.url],
  });
});
test.afterAll(async () => {
  await portal?.stop();
  await store?.remove();
  await filled?.remove();
  await rm(folder, { recursive: true, force: true });
});

/** A token that the store takes for so many seconds more, by its clock. */
const tokenFor = (seconds: number, exa: object = {}): Promise<string> => {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ exa })
    .setProtectedHeader({ alg: 'HS256', kid: 'portal' })
    .setSubject('eve')
    .setJti(crypto.randomUUID())
    .setAudience('exanalytics')
    .setIssuedAt(now - 300)
    .setExpirationTime(now + seconds - toleranceSeconds)
    .sign(secret);
};

const statusWith = async (token: string): Promise<number> =>
  (await fetch(`${store.url}/api/session`, { headers: { authorization: `Bearer ${token}` } })).status;

/** Gadgets of a page that asks `window.tokens` for one after the other, the last again and again. */
const page_ = () => `<!doctype html><html lang="en"><title>Portal</title>
  <script type="module">
    import { configure } from '${store.url}/embed/v1/embed.js';
    window.asked = 0;
    configure({ token: async () => { asked++; return tokens.length > 1 ? tokens.shift() : tokens[0]; } });
    document.querySelector('main').append(document.querySelector('template').content);
  </script>
  <main></main>
  <template><div filter-group="sales">
    <exa-figure id="sum" dataset="orders"></exa-figure>
    <exa-bars id="country" dataset="orders" column="country" rows="6"></exa-bars>
  </div></template>`;

const shown = (page: Page | Frame, id: string) =>
  page
    .locator(`#${id}`)
    .evaluate((element) => element.shadowRoot?.textContent?.replaceAll(/[\s,]+/g, ' ').trim() ?? '');

/** Counts how often a figure had no picture, from now on. */
const countBlanks = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const figure = document.querySelector('#sum')!;
    Object.assign(window, { blanks: 0 });
    new MutationObserver(() => {
      if (!/\d/.test(figure.shadowRoot?.querySelector('.picture')?.textContent ?? ''))
        Object.assign(window, { blanks: Reflect.get(window, 'blanks') + 1 });
    }).observe(figure.shadowRoot!, { childList: true, subtree: true, characterData: true });
  });
/** How often the page was asked for a token. */
const asked = (page: Page) => page.evaluate(() => Reflect.get(window, 'asked'));
const blanks = (page: Page) => page.evaluate(() => Reflect.get(window, 'blanks'));

test('a token whose time is over is renewed, and nothing goes blank', async ({ page }) => {
  const first = await tokenFor(8);
  const second = await tokenFor(600);
  await page.addInitScript((tokens) => Object.assign(window, { tokens }), [first, second]);
  portal.page('/renewed', page_());
  await page.goto(`${portal.url}/renewed`);
  await expect.poll(() => shown(page, 'sum'), { timeout: 30_000 }).toContain('4040');
  await countBlanks(page);
  await expect.poll(() => statusWith(first), { timeout: 30_000 }).toBe(401);
  await page
    .locator('#country')
    .getByRole('button', { name: /^Spain/ })
    .click();
  await expect.poll(() => shown(page, 'sum')).toContain('2020');
  await expect.poll(() => asked(page)).toBeGreaterThanOrEqual(2);
  expect(await blanks(page)).toBe(0);
  await expect(page.locator('exa-error-card')).toHaveCount(0);
});

test('in a frame, the docs’ lines for renewing a token do so', async ({ page }) => {
  const [, , messages, renewing] = await documentedCode('js', store.url);
  const [, frame] = await documentedCode('html', store.url);
  const first = await tokenFor(8);
  const second = await tokenFor(600);
  await page.addInitScript((tokens) => Object.assign(window, { tokens }), [first, second]);
  portal.page(
    '/frame',
    `<!doctype html><html lang="en"><title>Portal</title>
    ${frame!.replace('exa-trend?dataset=orders', 'exa-figure?dataset=orders&token=')}
    <script>
      const frame = document.querySelector('iframe');
      const store = ${JSON.stringify(store.url)};
      const save = () => {};
      window.given = 0;
      const freshToken = async () => { given++; return tokens.length > 1 ? tokens.shift() : tokens[0]; };
      addEventListener('message', async ({ data, origin }) => {
        if (origin !== store || data?.exanalytics !== 1) return;
        if (data.kind === 'ready') { ${messages!.replaceAll(/addEventListener[\s\S]*$/g, '')} }
        ${renewing}
      });
    </script>`,
  );
  await page.goto(`${portal.url}/frame`);
  const inside = () => page.frames()[1]!;
  await expect.poll(() => shown(inside(), 'exa-figure'), { timeout: 30_000 }).toContain('4040');
  await expect.poll(() => statusWith(first), { timeout: 30_000 }).toBe(401);
  const filter = { dataset: 'orders', filter: { op: 'in', column: 'country', values: ['Spain'] } };
  await page.evaluate(
    ([one, address]) =>
      document
        .querySelector('iframe')!
        .contentWindow!.postMessage(
          { exanalytics: 1, id: 9, kind: 'setFilter', source: 'portal', filter: one },
          address,
        ),
    [filter, store.url] as const,
  );
  await expect.poll(() => shown(inside(), 'exa-figure')).toContain('2020');
  expect(await page.evaluate(() => Reflect.get(window, 'given'))).toBeGreaterThanOrEqual(2);
});

test('a workspace that a token does not name is refused in words, and no code or data of it is shown', async ({
  page,
}) => {
  const token = await tokenFor(600, { workspaces: ['orders'] });
  for (const [hash, name] of [
    ['#/clients', 'clients'],
    ['#/explore?data=orders', 'explore'],
  ] as const) {
    await page.goto('about:blank');
    await page.goto(`${store.url}/embed/v1/frame.html${hash}${hash.includes('?') ? '&' : '?'}token=${token}`);
    await expect(page.locator('exa-error-card')).toContainText(
      `Your token does not let the workspace “${name}” be shown here`,
      { timeout: 30_000 },
    );
    await expect(page.locator('exa-frame')).toHaveCount(0);
    expect(page.url()).not.toContain('token');
  }
  await page.goto('about:blank');
  await page.goto(`${store.url}/embed/v1/frame.html#/orders?token=${token}`);
  await expect(page.locator('exa-orders')).toBeVisible({ timeout: 30_000 });
  await expect(page.locator('exa-error-card')).toHaveCount(0);
});

test('a token whose time is over, with none to follow, is said to be; the last picture stays', async ({
  page,
}) => {
  const only = await tokenFor(8);
  await page.addInitScript((tokens) => Object.assign(window, { tokens }), [only]);
  portal.page('/over', page_());
  await page.goto(`${portal.url}/over`);
  await expect.poll(() => shown(page, 'sum'), { timeout: 30_000 }).toContain('4040');
  await countBlanks(page);
  await expect.poll(() => statusWith(only), { timeout: 30_000 }).toBe(401);
  // The page is told with its next request; until then it answers from what is here.
  await expect.poll(() => asked(page)).toBeGreaterThanOrEqual(2);
  await page.evaluate(() => {
    const more = document.createElement('exa-figure');
    Object.assign(more, {
      id: 'more',
      source: 'orders',
      measure: { id: 'm', label: 'Most', formula: 'max(amount)', format: 'number' },
    });
    document.querySelector('main')!.append(more);
  });
  await expect(page.locator('#more')).toContainText('The token has expired', { timeout: 30_000 });
  expect(await shown(page, 'sum')).toContain('4040');
  expect(await blanks(page)).toBe(0);
});
