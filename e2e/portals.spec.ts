import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { SignJWT } from 'jose';
import { encodeNpy, npyType } from '../src/arrays/npy.ts';
import { allKept } from './kept-pages.ts';
import { type PortalSite, startPortal } from './portal-site.ts';
import { hasRenderJs } from './renderjs-page.ts';
import { type StoreProcess, startStore } from './store-process.ts';
import { importText } from './workbench.ts';

/** Orders of four countries, the n-th of 240 worth n; only those of the North may be seen. */
const count = 240;
const countries = ['France', 'Spain', 'Italy', 'Japan'];
const isSeen = (n: number): boolean => n % 3 !== 0;
const hidden = 'ZQXHIDDEN';
const numbers = Array.from({ length: count }, (_, i) => i + 1);
const seenTotal = (country?: string): number =>
  numbers
    .filter((n) => isSeen(n) && (country === undefined || countries[n % 4] === country))
    .reduce((sum, n) => sum + n, 0);

const secret = Buffer.alloc(32, 7);
let folder: string;
let filled: StoreProcess;
let store: StoreProcess;
let site: PortalSite;
/** Of the examples' portals, by folder. */
const ports: Record<string, number> = {};
const portals: ChildProcess[] = [];

test.beforeAll(async () => {
  test.setTimeout(180_000);
  folder = await mkdtemp(join(tmpdir(), 'exanalytics-portals-'));
  filled = await startStore();
  const lines = numbers.map(
    (n) =>
      `${n},2026-0${1 + (n % 9)}-1${n % 10},${countries[n % 4]},${isSeen(n) ? 'North' : 'South'},${isSeen(n) ? 'note' : hidden} ${n},${n}.00`,
  );
  await importText(
    filled,
    ['order_id,order_date,country,region,note,amount', ...lines].join('\n'),
    'orders',
    '--key',
    'order_id',
  );
  await fillArray(filled.url);
  await filled.stop();

  await writeFile(join(folder, 'portal.key'), secret.toString('base64url'));
  const access = join(folder, 'access.json');
  await writeFile(
    access,
    JSON.stringify({
      keys: [
        {
          id: 'portal',
          secretFile: join(folder, 'portal.key'),
          rights: {
            datasets: { orders: { where: { op: 'in', column: 'region', values: ['North'] } } },
            arrays: ['sensors'],
          },
        },
        { id: 'office', secret: Buffer.alloc(32, 9).toString('base64url'), rights: { role: 'admin' } },
      ],
    }),
  );
  site = await startPortal();
  for (const name of ['html-portal', 'openui5', 'erp5']) ports[name] = await freePort();
  const origins = [...Object.values(ports).map((port) => `http://127.0.0.1:${port}`), site.url];
  store = await startStore({
    args: [
      '--data',
      filled.dataDir,
      '--access',
      access,
      ...origins.flatMap((one) => ['--allow-origin', one]),
    ],
  });
});

test.afterAll(async () => {
  for (const portal of portals) portal.kill();
  await site?.stop();
  await store?.remove();
  await filled?.remove();
  await rm(folder, { recursive: true, force: true });
});

async function fillArray(url: string): Promise<void> {
  const length = 65_536;
  const made = await fetch(`${url}/api/arrays`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'sensors' },
    body: JSON.stringify({ name: 'sensors', shape: [String(length)], dtype: 'float64' }),
  });
  expect(made.ok, await made.clone().text()).toBe(true);
  const values = Float64Array.from({ length }, (_, i) => Math.sin(i / 2000) * 10);
  const written = await fetch(`${url}/api/arrays/sensors/values?at=0:${length}`, {
    method: 'PUT',
    headers: { 'content-type': npyType, 'idempotency-key': 'sensor values' },
    body: encodeNpy({ dtype: 'float64', shape: [length], order: 'C', values }) as BodyInit,
  });
  expect(written.ok, await written.clone().text()).toBe(true);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/** Starts an example's portal as its README says. */
