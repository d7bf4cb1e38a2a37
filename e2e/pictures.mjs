// `npm run pictures`: takes docs/images/*.webp anew: every view light, dark and on a phone of a store with the small demo;
// all views loading, empty, stale and failed, on sheets of made-up data; gadgets in every state; the plots of models.
// Builds first when there is no build. `-- orders exa-grid loading`: only those.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { build, preview } from 'vite';
import { modelPictures } from './pictures/model-pictures.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const images = join(root, 'docs', 'images');
const browser = [process.env.EXANALYTICS_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (place) => place && existsSync(place),
);

/** No picture is heavier, so that a clone stays light. */
const maxBytes = 260_000;

/** Views by the name of their pictures: where they are, and what is done there first. */
const views = {
  home: '#/home',
  explore: '#/explore?data=orders',
  pivot: '#/pivot?data=orders',
  orders: '#/orders',
  'orders-filtered': '#/orders?data=orders&period=last-12-months&f.by-c5=in(c5,France)',
  'no-rows': '#/explore?data=orders&f.by-c5=in(c5,Iceland)&f.by-c7=in(c7,draft)',
  filter: '#/orders',
  behind: `#/orders?data=orders&rows=orders@in(c5,France)&s.behind=${encodeURIComponent(
    JSON.stringify({ title: 'Country: France', measure: null }),
  )}`,
  record: '#/orders?record=199998@orders',
  clients: '#/clients',
  array: '#/array',
  heatmap: '#/array?data=matrix',
  model: '#/model',
  datasets: '#/datasets',
  dataset: '#/datasets?data=products',
  page: '#/page',
  compare: `#/compare?s.compare=${encodeURIComponent(
    JSON.stringify({
      left: '#/orders?data=orders&f.by-c5=in(c5,France)',
      right: '#/orders?data=orders&f.by-c5=in(c5,Germany)',
      linked: false,
    }),
  )}`,
  import: '#/import',
  settings: '#/settings',
  gallery: '#/gallery',
  search: '#/orders',
  shortcuts: '#/home',
  tour: '#/home',
};

/** Calls a command by name, as the palette does. */
async function command(page, name) {
  await page.keyboard.press('Control+k');
  await page.keyboard.type(name);
  await page.getByRole('option', { name }).first().click();
}

const acts = {
  filter: (page) => page.getByRole('button', { name: 'Filter', exact: true }).first().click(),
  search: async (page) => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('fr');
    await page.getByRole('option').first().waitFor();
  },
  shortcuts: (page) => page.keyboard.press('?'),
  tour: (page) => command(page, 'tour'),
  model: (page) =>
    page
      .locator('exa-outliers')
      .getByRole('button', { name: 'Cancel' })
      .waitFor({ state: 'detached', timeout: 60_000 }),
  page: async (page) => {
    await page
      .getByRole('button', { name: /^Start with Orders/i })
      .first()
      .click();
    await page.getByRole('button', { name: 'Done' }).click();
  },
  import: (page) =>
    page
      .locator('input[type=file]')
      .first()
      .setInputFiles({
        name: 'orders.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(
          'Order,Date,Country,Amount\nA1,2026-03-14,France,12.50\nA2,2026-03-15,Germany,7.25\nA3,31/02/2026,Spain,3.00\n',
        ),
      }),
  array: async (page) => {
    const first = page.locator('main a[href*="#/array?"]').first();
    if (await first.isVisible()) await first.click();
  },
};

/** Gadgets that the gallery shows. */
const tags = ['exa-figure', 'exa-trend', 'exa-bars', 'exa-distribution', 'exa-grid', 'exa-pivot'];

