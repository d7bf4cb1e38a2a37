// `npm run pictures`: takes docs/images/*.png anew: every view light, dark and on a phone, and every gadget in every state.
// Builds first when there is no build; starts a store of its own with the small demo. `-- orders exa-grid`: only those.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { modelPictures } from './model-pictures.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const images = join(root, 'docs', 'images');
const browser = [process.env.EXANALYTICS_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (place) => place && existsSync(place),
);

/** No picture is heavier, so that a clone stays light. */
const maxBytes = 200_000;

/** Views by the name of their pictures. */
const views = {
  home: '#/home',
  explore: '#/explore',
  orders: '#/orders',
  'orders-filtered': '#/orders?data=orders&period=last-12-months&f.by-c5=in(c5,France)',
  record: '#/orders?record=199998@orders',
  clients: '#/clients',
  model: '#/model',
  datasets: '#/datasets',
  dataset: '#/datasets?data=products',
  settings: '#/settings',
};

/** Gadgets that the gallery shows. */
const tags = ['exa-figure', 'exa-trend', 'exa-bars', 'exa-distribution', 'exa-grid'];

const looks = {
  light: { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  dark: { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light', hasTouch: true, isMobile: true },
};

const only = process.argv.slice(2);
const isWanted = (name) => only.length === 0 || only.includes(name);

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

async function take(target, name) {
  const path = join(images, `${name}.png`);
  await target.screenshot({ path, animations: 'disabled' });
  const { size } = statSync(path);
  if (size > maxBytes) throw new Error(`${name}.png has ${size} bytes; ${maxBytes} are allowed.`);
  console.log(`${name}.png ${(size / 1000).toFixed(0)} kB`);
}

async function takeViews(chrome, address) {
  for (const [look, options] of Object.entries(looks)) {
    const context = await chrome.newContext({ ...options, locale: 'en-GB', timezoneId: 'Europe/Paris' });
    for (const [name, fragment] of Object.entries(views)) {
      if (!isWanted(name)) continue;
      const page = await context.newPage();
      await page.goto(`${address}/${fragment}`);
      await settle(page);
      await take(page, `${name}-${look}`);
      await page.close();
    }
    await context.close();
  }
}

async function takeStates(chrome, address) {
  const context = await chrome.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Paris',
  });
  const page = await context.newPage();
  await page.goto(`${address}/#/gallery`);
  const sections = page.locator('exa-gallery section');
  await sections.first().waitFor();
  // Gadgets ask only once they are in view: a window tall enough for all.
  await page.setViewportSize({ width: 1440, height: 9000 });
  await page.waitForTimeout(3000);
  for (const tag of tags.filter(isWanted))
    for (const [at, look] of ['light', 'dark'].entries())
      await take(page.locator(`exa-gallery section[aria-label="${tag}"] .scheme`).nth(at), `${tag}-${look}`);
  await context.close();
}

/** The plots of docs/models.md, each of made-up data that are imported first. */
async function takeModels(chrome, address) {
  const folder = mkdtempSync(join(tmpdir(), 'exanalytics-pictures-'));
  const program = join(root, 'store', 'cli', 'exanalytics.mjs');
  const context = await chrome.newContext({ ...looks.light, locale: 'en-GB', timezoneId: 'Europe/Paris' });
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
    await take(gadget, name);
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
  await takeViews(chrome, store.address);
  if (tags.some(isWanted)) await takeStates(chrome, store.address);
  if (modelPictures.some(({ name }) => isWanted(name))) await takeModels(chrome, store.address);
} finally {
  await chrome.close();
  await store.stop();
}