async function servePortal(name: string, ...args: string[]): Promise<string> {
  const port = String(ports[name]);
  const words = [`examples/${name}/serve.mjs`, '--port', port, '--store', store.url, ...args];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  portals.push(child);
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
  });
  return `http://127.0.0.1:${port}`;
}

const signed = (key: string, bytes: Uint8Array, exa: object, id: string): Promise<string> =>
  new SignJWT({ exa })
    .setProtectedHeader({ alg: 'HS256', kid: key })
    .setSubject('eve')
    .setJti(id)
    .setAudience('exanalytics')
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(bytes);
const portalToken = (id: string, exa: object = {}) => signed('portal', secret, exa, id);

async function revoke(jti: string): Promise<void> {
  const office = await signed('office', Buffer.alloc(32, 9), { role: 'admin' }, `office ${jti}`);
  const answer = await fetch(`${store.url}/api/revocations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${office}` },
    body: JSON.stringify({ jti }),
  });
  expect(answer.ok, await answer.clone().text()).toBe(true);
}

/** Texts of an element and all shadow roots in it. */
const textOf = (page: Page, selector: string): Promise<string> =>
  page.locator(selector).evaluate((element) => {
    const read = (node: Node): string => {
      const shadow = node instanceof Element && node.shadowRoot ? read(node.shadowRoot) : '';
      if (node instanceof Text) return node.data;
      return `${shadow} ${[...node.childNodes].map(read).join(' ')}`;
    };
    return read(element).replaceAll(/[\s,\u202f]+/g, ' ');
  });

const ready = (page: Page, selector: string) =>
  expect(page.locator(selector)).toHaveAttribute('phase', 'ready', { timeout: 60_000 });

test('the HTML portal: linked, zoomed, drilled, exported, opened, in its own look, until its user signs out', async ({
  page,
}) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content.Security.Policy/i.test(message.text()))
      problems.push(message.text());
  });
  await page.goto(await servePortal('html-portal', '--key', join(folder, 'portal.key')));
  for (const one of ['#sales-trend', '#sales-country', '#sensor']) await ready(page, one);
  await expect(page.locator('exa-error-card')).toHaveCount(0);

  // The portal's own look reaches into the gadgets.
  const look = await page.locator('#sales-country').evaluate((element) => {
    const style = getComputedStyle(element);
    return [style.fontFamily, style.getPropertyValue('--exa-accent').trim()];
  });
  expect(look[0]).toMatch(/Georgia/);
  expect(look[1]).toBe('#7a3b00');

  // Linked: a country chosen in one gadget filters the figures of the view.
  await page
    .locator('#sales-country')
    .getByRole('button', { name: /^France/ })
    .click();
  await page.locator('#orders').scrollIntoViewIfNeeded();
  const money = seenTotal('France').toLocaleString('en').replaceAll(',', ' ');
  await expect.poll(() => textOf(page, '#orders exa-figure >> nth=0')).toContain(money);

  // Zoomed, from all of the array towards one value.
  await page.locator('#sensor').scrollIntoViewIfNeeded();
  await page.locator('#sensor [tabindex="0"]').first().focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('+');
  await expect
    .poll(() => page.locator('#sensor').evaluate((one) => Reflect.get(one, 'state').view))
    .not.toBe('');

  // Drilled: the rows behind a bar; exported: those rows, hidden ones in neither.
  const menu = page.locator('#sales-country exa-card-menu');
  await menu.getByRole('button').first().click();
  await menu.getByText('Show the rows').click();
  const behind = page.locator('exa-behind[data-portal]');
  await expect(behind.locator('exa-grid').getByRole('row').nth(1)).toContainText('France');
  const rows = behind.locator('exa-grid exa-card-menu');
  await rows.getByRole('button').first().click();
  const [file] = await Promise.all([page.waitForEvent('download'), rows.getByText('CSV').first().click()]);
  const text = await readFile((await file.path())!, 'utf8');
  expect(text.trim().split('\n').length).toBeGreaterThan(10);
  expect(text).toContain('France');
  expect(text).not.toContain('Spain');
  expect(text).not.toContain(hidden);

  // Opened: the portal hears of it.
  await behind
    .locator('exa-grid')
    .getByRole('row')
    .nth(1)
    .getByRole('button')
    .or(behind.locator('exa-grid').getByRole('row').nth(1).getByRole('link'))
    .first()
    .click();
  await expect(page.locator('#opened')).toContainText('of orders was opened');
  await page.locator('exa-record').getByRole('button', { name: 'Close', exact: true }).click();
  await expect(page.locator('exa-record')).toHaveCount(0);

  // Signed out: nothing shown, nothing kept.
  await expect.poll(() => allKept(page)).toContain('note');
  expect(await allKept(page)).not.toContain(hidden);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.locator('#opened')).toContainText('Signed out');
  await expect(page.locator('exa-orders, exa-trend, exa-behind')).toHaveCount(0);
  expect(await allKept(page)).not.toMatch(/note|France/);
  expect(problems).toEqual([]);
});

