import { expect } from '@playwright/test';
import { encodeNpy, npyType } from '../src/arrays/npy.ts';
import type { FitRequest } from '../src/protocol/fit.ts';
import { address, fitted, open, openTab, type Ran, run, type Subject, test } from './models-stage.ts';

const scaled = [{ method: 'StandardScaler' }];

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