const looks = {
  light: { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  dark: { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light', hasTouch: true, isMobile: true },
};

const only = process.argv.slice(2);
const isWanted = (name) => only.length === 0 || only.includes(name);
/** One look of a view can be asked for by itself: `orders-phone`. */
const isWantedIn = (name, look) => isWanted(name) || only.includes(`${name}-${look}`);

/** Resolves to the store's address and what ends it. */
async function startStore() {
  const data = mkdtempSync(join(tmpdir(), 'exanalytics-pictures-'));
  const program = join(root, 'store', 'cli', 'exanalytics.mjs');
  const store = spawn(
    process.execPath,
    [program, 'serve', '--port', '0', '--data', data, '--demo', 'small'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise((resolve) => store.once('exit', resolve));
  const address = await new Promise((resolve, reject) => {
    let output = '';
    store.stdout.on('data', (chunk) => {
      output += chunk;
      const found = /Workbench: (http\S+)/.exec(output);
      if (found) resolve(found[1]);
    });
    store.once('exit', (code) => reject(new Error(`The store ended with ${code} before it was ready.`)));
  });
  return {
    address,
    async stop() {
      store.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Waits until nothing loads any more, in any shadow root, for two looks in a row. */
async function settle(page) {
  const busy = () =>
    page.evaluate(() => {
      const loading = (at) =>
        [...at.querySelectorAll('*')].some(
          (one) => one.getAttribute('phase') === 'loading' || (one.shadowRoot && loading(one.shadowRoot)),
        );
      return !document.querySelector('exa-frame') || loading(document);
    });
  for (let calm = 0, looked = 0; calm < 3 && looked < 120; looked++) {
    await page.waitForTimeout(250);
    calm = (await busy()) ? 0 : calm + 1;
  }
}

/** WebP, which Playwright's own pictures cannot be: a third of a PNG's size. */
async function take(page, name, element) {
  const session = await page.context().newCDPSession(page);
  await element?.scrollIntoViewIfNeeded();
  const box = await element?.boundingBox();
  const { x, y } = await page.evaluate(() => ({ x: scrollX, y: scrollY }));
  const clip = box && { x: box.x + x, y: box.y + y, width: box.width, height: box.height, scale: 1 };
  let bytes = Buffer.alloc(0);
  // A sheet full of charts is taken less finely rather than not at all.
  for (const quality of [85, 75, 65]) {
    const { data } = await session.send('Page.captureScreenshot', {
      format: 'webp',
      quality,
      ...(clip && { clip, captureBeyondViewport: true }),
    });
    bytes = Buffer.from(data, 'base64');
    if (bytes.length <= maxBytes) break;
  }
  await session.detach();
  if (bytes.length > maxBytes)
    throw new Error(`${name}.webp has ${bytes.length} bytes; ${maxBytes} are allowed.`);
  writeFileSync(join(images, `${name}.webp`), bytes);
  console.log(`${name}.webp ${(bytes.length / 1000).toFixed(0)} kB`);
}

/** The context of a look: nothing moves in a picture. */
const contextOf = (look) => ({
  ...looks[look],
  locale: 'en-GB',
  timezoneId: 'Europe/Paris',
  reducedMotion: 'reduce',
});

async function takeViews(chrome, address) {
  for (const look of Object.keys(looks)) {
    const context = await chrome.newContext(contextOf(look));
    for (const [name, fragment] of Object.entries(views)) {
      if (!isWantedIn(name, look)) continue;
      const page = await context.newPage();
      await page.goto(`${address}/${fragment}`);
      await settle(page);
      if (acts[name]) {
        await acts[name](page);
        await settle(page);
      }
      await take(page, `${name}-${look}`);
      await page.close();
    }
    await context.close();
  }
}

const states = ['loading', 'empty', 'stale', 'failed'];

/** Views of a sheet. */
const stagedViews = {
  Home: '#/home',
  Explore: '#/explore?data=orders',
  Pivot: '#/pivot?data=orders',
  Orders: '#/orders?data=orders',
  'Record sheet': '#/orders?data=orders&record=7@orders',
  Clients: '#/clients?data=clients',
  Arrays: '#/array?data=sensors',
  Models: '#/model?data=orders',
  'Data sets': '#/datasets?data=orders',
  Page: `#/page?s.page=${encodeURIComponent(
    JSON.stringify({
      title: 'A shop',
      editing: false,
      items: [
        { id: 'f', kind: 'figure', dataset: 'orders', measure: 'revenue', x: 0, y: 0, w: 4, h: 2 },
        { id: 't', kind: 'trend', dataset: 'orders', measure: 'revenue', x: 4, y: 0, w: 8, h: 4 },
        { id: 'b', kind: 'bars', dataset: 'orders', measure: 'orders', column: 'c3', x: 0, y: 2, w: 4, h: 4 },
        { id: 'g', kind: 'grid', dataset: 'orders', x: 4, y: 4, w: 8, h: 5 },
      ],
    }),
  )}`,
  Compare: `#/compare?s.compare=${encodeURIComponent(
    JSON.stringify({
      left: '#/orders?data=orders&f.by-c3=in(c3,France)',
      right: '#/orders?data=orders&f.by-c3=in(c3,Germany)',
      linked: false,
    }),
  )}`,
  Import: '#/import',
  Settings: '#/settings',
};

/** All views beside each other, in each state: made-up data, as a store that is slow, empty, away or failing gives them. */
async function takeSheets(chrome) {
  const folder = join(root, 'e2e', 'pictures');
  const outDir = mkdtempSync(join(tmpdir(), 'exanalytics-sheets-'));
  await build({
    configFile: false,
    root: folder,
    base: './',
    logLevel: 'warn',
    define: { global: 'globalThis' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      chunkSizeWarningLimit: 100_000,
      rollupOptions: { input: [join(folder, 'index.html'), join(folder, 'sheet.html')] },
    },
  });
  const server = await preview({
    configFile: false,
    root: folder,
    logLevel: 'warn',
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1' },
  });
  const [address] = server.resolvedUrls?.local ?? [];
  const sheets = {
    light: { width: 1440, height: 900, scale: 0.45, columns: 3 },
    dark: { width: 1440, height: 900, scale: 0.45, columns: 3 },
    phone: { width: 390, height: 844, scale: 0.6, columns: 6 },
  };
  for (const [look, sheet] of Object.entries(sheets))
    for (const state of states.filter((one) => isWanted(one) || only.includes(`${one}-${look}`))) {
      const { width, height, scale, columns } = sheet;
      const rows = Math.ceil(Object.keys(stagedViews).length / columns);
      const page = await chrome.newPage({
        viewport: {
          width: Math.ceil(columns * (width * scale + 16) + 16),
          height: Math.ceil(rows * (height * scale + 38) + 16),
        },
        reducedMotion: 'reduce',
      });
      const query = new URLSearchParams({
        state: state === 'failed' && look === 'dark' ? 'failed-after' : state,
        theme: look === 'dark' ? 'dark' : 'light',
        views: JSON.stringify(stagedViews),
        ...Object.fromEntries(Object.entries(sheet).map(([key, value]) => [key, String(value)])),
      });
      await page.goto(`${address}sheet.html?${query}`);
      await page.waitForTimeout(3000);
      await drawn(page);
      await take(page, `views-${state}-${look}`);
      await page.close();
    }
  await new Promise((resolve) => server.httpServer.close(resolve));
  rmSync(outDir, { recursive: true, force: true });
}

/** Waits until every chart of a sheet's views is drawn: they share a thread, and take turns. */
async function drawn(page) {
  const waiting = () =>
    Promise.all(
      page.frames().map((frame) =>
        frame.evaluate(() => {
          const plots = (at) =>
            [...at.querySelectorAll('*')].flatMap((one) => [
              ...(one.localName === 'exa-plot' && one.clientHeight > 0 && one.figure ? [one] : []),
              ...(one.shadowRoot ? plots(one.shadowRoot) : []),
            ]);
          return plots(document).filter(({ shadowRoot }) => !shadowRoot.querySelector('.main-svg .plot path'))
            .length;
        }),
      ),
    );
  for (let looked = 0; looked < 60; looked++) {
    if ((await waiting()).every((count) => count === 0)) break;
    await page.waitForTimeout(500);
  }
  await page.waitForTimeout(1000);
}

async function takeStates(chrome, address) {
  const context = await chrome.newContext(contextOf('light'));
  const page = await context.newPage();
  await page.goto(`${address}/#/gallery`);
  const sections = page.locator('exa-gallery section');
  await sections.first().waitFor();
  // Gadgets ask only once they are in view: a window tall enough for all.
  await page.setViewportSize({ width: 1440, height: 9000 });
  await page.waitForTimeout(3000);
  for (const tag of tags.filter(isWanted))
    for (const [at, look] of ['light', 'dark'].entries()) {
      const states = page.locator(`exa-gallery section[aria-label="${tag}"] .scheme`).nth(at);
      await states.scrollIntoViewIfNeeded();
      await page.waitForTimeout(1000);
      await take(page, `${tag}-${look}`, states);
    }
  await context.close();
}

/** The plots of docs/models.md, each of made-up data that are imported first. */
async function takeModels(chrome, address) {
  const folder = mkdtempSync(join(tmpdir(), 'exanalytics-pictures-'));
  const program = join(root, 'store', 'cli', 'exanalytics.mjs');
  const context = await chrome.newContext(contextOf('light'));
  for (const { name, dataset, csv, tag, fit, state } of modelPictures.filter((one) => isWanted(one.name))) {
    writeFileSync(join(folder, `${dataset}.csv`), csv);
    const words = ['import', join(folder, `${dataset}.csv`), '--as', dataset, '--store', address];
    execFileSync(process.execPath, [program, ...words]);
    const held = [
      ['s.model', { fit, of: dataset.toLowerCase() }],
      ['s.model-fit', state],
    ];
    const pairs = held.map(([key, value]) => `${key}=${encodeURIComponent(JSON.stringify(value))}`);
    const page = await context.newPage();
    await page.goto(`${address}/#/model?data=${dataset.toLowerCase()}&${pairs.join('&')}`);
    const gadget = page.locator(tag);
    await gadget.locator('dl.facts').waitFor({ timeout: 60_000 });
    await gadget.getByRole('button', { name: 'Cancel' }).waitFor({ state: 'detached', timeout: 60_000 });
    await settle(page);
    await take(page, name, gadget);
    await page.close();
  }
  await context.close();
  rmSync(folder, { recursive: true, force: true });
}

mkdirSync(images, { recursive: true });
const store = await startStore();
const chrome = await chromium.launch({
  executablePath: browser,
  args: [
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
});
try {
  if (Object.keys(views).some((name) => Object.keys(looks).some((look) => isWantedIn(name, look))))
    await takeViews(chrome, store.address);
  if (states.some((state) => Object.keys(looks).some((look) => isWantedIn(state, look))))
    await takeSheets(chrome);
  if (tags.some(isWanted)) await takeStates(chrome, store.address);
  if (modelPictures.some(({ name }) => isWanted(name))) await takeModels(chrome, store.address);
} finally {
  await chrome.close();
  await store.stop();
}
