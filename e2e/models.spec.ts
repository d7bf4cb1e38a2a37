import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, type Locator, type Page } from '@playwright/test';
import { encodeNpy, npyType } from '../src/arrays/npy.ts';
import type { FitRequest, FitResult } from '../src/protocol/fit.ts';
import { keptSlots } from './kept-pages.ts';
import { test as base, type StoreProcess, startStore } from './store-process.ts';
import { ask, importText, sharedData } from './workbench.ts';

/** What a gadget is opened on: real data where they are, else the demo. */
interface Subject {
  readonly dataset: string;
  /** Ids of columns, in the file's order. */
  readonly ref: (name: string) => string;
}

interface Stage {
  readonly store: StoreProcess;
  /** By name; undefined where the real data are not here. */
  readonly subjects: Readonly<Record<'retail' | 'kdd' | 'eeg' | 'taxi' | 'diabetes', Subject | undefined>>;
}

const files = {
  retail: 'online-retail/online_retail.csv.gz',
  kdd: 'nsl-kdd/KDDTest+.csv.gz',
  eeg: 'eeg-eye-state/eeg_eye_state.csv.gz',
  taxi: 'nab/data/realKnownCause/nyc_taxi.csv.gz',
  diabetes: 'sklearn-classics/diabetes.csv.gz',
} as const;

/** Rows of a real file that are imported: enough to fit, few enough to be quick. */
const mostRows = 4000;

const test = base.extend<object, { stage: Stage }>({
  stage: [
    async ({ browserName: _ }, use) => {
      const store = await startStore({ demo: 'small' });
      const subjects: Record<string, Subject | undefined> = {};
      const imports = Object.entries(files).map(async ([name, path]) => {
        const file = join(sharedData, path);
        if (!existsSync(file)) return;
        const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n');
        await importText(
          store,
          `${lines
            .slice(0, mostRows + 1)
            .join('\n')
            .trimEnd()}\n`,
          name,
        );
        const header = lines[0]!.trim().split(',');
        subjects[name] = { dataset: name, ref: (column) => `c${header.indexOf(column) + 1}` };
      });
      await Promise.all(imports);
      await use({ store, subjects: subjects as Stage['subjects'] });
      await store.remove();
    },
    { scope: 'worker', timeout: 900_000 },
  ],
});

test.describe.configure({ mode: 'serial' });

/** A demo table under the columns' own names. */
function demo(dataset: string, columns: readonly string[]): Subject {
  return { dataset, ref: (name) => `c${columns.indexOf(name) + 1}` };
}

const orders = demo('orders', [
  'id',
  'date',
  'client',
  'shop',
  'country',
  'channel',
  'state',
  'lines',
  'amount',
]);
const clients = demo('clients', [
  'id',
  'name',
  'email',
  'segment',
  'country',
  'city',
  'language',
  'created',
  'birth_year',
  'points',
  'credit_limit',
  'newsletter',
]);

/** The Model view's address of a request. */
function address({ store }: Stage, { dataset }: Subject, fit: object): string {
  const state = encodeURIComponent(JSON.stringify({ fit, of: dataset }));
  return `${store.url}/#/model?data=${encodeURIComponent(dataset)}&s.model=${state}`;
}

const scaled = [{ method: 'StandardScaler' }];

