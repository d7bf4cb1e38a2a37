import { expect, type Frame, type Page, test } from '@playwright/test';
import { ofFrance, rowsOfFrance, startStoreOfOrders, total } from './portal-orders.ts';
import {
  documentedCode,
  documentedPolicy,
  type PortalSite,
  startPortal,
  strictPolicy,
} from './portal-site.ts';
import type { StoreProcess } from './store-process.ts';

let store: StoreProcess;
let portal: PortalSite;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  portal = await startPortal();
  store = await startStoreOfOrders(portal);
});
test.afterAll(async () => {
  await portal?.stop();
  await store?.remove();
});

const amount = `{"id":"total","label":"Total","formula":"sum(amount)","format":"number"}`;
const script = () => `<script type="module" src="${store.url}/embed/v1/embed.js"></script>`;

/** Two linked gadgets and a figure of another group. */
const linked = () => `<!doctype html><html lang="en"><title>Portal</title>${script()}
  <div filter-group="sales">
    <exa-bars id="country" dataset="orders" column="c3" rows="6"></exa-bars>
    <exa-figure id="sum" dataset="orders"></exa-figure>
  </div>
  <exa-figure id="apart" dataset="orders"></exa-figure>
  <script type="module">
    for (const one of document.querySelectorAll('exa-bars, exa-figure')) {
      one.setAttribute('dataset', 'orders');
      customElements.whenDefined(one.localName).then(() => { one.measure = ${amount}; });
    }
  </script>`;

const exact = (page: Page | Frame, id: string) =>
  page
    .locator(`#${id}`)
    .evaluate((element) => element.shadowRoot?.textContent?.replaceAll(/[\s,]+/g, ' ').trim() ?? '');

test('in a page of another origin, under a strict policy: linked gadgets, one client, workers of the page', async ({
  page,
}) => {
  const outside: string[] = [];
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (!['data:', 'blob:'].includes(protocol) && origin !== store.url && origin !== portal.url)
      outside.push(request.url());
  });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('404')) complaints.push(message.text());
  });
  portal.page('/', linked(), strictPolicy(store.url));
  await page.goto(portal.url);
  await expect.poll(() => exact(page, 'sum'), { timeout: 60_000 }).toContain(digits(total));
  expect(await exact(page, 'sum')).toContain(digits(total));
  await page
    .locator('#country')
    .getByRole('button', { name: /^France/ })
    .click();
  await expect.poll(() => exact(page, 'sum')).toContain(digits(ofFrance));
  expect(await exact(page, 'apart')).toContain(digits(total));
  expect(
    page.workers().filter((worker) => worker.url().startsWith(`blob:${portal.url}`)).length,
  ).toBeGreaterThan(0);

  // Moved, taken out and put back while it works.
  await page.evaluate(async () => {
    const figure = document.querySelector('#sum')!;
    document.body.append(figure);
    figure.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    document.querySelector('[filter-group]')!.append(figure);
  });
  await expect.poll(() => exact(page, 'sum')).toContain(digits(ofFrance));
  expect(outside).toEqual([]);
  expect(complaints).toEqual([]);
});

test('where a policy forbids workers, the page computes itself', async ({ page }) => {
  portal.page('/none', linked(), strictPolicy(store.url).replace(/worker-src [^;]*/, "worker-src 'none'"));
  await page.goto(`${portal.url}/none`);
  await expect.poll(() => exact(page, 'sum'), { timeout: 60_000 }).toContain(digits(total));
  await page
    .locator('#country')
    .getByRole('button', { name: /^France/ })
    .click();
  await expect.poll(() => exact(page, 'sum')).toContain(digits(ofFrance));
  expect(page.workers()).toEqual([]);
});