test('an OpenUI5 page: gadgets among its controls, linked, and a row opens its own way', async ({ page }) => {
  test.setTimeout(240_000);
  if (!existsSync('examples/openui5/node_modules'))
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: 'examples/openui5' });
  // Its style sheets take long to make, and nothing here is about them.
  await page.route('**/library.css', (route) => route.fulfill({ contentType: 'text/css', body: '' }));
  await page.goto(await servePortal('openui5', '--key', join(folder, 'portal.key')));
  await ready(page, '#sales-country');
  await ready(page, '#sensor');
  await expect(page.locator('.sapMPage .sapMTitle')).toHaveText('Sales');
  await page
    .locator('#sales-country')
    .getByRole('button', { name: /^Spain/ })
    .click();
  const grid = page.locator('#orders exa-grid');
  await grid.scrollIntoViewIfNeeded();
  const first = grid.getByRole('row').nth(1);
  await expect(first).toContainText(/France|Spain|Italy|Japan/);
  await first.getByRole('button').or(first.getByRole('link')).first().click();
  await expect(page.locator('.sapMMessageToast')).toContainText('of orders');
  await expect(page.locator('exa-record')).toHaveCount(0);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.locator('#sales-country')).toHaveCount(0);
});

test('an ERP5 form: a field’s content by its name, and a graph that filters the list', async ({ page }) => {
  test.skip(!hasRenderJs, 'EXANALYTICS_RENDERJS names no folder with renderJS');
  await page.goto(
    await servePortal(
      'erp5',
      '--renderjs',
      process.env.EXANALYTICS_RENDERJS!,
      '--key',
      join(folder, 'portal.key'),
    ),
  );
  const graph = page.frameLocator('#my_graph iframe');
  await graph.getByRole('button', { name: 'Confirmed, Sale Orders: 9' }).click();
  await expect(page.locator('#list')).toHaveText('Sale Orders, Confirmed');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('#saved')).toContainText('my_trend');
});

/** A page that holds a frame, answers `needToken` with the next of `tokens`, and keeps what it hears. */
const holder = (address: string): string => `<!doctype html><html lang="en"><title>Portal</title>
  <iframe title="Gadget" style="width:1000px;height:700px" src="${address}"></iframe>
  <script>
    const heard = (window.heard = []);
    const child = () => document.querySelector('iframe').contentWindow;
    let id = 0;
    window.tell = (message) => child().postMessage({ exanalytics: 1, id: ++id, ...message }, '${store.url}');
    addEventListener('message', ({ data }) => {
      heard.push(data);
      if (data.kind === 'ready') tell({ kind: 'hello' });
      if (data.kind === 'needToken' && window.tokens.length > 0) tell({ kind: 'setToken', token: tokens.shift() });
    });
  </script>`;