/** Every gadget with a request on a subject, and what it says when ready. */
function cases({ subjects }: Stage): readonly [tag: string, Subject, object, RegExp][] {
  const retail = subjects.retail ?? orders;
  const kdd = subjects.kdd ?? clients;
  const eeg = subjects.eeg ?? clients;
  const taxi = subjects.taxi ?? orders;
  const diabetes = subjects.diabetes ?? clients;
  const refs = (subject: Subject, real: readonly string[], made: readonly string[]): readonly string[] =>
    (subject === orders || subject === clients ? made : real).map(subject.ref);
  const channels = refs(eeg, ['AF3', 'F7', 'T7', 'O1', 'O2', 'P8'], ['birth_year', 'points', 'credit_limit']);
  const eye = refs(eeg, ['eyeDetection'], ['segment'])[0];
  const [y] = refs(diabetes, ['progression'], ['points']);
  const x = refs(
    diabetes,
    ['age', 'sex', 'bmi', 'bp', 's1_tc', 's2_ldl', 's3_hdl', 's4_tch', 's5_ltg', 's6_glu'],
    ['birth_year', 'credit_limit'],
  );
  return [
    [
      'exa-outliers',
      retail,
      { method: 'IsolationForest', features: refs(retail, ['Quantity', 'UnitPrice'], ['lines', 'amount']) },
      /Outliers.*Farthest out/s,
    ],
    [
      'exa-clusters',
      kdd,
      {
        method: 'KMeans',
        params: { n_clusters: 3 },
        features: refs(kdd, ['count', 'srv_count', 'dst_host_count'], ['points', 'birth_year']),
        steps: scaled,
      },
      /Inertia.*Silhouette/s,
    ],
    ['exa-pca', eeg, { method: 'PCA', features: channels, steps: scaled }, /First two explain/],
    [
      'exa-gp',
      taxi,
      {
        method: 'GaussianProcessRegressor',
        features: refs(taxi, ['timestamp'], ['date']),
        target: refs(taxi, ['value'], ['amount'])[0],
        params: { normalize_y: true, kernel: '1*RBF(1) + White(1)' },
        steps: scaled,
        rows: 200,
      },
      /RBF\(length_scale=.*WhiteKernel/,
    ],
    ['exa-lasso-path', diabetes, { method: 'LassoCV', features: x, target: y, steps: scaled }, /Terms kept/],
    [
      'exa-regression',
      diabetes,
      { method: 'Ridge', features: x, target: y, steps: scaled },
      /R².*Mean error/s,
    ],
    [
      'exa-classifier',
      eeg,
      { method: 'LogisticRegression', features: channels, target: eye, steps: scaled },
      /Accuracy.*Judged by rows kept apart/s,
    ],
    [
      'exa-model-selection',
      eeg,
      {
        method: 'KNeighborsClassifier',
        features: channels.slice(0, 3),
        target: eye,
        steps: scaled,
        rows: 600,
        search: {
          grid: { n_neighbors: [1, 5], weights: ['uniform', 'distance'] },
          folds: 3,
          sizes: [0.5, 1],
        },
      },
      /Best.*n_neighbors = /s,
    ],
  ];
}

/** Waits until the gadget's fit has ended well. */
async function fitted(gadget: Locator, says: RegExp): Promise<void> {
  await expect(gadget).toHaveAttribute('phase', /ready|stale/, { timeout: 120_000 });
  await expect(gadget.getByRole('button', { name: 'Cancel' })).toHaveCount(0, { timeout: 120_000 });
  await expect(gadget).toContainText(says);
  await expect(gadget.locator('exa-plot .main-svg').first()).toBeAttached();
}

async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect(page.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible();
}

test('every gadget opens on real data, and again without the store', async ({ page, stage }) => {
  test.setTimeout(900_000);
  const all = cases(stage);
  for (const [tag, subject, fit, says] of all)
    await test.step(`${tag} on ${subject.dataset}`, async () => {
      await open(page, address(stage, subject, fit));
      await fitted(page.locator(tag), says);
    });
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await stage.store.stop();
  for (const [tag, subject, fit, says] of all)
    await test.step(`${tag} on ${subject.dataset}, offline`, async () => {
      await open(page, address(stage, subject, fit));
      await fitted(page.locator(tag), says);
    });
  await expect(page.getByText(/Offline/).first()).toBeVisible();
  await stage.store.start();
});

test('a brush over the points filters the gadgets beside it and stands in the address; Back takes it out', async ({
  page,
  stage,
}) => {
  const fit = { method: 'IsolationForest', features: [orders.ref('lines'), orders.ref('amount')] };
  await open(page, address(stage, orders, fit));
  const outliers = page.locator('exa-outliers');
  await fitted(outliers, /Outliers.*Farthest out/s);
  const box = (await outliers.locator('exa-points-layer .area').boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.1, box.y + box.height * 0.1);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.5);
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.95, { steps: 3 });
  await page.mouse.up();
  await expect(page).toHaveURL(/f\.model-fit=(\w+@)?and/);
  const selected = page.getByRole('region', { name: 'Selected rows' });
  const count = selected.locator('exa-figure').getByRole('button', { name: /copy$/ });
  await expect(count).toBeVisible();
  // Counted by the store, from the filter the address holds.
  const parts = [
    ...new URLSearchParams(new URL(page.url()).hash.split('?')[1])
      .get('f.model-fit')!
      .matchAll(/range\((\w+),([^,]+),([^)]+)\)/g),
  ].map(([, column, from, to]) => {
    const read = (text: string): unknown => JSON.parse(text);
    return { op: 'range', column, from: read(from!), to: read(to!) };
  });
  expect(parts.length).toBe(2);
  const { value } = await ask(stage.store.url, {
    kind: 'aggregate',
    dataset: orders.dataset,
    where: { op: 'and', of: parts },
    groupBy: [],
    measures: [{ id: 'n', label: 'n', formula: 'count()', format: 'count' }],
  });
  const rows = Number(value('n'));
  expect(rows).toBeGreaterThan(0);
  await expect(count).toHaveAccessibleName(new RegExp(`^(.*, )?${rows.toLocaleString('en')}, copy$`));
  await page.goBack();
  await expect(selected).toHaveCount(0);
});

