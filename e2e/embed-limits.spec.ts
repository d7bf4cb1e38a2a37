import { expect, type Frame, type Page, test } from '@playwright/test';
import { type NewerStore, startNewerStore } from './newer-store.ts';
import { documentedCode, documentedPolicy, type PortalSite, startPortal } from './portal-site.ts';
import { type StoreProcess, startStore } from './store-process.ts';
import { importText } from './workbench.ts';

let store: StoreProcess;
/** Another store, with a copy of the script of its own. */
let second: StoreProcess;
let newer: NewerStore;
let portal: PortalSite;

/** Orders of four countries, the n-th of 60 worth n; the second store's are worth a thousand times that. */
const rows = 60;
const countries = ['France', 'Spain', 'Italy', 'Japan'];
const total = (rows * (rows + 1)) / 2;
const ofFrance = Array.from({ length: rows / 4 }, (_, i) => 4 * i + 1).reduce((sum, n) => sum + n, 0);

test.beforeAll(async () => {
  test.setTimeout(180_000);
  portal = await startPortal();
  const args = ['--allow-origin', portal.url];
  store = await startStore({ args });
  second = await startStore({ args });
  for (const [one, factor] of [
    [store, 1],
    [second, 1000],
  ] as const) {
    const lines = Array.from(
      { length: rows },
      (_, i) => `${i + 1},2026-0${1 + (i % 9)}-11,${countries[i % 4]},${(i + 1) * factor}.00`,
    );
    await importText(
      one,
      ['order_id,order_date,country,amount', ...lines].join('\n'),
      'orders',
      '--key',
      'order_id',
    );
  }
  newer = await startNewerStore(store.url);
});
test.afterAll(async () => {
  await newer?.stop();
  await portal?.stop();
  await store?.remove();
  await second?.remove();
});

const amount = `{"id":"total","label":"Total","formula":"sum(amount)","format":"number"}`;
const figure = (id: string, more = '') => `<exa-figure id="${id}" dataset="orders" ${more}></exa-figure>`;
const linked = `<div filter-group="sales">${figure('sum')}
  <exa-bars id="country" dataset="orders" column="country" rows="6"></exa-bars></div>`;
const script = (from: { readonly url: string }) =>
  `<script type="module" src="${from.url}/embed/v1/embed.js"></script>`;
const document_ = (body: string) => `<!doctype html><html lang="en"><title>Portal</title>${body}`;
/** Has every figure show what orders are worth. */
const worth = (page: Page | Frame) =>
  page.evaluate((measure) => {
    for (const one of document.querySelectorAll('exa-figure'))
      Object.assign(one, { measure: JSON.parse(measure) });
  }, amount);

const shown = (page: Page, id: string) =>
  page
    .locator(`#${id}`)
    .evaluate((element) => element.shadowRoot?.textContent?.replaceAll(/[\s,]+/g, ' ').trim() ?? '');
const digits = (value: number): string => value.toLocaleString('en-GB').replaceAll(',', ' ');

/** Linked gadgets answer, and again after a click. */
async function expectLinked(page: Page): Promise<void> {
  await worth(page);
  await expect.poll(() => shown(page, 'sum'), { timeout: 30_000 }).toContain(digits(total));
  await page
    .locator('#country')
    .getByRole('button', { name: /^France/ })
    .click();
  await expect.poll(() => shown(page, 'sum')).toContain(digits(ofFrance));
}

/** The policy of the docs for portals that let no blob run. */
const withoutBlobs = async () =>
  (await documentedPolicy(store.url))
    .replace(/worker-src [^;]*/, `worker-src 'self' ${store.url}`)
    .replace('script-src', "script-src 'self'");

/** A portal whose script says where its copy is, as the docs have it. */
async function portalWithCopy(path: string, copy: string): Promise<void> {
  const [, configure] = await documentedCode('js', store.url);
  portal.script(`${path}.js`, configure!.replace('/exanalytics-worker.js', copy));
  portal.page(
    path,
    document_(`<script type="module" src="${path}.js"></script>${linked}`),
    await withoutBlobs(),
  );
}