test('a whole view stands alone; an order opens in a sheet, or where the portal wants it', async ({
  page,
}) => {
  portal.page(
    '/orders',
    `<!doctype html><html lang="en"><title>Portal</title>${script()}<exa-orders dataset="orders"></exa-orders>`,
  );
  await page.goto(`${portal.url}/orders`);
  const grid = page.locator('exa-orders exa-grid');
  await grid
    .getByRole('row')
    .nth(1)
    .getByRole('button')
    .or(grid.getByRole('row').nth(1).getByRole('link'))
    .first()
    .click();
  await expect(page.locator('exa-record[data-portal]')).toContainText('Amount');
  await page.keyboard.press('Escape');
  await expect(page.locator('exa-record')).toHaveCount(0);

  await page.evaluate(() => {
    document.addEventListener(
      'exa-open',
      (event) => {
        event.preventDefault();
        document.title = JSON.stringify((event as CustomEvent).detail);
      },
      { capture: true },
    );
  });
  await grid
    .getByRole('row')
    .nth(1)
    .getByRole('button')
    .or(grid.getByRole('row').nth(1).getByRole('link'))
    .first()
    .click();
  await expect(page).toHaveTitle(/"dataset":"orders"/);
  await expect(page.locator('exa-record')).toHaveCount(0);
});

/** A page that holds a gadget in an iframe, and talks to it by messages. */
const holding = (address: string): string =>
  `<!doctype html><html lang="en"><title>Portal</title><iframe title="Held" src="${address}" style="width:1000px;height:800px"></iframe>
    <script>
      const answers = (window.answers = []);
      const waiting = new Map();
      let id = 0;
      addEventListener('message', ({ data }) => {
        answers.push(data);
        waiting.get(data.id)?.(data);
      });
      window.ask = (message) => new Promise((resolve) => {
        waiting.set(++id, resolve);
        document.querySelector('iframe').contentWindow.postMessage({ exanalytics: 1, id, ...message }, '${store.url}');
      });
    </script>`;

type Message = { kind: string; [key: string]: unknown };

const talkedTo = (page: Page) => ({
  ask: (message: object): Promise<Message> =>
    page.evaluate((one) => Reflect.get(window, 'ask')(one), message),
  heard: (kind: string) =>
    page.evaluate(
      (wanted) => Reflect.get(window, 'answers').filter((one: Message) => one.kind === wanted),
      kind,
    ),
});