test('a column of a linked table is learnt from beside the table’s own, in the form', async ({
  page,
  stage,
}) => {
  const fit = { method: 'Ridge', target: orders.ref('amount'), features: [orders.ref('lines')] };
  await open(page, address(stage, orders, fit));
  const regression = page.locator('exa-regression');
  await fitted(regression, /R²/);
  const form = page.getByRole('form', { name: 'Model' });
  await form.getByRole('checkbox', { name: 'Shop · Kind' }).check();
  await expect(page).toHaveURL(/shop\./);
  await fitted(regression, /R²/);
  await regression.getByRole('tab', { name: 'Coefficients' }).click();
  await expect(regression).toContainText(/Shop/);
  await page.getByText('Show the scikit-learn code').click();
  await expect(page.locator('exa-model')).toContainText(
    'of a linked table, to be added to the table: Shop · Kind',
  );
});

test('an array is learnt from as a table is: chosen in the form, in every gadget, here and in the store, offline', async ({
  page,
  stage,
}) => {
  test.setTimeout(600_000);
  const { store } = stage;
  // The demo's array, and one whose last column tells classes apart.
  const sensors: Subject = { dataset: 'array:sensors[0:131072]', ref: (column) => `c${Number(column) + 1}` };
  const rows = 3000;
  const values = new Float64Array(4 * rows);
  for (let i = 0; i < rows; i++) {
    const [x, z] = [((i * 31) % 997) / 100, ((i * 17) % 503) / 50];
    values.set([x, z, 4 * x - 3 * z + ((i * 7919) % 1013) / 1013, x + z > 10 ? 1 : 0], 4 * i);
  }
  const made = await fetch(`${store.url}/api/arrays`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'lab made' },
    body: JSON.stringify({ name: 'lab', shape: [String(rows), '4'], dtype: 'float64' }),
  });
  expect(made.status, await made.text()).toBeLessThan(300);
  const filled = await fetch(`${store.url}/api/arrays/lab/values?at=`, {
    method: 'PUT',
    headers: { 'content-type': npyType, 'idempotency-key': 'lab filled' },
    body: encodeNpy({ dtype: 'float64', shape: [rows, 4], order: 'C', values }),
  });
  expect(filled.status, await filled.text()).toBeLessThan(300);

  await open(page, `${store.url}/#/model`);
  const form = page.getByRole('form', { name: 'Model' });
  const menu = form.getByLabel('Data set');
  await menu.selectOption({
    label: (await menu.locator('option', { hasText: 'sensors' }).textContent())!.trim(),
  });
  await expect.poll(() => decodeURIComponent(page.url())).toContain('data=array:sensors[0:131072]');
  await fitted(page.locator('exa-outliers'), /Outliers.*Farthest out/s);
  for (const name of ['index', 'column 0', 'column 1'])
    await expect(form.getByRole('checkbox', { name })).toBeVisible();
  const part = form.getByLabel('Rows and columns of the array');
  await expect(part).toHaveValue('0:131072, :');
  await part.fill('9:4');
  await part.press('Enter');
  await expect(form.getByRole('alert')).toContainText('its stop is not after its start');
  await part.fill('0:20000');
  await part.press('Enter');
  await expect.poll(() => decodeURIComponent(page.url())).toContain('data=array:sensors[0:20000,0:2]');
  await fitted(page.locator('exa-outliers'), /20,000/);

  // From what is in view of the array.
  await page.goto(`${store.url}/#/array?data=sensors`);
  await expect(page.getByText('Zoom in to fit a model')).toBeVisible();
  await page.getByLabel('Part in view').fill('0:4000');
  await page.getByLabel('Part in view').press('Enter');
  await page.getByRole('link', { name: 'Models of this part' }).click();
  await expect.poll(() => decodeURIComponent(page.url())).toContain('data=array:sensors[0:4000,0:2]');
  await fitted(page.locator('exa-outliers'), /4,000/);

  const lab: Subject = { dataset: 'array:lab', ref: sensors.ref };
  const two = ['0', '1'].map(sensors.ref);
  const all: readonly [string, Subject, object, RegExp][] = [
    ['exa-clusters', sensors, { method: 'KMeans', params: { n_clusters: 3 }, features: two }, /Inertia/],
    ['exa-pca', sensors, { method: 'PCA', features: two, steps: scaled }, /First two explain/],
    [
      'exa-gp',
      sensors,
      { method: 'GaussianProcessRegressor', features: ['i'], target: 'c1', steps: scaled, rows: 150 },
      /RBF\(length_scale=/,
    ],
    ['exa-lasso-path', lab, { method: 'LassoCV', features: two, target: 'c3' }, /Terms kept/],
    ['exa-regression', lab, { method: 'Ridge', features: two, target: 'c3' }, /R².*Mean error/s],
    [
      'exa-classifier',
      lab,
      { method: 'LogisticRegression', features: two, target: 'c4', steps: scaled },
      /Accuracy.*Judged by rows kept apart/s,
    ],
    [
      'exa-model-selection',
      lab,
      {
        method: 'KNeighborsClassifier',
        features: two,
        target: 'c4',
        rows: 600,
        search: { grid: { n_neighbors: [1, 5] }, folds: 3, sizes: [0.5, 1] },
      },
      /Best.*n_neighbors = /s,
    ],
    ['exa-outliers', sensors, { method: 'IsolationForest', features: two }, /Outliers.*Farthest out/s],
  ];
  for (const [tag, subject, fit, says] of all)
    await test.step(`${tag} on ${subject.dataset}`, async () => {
      await open(page, address(stage, subject, fit));
      await fitted(page.locator(tag), says);
    });

  // A brush over the last of them chooses its rows, as of a table.
  const box = (await page.locator('exa-outliers exa-points-layer .area').boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + box.height * 0.8, { steps: 4 });
  await page.mouse.up();
  const selected = page.getByRole('region', { name: 'Selected rows' });
  await expect(selected.locator('exa-figure').getByRole('button', { name: /copy$/ })).toHaveAccessibleName(
    /\d/,
  );
  await expect(selected.locator('exa-grid')).toContainText(/column 1/i);

  const away = await page.context().newPage();
  await openTab(away, store.url);
  const kmeans = (where: 'here' | 'store'): FitRequest => ({
    dataset: sensors.dataset,
    features: two,
    estimator: { method: 'KMeans', params: { n_clusters: 4, max_iter: 5 } },
    run: where,
  });
  const pictureOf = ({ result }: Ran) => (JSON.parse(result) as { picture: object }).picture;
  expect(pictureOf(await run(away, kmeans('here')))).toEqual(pictureOf(await run(away, kmeans('store'))));
  await away.close();

  await store.stop();
  for (const [tag, subject, fit, says] of all)
    await test.step(`${tag} on ${subject.dataset}, offline`, async () => {
      await open(page, address(stage, subject, fit));
      await fitted(page.locator(tag), says);
    });
  await store.start();
});