test('where a policy forbids blobs, workers run from a copy under the portal’s own origin', async ({
  page,
}) => {
  const [copy] = await documentedCode('worker', store.url);
  portal.script('/exanalytics-worker.js', copy!);
  await portalWithCopy('/copy', '/exanalytics-worker.js');
  await page.goto(`${portal.url}/copy`);
  await expectLinked(page);
  const own = page.workers().filter((worker) => worker.url() === `${portal.url}/exanalytics-worker.js`);
  expect(own.length).toBeGreaterThan(0);
});

test('workers run from the store’s script as a proxy of the portal’s passes it on', async ({ page }) => {
  portal.pass('/exanalytics/', `${store.url}/`);
  await portalWithCopy('/proxied', '/exanalytics/embed/v1/worker.js');
  portal.page(
    '/proxied',
    document_(`<script type="module" src="/proxied.js"></script>${linked}`),
    (await withoutBlobs()).replace(/worker-src [^;]*/, "worker-src 'self'"),
  );
  await page.goto(`${portal.url}/proxied`);
  await expectLinked(page);
  const own = page.workers().filter((worker) => worker.url().startsWith(`${portal.url}/exanalytics/`));
  expect(own.length).toBeGreaterThan(0);
});

test('a copy that is none, or of another version, is left aside, and the page computes itself', async ({
  page,
}) => {
  portal.page('/moved.js', document_('<h1>Not found</h1>'));
  portal.script(
    '/other.js',
    `
    onconnect = ({ ports: [port] }) => { throw new Error('of another version'); };
    if ('onconnect' in globalThis && globalThis.name) throw new Error('of another version');
    globalThis.postMessage?.('another build');`,
  );
  for (const copy of ['/moved.js', '/other.js']) {
    await portalWithCopy('/no-copy', copy);
    await page.goto(`${portal.url}/no-copy`);
    await expectLinked(page);
    await expect.poll(() => page.workers().length).toBe(0);
  }
});

test('a filter that a page sets as it loads is kept until the gadgets’ code is here', async ({ page }) => {
  portal.page(
    '/early',
    document_(`${script(store)}${linked}<script type="module">
      const filter = { dataset: 'orders', filter: { op: 'in', column: 'country', values: ['France'] } };
      document.querySelector('#country').dispatchEvent(new CustomEvent('exa-filter', { bubbles: true, detail: { filter } }));
    </script>`),
  );
  await page.goto(`${portal.url}/early`);
  await worth(page);
  await expect.poll(() => shown(page, 'sum'), { timeout: 30_000 }).toContain(digits(ofFrance));
});

test('the classic script does the same in a page without module scripts, configured at once', async ({
  page,
}) => {
  portal.page(
    '/classic',
    document_(`<script src="${second.url}/embed/v1/embed.iife.js"></script>
    <script>exanalytics.configure({ store: ${JSON.stringify(store.url)} });</script>${linked}`),
  );
  await page.goto(`${portal.url}/classic`);
  await expectLinked(page);
});

test('a gadget moved, taken out and put back while its code is on its way answers where it ends', async ({
  page,
}) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  portal.page(
    '/moving',
    document_(`${script(store)}${linked}<script>
      const figure = document.querySelector('#sum');
      const home = figure.parentElement;
      const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      window.still = (async () => {
        for (const ms of [0, 5, 20, 60, 120, 200]) {
          document.body.append(figure);
          await pause(ms);
          figure.remove();
          await pause(ms);
          home.prepend(figure);
          await pause(ms);
        }
      })();
    </script>`),
  );
  await page.goto(`${portal.url}/moving`);
  await page.evaluate('still');
  await expectLinked(page);
  await expect(page.locator('exa-error-card')).toHaveCount(0);
  expect(problems).toEqual([]);
});

test('an address of a copy that is not the portal’s own is refused in words', async ({ page }) => {
  portal.page('/words', document_(`${script(store)}${figure('sum')}`));
  await page.goto(`${portal.url}/words`);
  const said = await page.evaluate(async (address) => {
    const { configure } = await import(`${address}/embed/v1/embed.js`);
    try {
      configure({ workerUrl: 'https://elsewhere.example/worker.js' });
    } catch (error) {
      return (error as Error).message;
    }
  }, store.url);
  expect(said).toContain('is not an address under');
});