test('in an iframe: size, state and filters by messages; what is malformed or a flood is left alone', async ({
  page,
}) => {
  portal.page(
    '/frame',
    holding(`${store.url}/embed/v1/frame.html#exa-figure?dataset=orders`),
    strictPolicy(store.url),
  );
  await page.goto(`${portal.url}/frame`);
  const { ask, heard } = talkedTo(page);
  await expect.poll(async () => (await heard('ready')).length, { timeout: 60_000 }).toBeGreaterThan(0);
  await expect.poll(async () => (await heard('size')).at(-1)?.height ?? 0).toBeGreaterThan(20);
  expect(await ask({ kind: 'hello' })).toMatchObject({ kind: 'done', value: { tag: 'exa-figure' } });
  expect(await ask({ kind: 'call', method: 'checkValidity', args: [] })).toMatchObject({ kind: 'done' });
  expect(await ask({ kind: 'call', method: 'remove', args: [] })).toMatchObject({
    kind: 'failed',
    error: { tag: 'missing' },
  });
  const frame = page.frames().find((one) => one.url().startsWith(store.url))!;
  await expect.poll(() => frame.locator('exa-figure').getAttribute('phase')).toBe('ready');
  const before = await exact(frame, 'exa-figure');
  const filter = { dataset: 'orders', filter: { op: 'in', column: 'c3', values: ['France'] } };
  expect(await ask({ kind: 'setFilter', source: 'portal', filter })).toMatchObject({ kind: 'done' });
  await expect.poll(() => exact(frame, 'exa-figure')).not.toBe(before);
  expect(await ask({ kind: 'setFilter', source: 'portal', filter: null })).toMatchObject({ kind: 'done' });
  await expect.poll(() => exact(frame, 'exa-figure')).toBe(before);

  // Exported: exactly what is shown.
  const exported = await ask({ kind: 'export', format: 'csv' });
  const file = exported.value as { name: string; type: string; bytes: Record<string, number> };
  expect(file.name).toMatch(/\.csv$/);
  const text = Buffer.from(Object.values(file.bytes)).toString();
  expect(before).toContain(digits(Number(text.trim().split('\n').at(-1))));
  expect(await ask({ kind: 'export', format: 'exe' })).toMatchObject({
    kind: 'failed',
    error: { tag: 'invalid' },
  });

  const flood = await page.evaluate(async () => {
    const child = document.querySelector('iframe')!.contentWindow!;
    const cyclic: Record<string, unknown> = { exanalytics: 1, kind: 'setState', id: 7_777 };
    cyclic.state = cyclic;
    for (const junk of [
      null,
      'text',
      42,
      [],
      {},
      { exanalytics: 1 },
      { exanalytics: 1, id: 'x', kind: 'hello' },
      cyclic,
    ])
      child.postMessage(junk, '*');
    child.postMessage(
      { exanalytics: 1, kind: 'setState', id: 7_778, state: { big: 'x'.repeat(2_000_000) } },
      '*',
    );
    const before = Reflect.get(window, 'answers').length;
    const began = performance.now();
    for (let i = 0; i < 10_000; i++)
      child.postMessage({ exanalytics: 1, kind: 'getState', id: 10_000 + i }, '*');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const seconds = Math.ceil((performance.now() - began) / 1000) + 1;
    return { answered: Reflect.get(window, 'answers').length - before, most: seconds * 201 };
  });
  expect(flood.answered).toBeGreaterThan(0);
  expect(flood.answered).toBeLessThanOrEqual(flood.most);
  expect((await heard('done')).map(({ id }: Message) => id)).not.toContain(7_777);
  await expect.poll(async () => (await ask({ kind: 'getState' })).kind).toBe('done');
});

test('a workspace in an iframe: filtered, exported and selected in by messages', async ({ page }) => {
  portal.page(
    '/held-orders',
    holding(`${store.url}/embed/v1/frame.html#/orders?data=orders`),
    strictPolicy(store.url),
  );
  await page.goto(`${portal.url}/held-orders`);
  const { ask, heard } = talkedTo(page);
  await expect.poll(async () => (await heard('ready')).length, { timeout: 60_000 }).toBeGreaterThan(0);
  expect(await ask({ kind: 'hello' })).toMatchObject({ kind: 'done', value: { tag: 'exa-frame' } });
  const frame = page.frames().find((one) => one.url().startsWith(store.url))!;
  const grid = frame.locator('exa-orders exa-grid');
  await expect(grid).toHaveAttribute('phase', 'ready', { timeout: 60_000 });

  const filter = { dataset: 'orders', filter: { op: 'in', column: 'c3', values: ['France'] } };
  expect(await ask({ kind: 'setFilter', source: 'portal', filter })).toMatchObject({ kind: 'done' });
  await expect.poll(() => new URL(frame.url()).hash).toContain('France');
  expect(await ask({ kind: 'setFilter', source: 'portal', filter: { dataset: 'orders' } })).toMatchObject({
    kind: 'failed',
    error: { tag: 'invalid' },
  });
  await expect
    .poll(async () => exportedRows(await ask({ kind: 'export', format: 'csv' })))
    .toBe(rowsOfFrance);

  await grid.getByRole('gridcell').first().click();
  await expect
    .poll(
      async () => (await heard('event')).filter(({ type }: Message) => type === 'exa-select').at(-1)?.detail,
    )
    .toMatchObject({ dataset: 'orders', count: 1, rows: [{ dataset: 'orders' }] });
});