interface Ran {
  readonly passes: number;
  readonly result: string;
}

/** A tab with `fits` of its client, acquired as a gadget does. */
async function openTab(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/#/datasets`);
  await page.waitForFunction(() => {
    const event = new Event('context-request', { bubbles: true, composed: true });
    const asking = {
      context: Symbol.for('exanalytics.data-client'),
      callback: (client: { fits: unknown }) => Object.assign(globalThis, { fits: client.fits }),
    };
    document.querySelector('exa-frame')?.dispatchEvent(Object.assign(event, asking));
    return 'fits' in globalThis;
  });
}

/** Runs a fit to its end, or pauses it after `leaveAfter` passes; tells the passes that had to be made. */
function run(page: Page, request: FitRequest, leaveAfter?: number): Promise<Ran> {
  return page.evaluate(
    ([asked, leave]) =>
      new Promise<Ran>((resolve, reject) => {
        let passes = 0;
        const { fits } = globalThis as unknown as {
          fits: { fit(request: unknown, observer: object): { pause(): void } };
        };
        const fit = fits.fit(JSON.parse(asked), {
          progress(at: { done: number; blocks: number; blocksTotal: number }) {
            if (at.done !== 1 || at.blocks !== at.blocksTotal) return;
            if (++passes !== leave) return;
            fit.pause();
            resolve({ passes, result: '' });
          },
          result({ stage, picture, model, coverage }: FitResult) {
            if (stage !== 'final') return;
            const plain = (_: string, value: unknown) =>
              value instanceof Float64Array ? Array.from(value) : value;
            resolve({ passes, result: JSON.stringify({ picture, model, used: coverage.used }, plain) });
          },
          failed: reject,
        });
      }),
    [JSON.stringify(request), leaveAfter] as const,
  );
}

