import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, type Locator, type Page } from '@playwright/test';
import { test as base, type StoreProcess, startStore } from './store-process.ts';
import { importText, sharedData } from './workbench.ts';

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
  return `${store.url}/#/model?data=${dataset}&s.model=${state}`;
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

test.skip(!process.env.EXANALYTICS_LONG, 'takes minutes: EXANALYTICS_LONG=1 runs it');

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