/** Rows of an exported CSV file, its header apart; all of them of France. */
function exportedRows({ value }: Message): number {
  const { bytes } = value as { bytes: Record<string, number> };
  const [, ...lines] = Buffer.from(Object.values(bytes)).toString().trim().split(/\r?\n/);
  for (const line of lines) expect(line).toContain('France');
  return lines.length;
}

test('a page filters a group of its gadgets, and hears what people filter and select in them', async ({
  page,
}) => {
  portal.page(
    '/both-ways',
    linked().replace('</div>', '<exa-grid id="rows" dataset="orders" style="height:300px"></exa-grid></div>'),
    strictPolicy(store.url),
  );
  await page.goto(`${portal.url}/both-ways`);
  await expect.poll(() => exact(page, 'sum'), { timeout: 60_000 }).toContain(digits(total));
  await page.evaluate(() => {
    const told: unknown[] = [];
    Object.assign(window, { told });
    for (const type of ['exa-filters', 'exa-select', 'exa-error'])
      document.addEventListener(type, (event) => told.push({ type, detail: (event as CustomEvent).detail }));
  });
  const say = (detail: unknown, to = '#sum') =>
    page.evaluate(
      ([selector, given]) =>
        document
          .querySelector(selector as string)!
          .dispatchEvent(new CustomEvent('exa-filter', { bubbles: true, detail: given })),
      [to, detail] as const,
    );
  const told = (type: string) =>
    page.evaluate(
      (wanted) => Reflect.get(window, 'told').filter((one: { type: string }) => one.type === wanted),
      type,
    );
  await say({ filter: { dataset: 'orders', filter: { op: 'in', column: 'c3', values: ['France'] } } });
  await expect.poll(() => exact(page, 'sum')).toContain(digits(ofFrance));
  expect(await exact(page, 'apart')).toContain(digits(total));
  expect(await told('exa-filters')).toEqual([]);
  await say({ filter: null });
  await expect.poll(() => exact(page, 'sum')).toContain(digits(total));
  await say({ filter: 'France' });
  await say({ filter: null }, '#apart');
  await expect.poll(async () => (await told('exa-error')).length).toBe(2);

  const bar = page.locator('#country').getByRole('button', { name: /^France/ });
  await bar.click();
  await expect
    .poll(async () => JSON.stringify(await told('exa-filters')))
    .toContain('"column":"c3","values":["France"]');
  const grid = page.locator('#rows');
  await expect(grid).toHaveAttribute('phase', 'ready');
  await grid.getByRole('gridcell').first().click();
  await page.keyboard.press('Shift+ArrowDown');
  await expect
    .poll(async () => (await told('exa-select')).at(-1)?.detail)
    .toMatchObject({ dataset: 'orders', count: 2, rows: [{ dataset: 'orders' }, { dataset: 'orders' }] });
  await page.keyboard.press('Escape');
  await expect.poll(async () => (await told('exa-select')).at(-1)?.detail.count).toBe(0);
});

test('an address that shows no gadget says so in a sentence', async ({ page }) => {
  for (const hash of ['', '#exa-nothing', '#exa-figure?onclick=alert(1)', '#exa-figure?state=[1]']) {
    await page.goto('about:blank');
    await page.goto(`${store.url}/embed/v1/frame.html${hash}`);
    await expect(page.locator('exa-error-card')).toContainText(/gadget/, { timeout: 30_000 });
  }
});

