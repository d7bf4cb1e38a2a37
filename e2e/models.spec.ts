import { expect } from '@playwright/test';
import type { FitRequest } from '../src/protocol/fit.ts';
import { keptSlots } from './kept-pages.ts';
import {
  address,
  clients,
  fitted,
  open,
  openTab,
  orders,
  run,
  type Stage,
  type Subject,
  test,
} from './models-stage.ts';
import { ask, importText } from './workbench.ts';

test.describe.configure({ mode: 'serial' });

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

test('a fit goes on where it was when its tab is closed in its middle, to the same bits', async ({
  context,
  stage,
}, { repeatEachIndex, retry }) => {
  // Points strewn evenly: centres among them move for long.
  const lines = Array.from(
    { length: 70_000 },
    (_, i) => `${((i * 7919) % 10_007) / 100},${((i * 104_729) % 9973) / 100}`,
  );
  const dataset = `strewn-${repeatEachIndex}-${retry}`;
  await importText(stage.store, ['x,z', ...lines].join('\n'), dataset);
  const request: FitRequest = {
    dataset,
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