for (const [what, names] of [
  ['no SharedWorker', ['SharedWorker']],
  ['no Worker at all', ['SharedWorker', 'Worker']],
  ['no IndexedDB', ['indexedDB']],
  ['no service worker', ['serviceWorker']],
  ['no locks', ['locks']],
] as const)
  for (const where of ['a portal’s page', 'the store’s own frame'] as const)
    test(`in a browser with ${what}, gadgets in ${where} answer`, async ({ page }) => {
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(error.message));
      await page.addInitScript((missing) => {
        for (const name of missing) {
          const owner = name === 'serviceWorker' || name === 'locks' ? navigator : globalThis;
          Object.defineProperty(owner, name, { value: undefined, configurable: true });
        }
      }, names);
      if (where === 'a portal’s page') {
        portal.page('/absence', document_(`${script(store)}${linked}`));
        await page.goto(`${portal.url}/absence`);
        await expectLinked(page);
      } else {
        await page.goto(`${store.url}/embed/v1/frame.html#exa-figure?dataset=orders`);
        await expect(page.locator('exa-figure')).toBeAttached();
        await worth(page);
        await expect.poll(() => shown(page, 'exa-figure'), { timeout: 30_000 }).toContain(digits(total));
      }
      await expect(page.locator('exa-error-card')).toHaveCount(0);
      expect(problems).toEqual([]);
    });

test('two copies of the script, of two stores: each gadget is answered by its own', async ({ page }) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  portal.page(
    '/two',
    document_(`${script(store)}${script(second)}${linked}${figure('other', `store="${second.url}"`)}`),
  );
  await page.goto(`${portal.url}/two`);
  await expectLinked(page);
  await expect.poll(() => shown(page, 'other')).toContain(digits(1000 * total));
  await expect(page.locator('exa-error-card')).toHaveCount(0);
  expect(problems).toEqual([]);
});

test('an old script with a newer store: what is unknown is passed over; code that is gone is said to be', async ({
  page,
}) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  portal.page('/old', document_(`${script(newer)}${linked}`));
  await page.goto(`${portal.url}/old`);
  await expectLinked(page);
  expect(newer.additions, 'the start and the stream of changes').toBeGreaterThan(1);
  await expect(page.locator('exa-error-card')).toHaveCount(0);

  newer.forget(/^\/assets\//);
  await page.evaluate(() => {
    document.body.append(document.createElement('exa-series'));
  });
  await expect(page.locator('exa-error-card')).toContainText('the store has a newer version than this page');
  // What was there goes on.
  await page
    .locator('#country')
    .getByRole('button', { name: /^Spain/ })
    .click();
  await expect.poll(() => shown(page, 'sum')).not.toContain(digits(ofFrance));
  expect(problems).toEqual([]);
});

test('a row’s own document in the ERP opens from its sheet, and the portal hears of it', async ({ page }) => {
  const head = await (await fetch(`${store.url}/api/datasets/orders/head`)).json();
  const profile = { ...head.profile, document: `${portal.url}/erp/orders/{order_id}` };
  const written = await fetch(`${store.url}/api/datasets/orders/profile`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'document' },
    body: JSON.stringify(profile),
  });
  expect(written.ok, await written.clone().text()).toBe(true);
  const first = rows;
  portal.page(`/erp/orders/${first}`, document_('<h1>Its order</h1>'));
  portal.page('/documents', document_(`${script(store)}<exa-grid id="grid" dataset="orders"></exa-grid>`));
  await page.goto(`${portal.url}/documents`);
  const row = page.locator('#grid').getByRole('row', { name: new RegExp(`^${first}\\b`) });
  await row.getByRole('button').or(row.getByRole('link')).first().click();
  const link = page.locator('exa-record').getByRole('link', { name: 'Open in ERP' });
  await expect(link).toHaveAttribute('href', `${portal.url}/erp/orders/${first}`);
  const [opened] = await Promise.all([page.waitForEvent('popup'), link.click()]);
  await expect(opened.getByRole('heading')).toHaveText('Its order');
  await opened.close();

  // The portal opens it its own way, instead.
  await page.evaluate(() =>
    addEventListener(
      'exa-open',
      (event) => {
        event.preventDefault();
        document.title = (event as CustomEvent<{ document: string }>).detail.document;
      },
      { capture: true },
    ),
  );
  await link.click();
  await expect(page).toHaveTitle(`${portal.url}/erp/orders/${first}`);
  expect(page.context().pages()).toHaveLength(1);
});