test('in a frame: the token is asked of the parent, and renewed while the picture stays; a workspace, too', async ({
  page,
}) => {
  const exa = { gadgets: ['exa-figure'], workspaces: ['orders'], cache: 'memory' };
  const [first, second] = [await portalToken('first', exa), await portalToken('second', exa)];
  await page.addInitScript((tokens) => Object.assign(window, { tokens }), [first, second]);
  site.page('/frame', holder(`${store.url}/embed/v1/frame.html#exa-figure?dataset=orders&token=`));
  await page.goto(`${site.url}/frame`);
  const frame = page.frameLocator('iframe');
  await expect(frame.locator('exa-figure')).toHaveAttribute('phase', 'ready', { timeout: 60_000 });
  const inside = page.frames()[1]!;
  expect(inside.url()).not.toContain('token');

  // Its token is taken back: the next question is answered with another, and nothing goes blank meanwhile.
  await inside.evaluate(() => {
    const figure = document.querySelector('exa-figure')!;
    Object.assign(window, { blanks: 0 });
    new MutationObserver(() => {
      const text = figure.shadowRoot?.querySelector('.picture')?.textContent?.trim() ?? '';
      if (text === '' || figure.getAttribute('phase') === 'failed')
        Object.assign(window, { blanks: Reflect.get(window, 'blanks') + 1 });
    }).observe(figure, { attributes: true });
  });
  await revoke('first');
  const filter = { dataset: 'orders', filter: { op: 'in', column: 'country', values: ['Spain'] } };
  await page.evaluate(
    (one) => Reflect.get(window, 'tell')({ kind: 'setFilter', source: 'portal', filter: one }),
    filter,
  );
  await expect
    .poll(() =>
      inside.locator('exa-figure').evaluate((one) => one.shadowRoot!.textContent!.replaceAll(/[\s,]/g, '')),
    )
    .toContain(String(seenTotal('Spain')));
  expect(await inside.evaluate(() => Reflect.get(window, 'blanks'))).toBe(0);
  expect(
    await page.evaluate(
      () => Reflect.get(window, 'heard').filter((one: { kind: string }) => one.kind === 'needToken').length,
    ),
  ).toBeGreaterThanOrEqual(2);

  // A gadget that the token does not name is not shown.
  await page.addInitScript((tokens) => Object.assign(window, { tokens }), [await portalToken('third', exa)]);
  site.page('/other', holder(`${store.url}/embed/v1/frame.html#exa-trend?dataset=orders&token=`));
  await page.goto(`${site.url}/other`);
  await expect(page.frameLocator('iframe').locator('exa-error-card')).toContainText(
    'Your token does not let <exa-trend>',
    {
      timeout: 30_000,
    },
  );
  await expect(page.frameLocator('iframe').locator('exa-trend')).toHaveCount(0);

  // A whole workspace, and its state as people change it.
  await page.addInitScript((tokens) => Object.assign(window, { tokens }), [await portalToken('fourth', exa)]);
  site.page('/workspace', holder(`${store.url}/embed/v1/frame.html#/orders?token=`));
  await page.goto(`${site.url}/workspace`);
  const view = page.frameLocator('iframe');
  await expect(view.locator('exa-orders')).toBeVisible({ timeout: 60_000 });
  await expect(view.locator('nav.panel')).toBeHidden();
  await view
    .getByRole('button', { name: /^France/ })
    .first()
    .click();
  await expect
    .poll(() =>
      page.evaluate(
        () =>
          Reflect.get(window, 'heard').findLast((one: { kind: string }) => one.kind === 'state')?.state
            .workspace,
      ),
    )
    .toContain('France');
  // The token says so: nothing of it is kept.
  expect(await allKept(page.frames()[1]!)).not.toMatch(/note|France/);
});