test('the examples of the docs’ page run as they stand', async ({ page }) => {
  const [linkedOnes, frameOne] = await documentedCode('html', store.url);
  portal.page(
    '/docs',
    `<!doctype html><html lang="en"><title>Portal</title>${linkedOnes}`,
    await documentedPolicy(store.url),
  );
  await page.goto(`${portal.url}/docs`);
  await expect(page.locator('body > div > exa-trend')).toHaveAttribute('phase', 'ready', { timeout: 60_000 });
  const drawn = () => page.locator('body > div > exa-trend').evaluate((one) => one.shadowRoot!.textContent);
  const whole = await drawn();
  const [filtering] = await documentedCode('js', store.url);
  await page.evaluate(filtering!);
  await expect.poll(drawn).not.toBe(whole);
  const before = await drawn();
  await page
    .locator('body > div > exa-bars')
    .getByRole('button', { name: /^France/ })
    .click();
  await expect.poll(drawn).not.toBe(before);
  await expect(page.locator('exa-orders exa-grid')).toBeAttached();
  await expect(page.locator('exa-error-card')).toHaveCount(0);

  const [, , messages] = await documentedCode('js', store.url);
  portal.page(
    '/docs-frame',
    `<!doctype html><html lang="en"><title>Portal</title>${frameOne}<script>
      const frame = document.querySelector('iframe');
      const store = ${JSON.stringify(store.url)};
      const save = (state) => { window.saved = state; };
      frame.addEventListener('load', () => {
        addEventListener('message', function once({ data }) {
          if (data.kind !== 'ready') return;
          removeEventListener('message', once);
          ${messages}
        });
      });
    </script>`,
    strictPolicy(store.url),
  );
  await page.goto(`${portal.url}/docs-frame`);
  await expect.poll(() => page.evaluate(() => Reflect.get(window, 'saved')?.by)).toBe('month');
  await expect
    .poll(() => page.locator('iframe').evaluate((one) => (one as HTMLElement).style.height))
    .toMatch(/^\d{2,}px$/);
});

test('misuse: scripts in attributes, two copies of the script, a store that is none, a browser with nothing', async ({
  page,
}) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  const hostile = `&quot;&gt;&lt;img src=x onerror=&quot;window.injected=1&quot;&gt;`;
  // An address that answers every question with a page, status 200.
  for (const path of ['session', 'datasets', 'datasets/orders/head', 'changes', 'query', 'batch'])
    portal.page(`/fake/api/${path}`, '<!doctype html><title>Not found</title>');
  portal.page(
    '/misuse',
    `<!doctype html><html lang="en"><title>Portal</title>${script()}
    <script type="module" src="${store.url}/embed/v1/embed.js?another"></script>
    <exa-figure id="sum" dataset="orders"></exa-figure>
    <exa-figure id="fake" store="${portal.url}/fake" dataset="orders"></exa-figure>
    <exa-figure id="no-store" store="javascript:alert(1)" dataset="orders"></exa-figure>
    ${['dataset', 'measure', 'label', 'filter-group', 'lang', 'token', 'store']
      .map(
        (name) =>
          `<exa-figure dataset="orders" ${name}="${hostile}"></exa-figure><exa-bars column="${hostile}" dataset="orders" ${name === 'dataset' ? '' : `${name}="${hostile}"`}></exa-bars>`,
      )
      .join('')}`,
  );
  // Nothing of the browser's but the page's own thread.
  await page.addInitScript(() => {
    for (const name of ['SharedWorker', 'Worker', 'indexedDB', 'BroadcastChannel', 'caches'])
      Object.defineProperty(globalThis, name, { value: undefined, configurable: true });
    Object.defineProperty(navigator, 'serviceWorker', { value: undefined, configurable: true });
    Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true });
  });
  await page.goto(`${portal.url}/misuse`);
  await expect(page.locator('#sum')).toHaveAttribute('phase', 'ready', { timeout: 60_000 });
  await expect(page.locator('exa-error-card', { hasText: 'answers as a store does' }).first()).toContainText(
    '--allow-origin',
  );
  await expect(
    page.locator('exa-error-card', { hasText: 'is not the address of a store' }).first(),
  ).toBeVisible();
  expect(await page.evaluate(() => Reflect.get(window, 'injected'))).toBeUndefined();
  expect(problems).toEqual([]);
});

/** As figures say all their digits. */
function digits(value: number): string {
  return value.toLocaleString('en-GB').replaceAll(',', ' ');
}