test('a fit goes on where it was when its tab is closed in its middle, to the same bits', async ({
  context,
  stage,
}) => {
  // Points strewn evenly: centres among them move for long.
  const lines = Array.from(
    { length: 70_000 },
    (_, i) => `${((i * 7919) % 10_007) / 100},${((i * 104_729) % 9973) / 100}`,
  );
  await importText(stage.store, ['x,z', ...lines].join('\n'), 'strewn');
  const request: FitRequest = {
    dataset: 'strewn',
    features: ['c1', 'c2'],
    estimator: { method: 'KMeans', params: { n_clusters: 12, tol: 0, max_iter: 40 } },
    run: 'here',
  };
  const first = await context.newPage();
  await openTab(first, stage.store.url);
  expect((await run(first, request, 16)).result).toBe('');
  // What was learned in the last half second is still on its way to the disk.
  await expect
    .poll(async () => (await keptSlots(first)).filter((slot) => slot.includes('/~')).length)
    .toBeGreaterThanOrEqual(15);
  await first.close();
  const second = await context.newPage();
  await openTab(second, stage.store.url);
  const left = await second.evaluate(async () => {
    const { fits } = globalThis as unknown as { fits: { unfinished(): Promise<{ request: FitRequest }[]> } };
    return (await fits.unfinished()).map(({ request }) => request.estimator.method);
  });
  expect(left).toEqual(['KMeans']);
  const resumed = await run(second, request);
  const fresh = await context.browser()!.newContext();
  const other = await fresh.newPage();
  await openTab(other, stage.store.url);
  const whole = await run(other, request);
  await fresh.close();
  expect(resumed.result).toBe(whole.result);
  expect(whole.passes).toBeGreaterThan(20);
  expect(resumed.passes).toBeLessThan(whole.passes - 12);
});
