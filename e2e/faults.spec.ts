import { expect, type Locator, type Page, test } from '@playwright/test';
import { type Fault, type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { keptSlots, wrongPages } from './kept-pages.ts';
import { type StoreProcess, startStore } from './store-process.ts';
import { exactFigure, freshness, importText, waitKept } from './workbench.ts';

test.use({ viewport: { width: 1440, height: 2000 } });

let store: StoreProcess;
let proxy: FaultProxy;

/** Three blocks of orders. */
const rows = 150_000;
const revenue = ((rows * (rows + 1)) / 2).toFixed(2);

test.beforeAll(async () => {
  test.setTimeout(120_000);
  store = await startStore();
  const countries = ['France', 'Spain', 'Italy', 'Japan'];
  const lines = Array.from(
    { length: rows },
    (_, i) =>
      `${i + 1},2026-0${1 + (i % 9)}-1${i % 10},${countries[i % 4]},${i % 3 ? 'shipped' : 'draft'},${i + 1}.00`,
  );
  await importText(
    store,
    ['order_id,order_date,country,state,amount', ...lines].join('\n'),
    'orders',
    '--key',
    'order_id',
  );
  proxy = await startFaultProxy(() => store.url);
});

test.afterEach(() => {
  proxy?.faults();
});

test.afterAll(async () => {
  await proxy?.close();
  await store?.remove();
});

async function open(page: Page): Promise<void> {
  await page.goto(`${proxy.url}/#/orders`);
}

async function expectWhole(page: Page): Promise<void> {
  await expect
    .poll(async () => Number(await exactFigure(page, 'Revenue')), { timeout: 40_000 })
    .toBe(Number(revenue));
  await expect(page.locator('exa-error-card')).toHaveCount(0, { timeout: 40_000 });
}

/** Presses Retry, unless what failed has healed by itself meanwhile. */
async function retry(failed: Locator): Promise<void> {
  await failed
    .getByRole('button', { name: 'Retry' })
    .click({ timeout: 2000 })
    .catch(() => {});
}

async function epochOf(dataset: string): Promise<string> {
  const head = await fetch(`${store.url}/api/datasets/${dataset}/head`);
  return ((await head.json()) as { epoch: string }).epoch;
}

const isBatch = (path: string) => path.startsWith('/api/batch');

/** The bars by country: the others never ask for that column. */
const asksCountry = (body: string) => body.includes('"c3"');

const sentences: readonly [Fault, RegExp][] = [
  [{ kind: 'status', status: 500 }, /store failed to answer/i],
  [{ kind: 'flip' }, /damaged|not Arrow|could not be read|cut short/i],
  [{ kind: 'half' }, /cut short|not Arrow/i],
  [{ kind: 'cut' }, /connection to the store broke|cannot be reached/i],
  [{ kind: 'wrong' }, /another request/i],
  [{ kind: 'login' }, /web page came in place of data/i],
];

for (const [fault, sentence] of sentences)
  test(`${fault.kind} on every batch: one sentence a gadget, nothing wrong kept, and it recovers`, async ({
    page,
  }) => {
    // Something to answer wrongly with.
    await fetch(`${proxy.url}/api/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        items: [
          {
            kind: 'pages',
            dataset: 'orders',
            epoch: await epochOf('orders'),
            column: 'c1',
            blocks: [0, 1, 2],
          },
        ],
      }),
    });
    proxy.faults(({ path }) => (isBatch(path) ? fault : undefined));
    await open(page);
    // Which gadget fails is chance: of half a batch the parts that came whole are right, and are shown.
    const card = page.locator('exa-error-card').filter({ hasText: sentence }).first();
    await expect(card).toBeVisible();
    await expect(card.getByRole('button', { name: 'Retry' })).toBeVisible();
    expect(proxy.made(fault.kind)).toBeGreaterThan(0);
    // What fails says so once, in its own box; the frame goes on.
    await expect(page.getByRole('heading', { level: 1, name: 'Orders' })).toBeVisible();
    proxy.faults();
    // Parts that came whole before the damage may be kept: they are what the store has.
    expect(await wrongPages(page)).toEqual([]);
    await retry(card);
    await expectWhole(page);
    expect(await wrongPages(page)).toEqual([]);
  });

test('one question fails: its gadget says so, its neighbours go on', async ({ page }) => {
  proxy.faults(({ path, body }) =>
    isBatch(path) && asksCountry(body) ? { kind: 'status', status: 500 } : undefined,
  );
  await open(page);
  const bars = page.locator('exa-bars', { has: page.getByRole('heading', { name: 'Country', exact: true }) });
  await expect(bars.locator('exa-error-card')).toBeVisible();
  // What shared a request with it is asked for again, without it.
  await expect
    .poll(() => exactFigure(page, 'Revenue').then(Number), { timeout: 40_000 })
    .toBe(Number(revenue));
  await expect(page.getByRole('list', { name: 'State' }).getByRole('button')).toHaveCount(2);
  await expect(bars.getByRole('button', { name: 'Retry' })).toBeVisible();
  proxy.faults();
  await retry(bars);
  await expect(page.getByRole('list', { name: 'Country' }).getByRole('button')).toHaveCount(4);
});

test('a passing fault heals by itself', async ({ page }) => {
  let left = 4;
  proxy.faults(({ path }) => (isBatch(path) && left-- > 0 ? { kind: 'flip' } : undefined));
  await open(page);
  await expectWhole(page);
});

test('a slow store: progress, then the answer', async ({ page }) => {
  proxy.faults(({ path }) => (isBatch(path) ? { kind: 'slow', pauseMs: 60 } : undefined));
  await open(page);
  await expectWhole(page);
});

test('a store that hangs is given up after half a minute, and found again', async ({ page }) => {
  test.setTimeout(150_000);
  proxy.faults(({ path }) =>
    path.startsWith('/api/') && !path.startsWith('/api/changes') ? { kind: 'hang' } : undefined,
  );
  await open(page);
  await expect(page.locator('exa-error-card').first()).toContainText(
    /did not answer within 30 seconds|cannot be reached/,
    {
      timeout: 60_000,
    },
  );
  const card = page.locator('exa-error-card').first();
  await expect(card.getByRole('button', { name: 'Retry' })).toBeVisible();
  proxy.faults();
  await retry(card);
  await expectWhole(page);
});

test('faults while data are here: the last picture stays, dated, and the digits are right', async ({
  page,
}) => {
  await open(page);
  await waitKept(page, 'orders', ['c1', 'c2', 'c3', 'c4', 'c5']);
  proxy.faults(({ path }) => (path.startsWith('/api/') ? { kind: 'login' } : undefined));
  await page.reload();
  await expectWhole(page);
  await expect(freshness(page)).toHaveText(/Offline, as of .+/);
  await page
    .getByRole('list', { name: 'State' })
    .getByRole('button', { name: /^draft/ })
    .click();
  await expect.poll(() => exactFigure(page, 'Orders').then(Number)).toBe(rows / 3);
  proxy.faults();
  await expect(freshness(page)).toHaveText('Live', { timeout: 60_000 });
});

test('pages damaged where they are kept are noticed, dropped, and fetched again', async ({ page }) => {
  await open(page);
  await waitKept(page, 'orders', ['c1', 'c2', 'c3', 'c4', 'c5']);
  const before = await keptSlots(page);
  // In another page of this origin, so that the workbench is closed meanwhile.
  await page.goto(`${proxy.url}/icon-192.png`);
  const damaged = await page.evaluate(async () => {
    let count = 0;
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open(name!);
        request.onsuccess = () => resolve(request.result);
      });
      if (!database.objectStoreNames.contains('pages')) continue;
      const done = <T>(request: IDBRequest<T>): Promise<T> =>
        new Promise((resolve) => {
          request.onsuccess = () => resolve(request.result);
        });
      const pages = () => database.transaction('pages', 'readwrite').objectStore('pages');
      for (const key of await done(pages().getAllKeys())) {
        const value: unknown = await done(pages().get(key));
        if (value instanceof Blob) {
          // A bundle: a bit every 4 KiB damages every page in it.
          const bytes = new Uint8Array(await value.arrayBuffer());
          for (let at = 0; at < bytes.length; at += 4096) bytes[at]! ^= 1;
          await done(pages().put(new Blob([bytes]), key));
          count += 10;
        } else if (
          value &&
          typeof value === 'object' &&
          'bytes' in value &&
          value.bytes instanceof Uint8Array
        ) {
          value.bytes[value.bytes.length >> 1]! ^= 1;
          await done(pages().put(value, key));
          count++;
        }
      }
      database.close();
    }
    for await (const directory of (await navigator.storage.getDirectory()).values())
      for await (const file of (directory as FileSystemDirectoryHandle).values()) {
        const handle = file as FileSystemFileHandle;
        const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
        for (let at = 0; at < bytes.length; at += 4096) bytes[at]! ^= 1;
        const writable = await handle.createWritable();
        await writable.write(bytes);
        await writable.close();
        count += 10;
      }
    return count;
  });
  expect(damaged).toBeGreaterThanOrEqual(10);
  const asked = (await store.requests('/api/batch')).length;
  await open(page);
  await expectWhole(page);
  await page
    .getByRole('list', { name: 'State' })
    .getByRole('button', { name: /^draft/ })
    .click();
  await expect.poll(() => exactFigure(page, 'Orders').then(Number)).toBe(rows / 3);
  await waitKept(page, 'orders', ['c1', 'c2', 'c3', 'c4', 'c5']);
  expect((await store.requests('/api/batch')).length).toBeGreaterThan(asked);
  await expect.poll(async () => (await keptSlots(page)).length).toBeGreaterThanOrEqual(before.length / 2);
});

test('IndexedDB is blocked: pages stay in memory, and Settings says so', async ({ page }) => {
  // A SharedWorker is beyond an init script: the coordinator of this test is the page's own thread.
  await page.addInitScript(() => {
    for (const name of ['indexedDB', 'SharedWorker', 'Worker'])
      Object.defineProperty(globalThis, name, { value: undefined, configurable: true });
  });
  await open(page);
  await expectWhole(page);
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByText('IndexedDB is blocked here: pages stay in memory.').first()).toBeVisible();
});

for (const missing of [['SharedWorker'], ['SharedWorker', 'Worker'], ['Worker']])
  test(`without ${missing.join(' and ')} it works, filters and keeps pages`, async ({ page }) => {
    await page.addInitScript((names) => {
      for (const name of names)
        Object.defineProperty(globalThis, name, { value: undefined, configurable: true });
    }, missing);
    await open(page);
    await expectWhole(page);
    await page
      .getByRole('list', { name: 'State' })
      .getByRole('button', { name: /^draft/ })
      .click();
    await expect.poll(() => exactFigure(page, 'Orders').then(Number)).toBe(rows / 3);
    await waitKept(page, 'orders', ['c5']);
  });
