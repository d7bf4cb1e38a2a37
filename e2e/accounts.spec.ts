import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { openProvider, type TestProvider, testClient } from '../store/access/provider.testing.ts';
import { allKept } from './kept-pages.ts';
import { type StoreProcess, startStore } from './store-process.ts';
import { importText } from './workbench.ts';

/** Stands in every note that Ann may see and Ben may not; and the other way round. */
const annas = 'ZQXA';
const bens = 'ZQXB';

let provider: TestProvider;
let filled: StoreProcess;
let store: StoreProcess;
let origin: string;

test.beforeAll(async () => {
  filled = await startStore();
  const lines = Array.from({ length: 60 }, (_, i) => {
    const isAnns = i % 3 !== 0;
    return `${i},${isAnns ? 'FR' : 'DE'},2026-03-${String(1 + (i % 28)).padStart(2, '0')},${i}.50,${isAnns ? annas : bens} note ${i}`;
  });
  await importText(filled, `id,country,day,amount,note\n${lines.join('\n')}\n`, 'orders', '--key', 'id');
  await filled.stop();

  const port = await freePort();
  // The provider is at another name than the store, so that their cookies are apart.
  origin = `http://localhost:${port}`;
  provider = await openProvider([`${origin}/api/sign-in/callback`]);
  const access = join(dirname(filled.dataDir), 'access.json');
  const only = (country: string) => ({
    datasets: { orders: { where: { op: 'in', column: 'country', values: [country] } } },
    arrays: [],
    role: 'editor',
  });
  await writeFile(
    access,
    JSON.stringify({
      groups: { france: only('FR'), germany: only('DE') },
      users: { ann: { groups: ['france'] }, ben: { groups: ['germany'] } },
      signIn: { issuer: provider.issuer, clientId: testClient.id, clientSecret: testClient.secret },
    }),
  );
  store = await startStore({
    args: [
      '--port',
      String(port),
      '--data',
      filled.dataDir,
      '--access',
      access,
      '--url',
      origin,
      '--user-header',
      'X-Remote-User',
      '--proxy',
      '127.0.0.1',
    ],
  });
});

test.afterAll(async () => {
  await store?.remove();
  await filled?.remove();
  await provider?.close();
});

async function freePort(): Promise<number> {
  const server = createSocketServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function signIn(page: Page, user: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${provider.issuer}/**`);
  await page.locator('input[name=login]').fill(user);
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(`${origin}/**`);
}

/** Brings rows of the table to the page, and pages of it to the disk. */
async function look(page: Page, mine: string): Promise<void> {
  await page.goto(`${origin}/#/explore?data=orders`);
  // Rows are read when somebody gets to them.
  await page.locator('exa-grid').scrollIntoViewIfNeeded();
  await expect(page.locator('exa-grid')).toContainText(mine);
}

test('two people on one browser: each sees their own, and signing out leaves nothing for the next', async ({
  page,
  context,
}) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(`${origin}/#/datasets`);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByText('Orders', { exact: true })).toHaveCount(0);

  await signIn(page, 'ann');
  await expect(page.getByRole('row', { name: /Orders/ })).toContainText('40');
  expect(new URL(page.url()).hash).toBe('#/datasets');
  await look(page, annas);
  await expect.poll(() => allKept(page)).toContain(annas);
  expect(await allKept(page)).not.toContain(bens);
  expect(await page.locator('body').innerText()).not.toContain(bens);

  // Somebody else's session may not be had by asking for it from another site's page.
  const cookies = (await context.cookies(origin)).filter(({ name }) => name === 'exa_session');
  expect(cookies.map(({ httpOnly, sameSite }) => [httpOnly, sameSite])).toEqual([[true, 'Lax']]);

  await page.getByRole('button', { name: 'Account: Ann' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect.poll(() => allKept(page)).not.toContain(annas);

  // The provider would know Ann again; the next person begins with a browser it does not know.
  await context.clearCookies({ domain: '127.0.0.1' });
  await signIn(page, 'ben');
  await page.goto(`${origin}/#/datasets`);
  await expect(page.getByRole('row', { name: /Orders/ })).toContainText('20');
  await look(page, bens);
  await expect.poll(() => allKept(page)).toContain(bens);
  expect(await allKept(page)).not.toContain(annas);

  // A second tab, whose session another tab ends, starts over too.
  const second = await context.newPage();
  await look(second, bens);
  await page.getByRole('button', { name: 'Account: Ben' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(second.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect.poll(() => allKept(second)).not.toContain(bens);
  expect(problems).toEqual([]);
});

test('a session that ends leaves the picture, says so, and a change waits for the next sign-in', async ({
  page,
  context,
}) => {
  await page.goto(`${origin}/#/datasets`);
  await signIn(page, 'ann');
  await look(page, annas);
  // Ended elsewhere: at the store, with this browser none the wiser.
  const cookie = (await context.cookies(origin)).find(({ name }) => name === 'exa_session')!;
  const ended = await fetch(`${origin}/api/sign-out`, {
    method: 'POST',
    headers: { cookie: `exa_session=${cookie.value}` },
  });
  expect(ended.status).toBe(204);
  await store.stop();
  await store.start();
  await expect(page.getByText('Your sign-in has ended')).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('exa-grid')).toContainText(annas);
  await context.clearCookies({ domain: '127.0.0.1' });
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await page.waitForURL(`${provider.issuer}/**`);
  await page.locator('input[name=login]').fill('ann');
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(`${origin}/**`);
  await page.locator('exa-grid').scrollIntoViewIfNeeded();
  await expect(page.locator('exa-grid')).toContainText(annas);
  await expect(page.getByText('Your sign-in has ended')).toHaveCount(0);
});

test('behind a proxy that names people there is nothing to sign in to', async ({ page }) => {
  const proxy = await proxyFor('ben');
  try {
    // The store answers to the proxy's host name only if that is this machine.
    await page.goto(`http://localhost:${(proxy.address() as AddressInfo).port}/#/datasets`);
    await expect(page.getByRole('row', { name: /Orders/ })).toContainText('20');
    await page.getByRole('button', { name: 'Account: ben' }).click();
    await expect(page.getByText('May look and change data.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Sign out' })).toHaveCount(0);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
});

/** A reverse proxy that has signed `user` in, as a company's front door does. */
async function proxyFor(user: string): Promise<Server> {
  const server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    const headers = { ...incoming.headers, 'x-remote-user': user };
    const onward = request(store.url + incoming.url, { method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
