import { html } from 'lit';
import { expect, test } from 'vitest';
import { ExaError } from '../../protocol/errors.ts';
import { emptyWorkspace } from '../../protocol/workspace.ts';
import { barriers, type Stage, stage, textIn, until } from '../gadget-stage.testing.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import { fakeOrders, fakeShop } from '../gallery/fake-shop.ts';
import type { WorkspaceEvent } from '../workspace-event.ts';
import '../classifier/classifier.ts';
import '../clusters/clusters.ts';
import '../model-selection/model-selection.ts';
import '../outliers/outliers.ts';
import './model.ts';
import type { ModelView } from './model.ts';

interface Opened {
  readonly client: FakeClient;
  readonly here: Stage;
  readonly view: ModelView;
  readonly changes: WorkspaceEvent['detail'][];
  field(label: string): HTMLInputElement & HTMLSelectElement;
}

async function open(
  options: { width?: number; scheme?: 'light' | 'dark'; client?: FakeClient } = {},
): Promise<Opened> {
  const client = options.client ?? new FakeClient(fakeShop());
  const datasets = client.summaries();
  const here = await stage(
    client,
    html`<exa-model
      id="model"
      .workspace=${emptyWorkspace('model')}
      .datasets=${datasets}
      .subject=${{ dataset: datasets[0]!, by: 'own' as const }}
    ></exa-model>`,
    options,
  );
  const view = here.find<ModelView>('exa-model');
  const changes: WorkspaceEvent['detail'][] = [];
  here.root.addEventListener('exa-workspace', (event) => changes.push((event as WorkspaceEvent).detail));
  await until('the form is there', () => view.shadowRoot?.querySelector('form select') != null);
  const field = (label: string): HTMLInputElement & HTMLSelectElement => {
    const found = [...(view.shadowRoot?.querySelectorAll('label') ?? [])].findLast((one) => {
      const text = (one.querySelector('span') ?? one).textContent ?? '';
      return text.replace(/\s+/g, ' ').trim() === label;
    });
    const control =
      found?.querySelector('input, select') ??
      view.shadowRoot?.querySelector(`#${found?.getAttribute('for')}`);
    if (!control) throw new Error(`The form has no field “${label}”.`);
    return control as HTMLInputElement & HTMLSelectElement;
  };
  return { client, here, view, changes, field };
}

function set(field: HTMLInputElement & HTMLSelectElement, value: string | boolean): void {
  if (typeof value === 'boolean') field.checked = value;
  else field.value = value;
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

test('it opens on outliers of sensible columns; a final result puts request, seed and data version in the URL', async () => {
  const { client, here, view, changes } = await open();
  await until('it is fitted', () => client.fits.asked.length === 1);
  expect(client.fits.asked[0]).toMatchObject({
    dataset: 'orders',
    features: ['c5', 'c6'],
    estimator: { method: 'OneClassSVM', params: { nu: 0.05 } },
    steps: [{ method: 'StandardScaler' }],
  });
  await until('the URL has it', () => changes.length === 1);
  expect(changes[0]).toMatchObject({
    replace: true,
    change: { gadgets: { model: { of: 'orders', fit: { method: 'OneClassSVM', version: 7 } } } },
  });
  // The same state opened again asks the same and nothing else.
  const state = view.state;
  view.state = {};
  view.state = state;
  await view.updateComplete;
  await new Promise((done) => setTimeout(done, 100));
  expect(new Set(client.fits.asked.map(({ version: _version, ...rest }) => JSON.stringify(rest))).size).toBe(
    1,
  );
  here.remove();
});

test('a parameter out of its range is refused beside its field; a good one is fitted and kept', async () => {
  const { client, here, view, changes, field } = await open();
  await until('it is fitted', () => changes.length === 1);
  set(field('nu'), '7');
  await until('it says why', () => textIn(view).includes('nu must be a number above 0 and at most 1.'));
  expect(field('nu').getAttribute('aria-invalid')).toBe('true');
  set(field('nu'), '0.2');
  await until('it is asked', () => client.fits.asked.some(({ estimator }) => estimator.params?.nu === 0.2));
  expect(textIn(view)).not.toContain('nu must be');
  expect(changes.some(({ replace }) => !replace)).toBe(true);
  here.remove();
});

test('warnings stand beside their column, with a way to take it out; a failure that names a column too', async () => {
  const client = new FakeClient(fakeShop());
  client.fits.warnings = [
    { code: 'constant', message: 'Column *items* is constant. Remove it.', feature: 'c6' },
    { code: 'few-rows', message: 'There are few rows.' },
  ];
  const { here, view } = await open({ client });
  const item = (): Element | undefined =>
    [...(view.shadowRoot?.querySelectorAll('.choices li') ?? [])].find((one) =>
      textIn(one).includes('Items'),
    );
  await until('it is beside it', () => textIn(item() ?? view).includes('is constant. Remove it.'));
  expect(textIn(view.shadowRoot?.querySelector('.noticed') ?? view)).toContain('There are few rows.');
  client.fits.warnings = [];
  item()?.querySelector('button')?.click();
  await until('it is out', () => client.fits.asked.at(-1)?.features.join() === 'c5');
  client.fits.failure = new ExaError('invalid', 'Column *amount* is constant. Remove it.', {
    facts: { column: 'amount' },
  });
  const box = item()?.querySelector('input');
  if (box) box.checked = true;
  box?.dispatchEvent(new Event('change', { bubbles: true }));
  const amount = (): Element | undefined =>
    [...(view.shadowRoot?.querySelectorAll('.choices li') ?? [])].find((one) =>
      textIn(one).includes('Amount'),
    );
  await until('the failure is beside its column', () =>
    textIn(amount() ?? view).includes('*amount* is constant'),
  );
  here.remove();
});

test('a method that is too dear offers a sample with its cost', async () => {
  const client = new FakeClient(fakeShop());
  client.fits.failure = new ExaError('refused', '200,000 rows are too many for SpectralClustering.', {
    facts: { rows: 200_000, sampleRows: 1500, seconds: 4000, sampleSeconds: 2, bytes: 3e11 },
  });
  const { here, view } = await open({ client });
  await until('it offers', () => textIn(view).includes('Fit a sample of 1,500 rows (about 2 s)'));
  client.fits.failure = undefined;
  view.shadowRoot?.querySelector<HTMLButtonElement>('.left .primary')?.click();
  await until('it asks for it', () => client.fits.asked.at(-1)?.rows === 1500);
  here.remove();
});

test('another method, a target, steps and a grid; each in the request', async () => {
  const { client, here, field } = await open();
  const last = () => client.fits.asked.at(-1);
  await until('it is fitted', () => client.fits.asked.length === 1);
  set(field('Method'), 'SVC');
  await until('classes', () => last()?.estimator.method === 'SVC');
  expect(last()?.target).toBe('c4');
  set(field('Classes to tell apart'), 'c3');
  await until('another target', () => last()?.target === 'c3');
  set(field('Missing values'), 'median');
  await until('filled', () => JSON.stringify(last()?.steps).includes('median'));
  set(field('Try a grid of parameters on folds'), true);
  await until('a search', () => last()?.search !== undefined);
  set(field('C'), '1, 10');
  await until('its grid', () => JSON.stringify(last()?.search?.grid.C) === '[1,10]');
  here.remove();
});

test('the scikit-learn code is shown when asked for; the model scores a table and says what is missing', async () => {
  const { client, here, view, changes } = await open();
  await until('it is fitted', () => changes.length === 1);
  view.shadowRoot?.querySelector<HTMLElement>('details.code summary')?.click();
  await until('there is code', () => textIn(view).includes('from sklearn.svm import OneClassSVM'));
  expect(textIn(view)).toContain('make_pipeline( StandardScaler(), OneClassSVM(nu=0.05), )');
  const score = view.shadowRoot?.querySelector('exa-model-score');
  const buttonNamed = (name: string) =>
    [...(score?.shadowRoot?.querySelectorAll('button') ?? [])].find(
      (one) => one.textContent?.trim() === name,
    );
  buttonNamed('Keep on this device')?.click();
  await until('it is kept', () => textIn(score ?? view).includes('Kept as'));
  await until(
    'it is offered',
    () => score?.shadowRoot?.querySelectorAll('option[value=""] ~ option').length === 1,
  );
  const button = buttonNamed('Score');
  button?.click();
  await until('it is scored', () => textIn(score ?? view).includes('1,200 rows scored.'));
  client.fits.failure = new ExaError(
    'invalid',
    'Clients lacks the column “amount” that the model was trained on.',
  );
  button?.click();
  await until('it says what is missing', () => textIn(score ?? view).includes('lacks the column “amount”'));
  here.remove();
});

test('a fit an earlier page left is offered: go on, or forget it', async () => {
  const client = new FakeClient(fakeShop());
  client.fits.left = [
    {
      request: {
        dataset: 'orders',
        features: ['c5'],
        estimator: { method: 'KMeans', params: { n_clusters: 3 } },
      },
      begun: '2026-11-20T12:00:00.000Z',
      progress: client.fits.progress(0.4),
    },
  ];
  const { here, view } = await open({ client });
  await until('it is offered', () => textIn(view).includes('KMeans of Orders was left at 40%.'));
  [...(view.shadowRoot?.querySelectorAll<HTMLButtonElement>('.left button') ?? [])]
    .find((one) => one.textContent?.trim() === 'Go on')
    ?.click();
  await until('it goes on', () => client.fits.asked.at(-1)?.estimator.method === 'KMeans');
  here.remove();
});

test('without a table it says so', async () => {
  const here = await stage(
    new FakeClient([fakeOrders()]),
    html`<exa-model .workspace=${emptyWorkspace('model')} .datasets=${[]}></exa-model>`,
  );
  await until('it says so', () => textIn(here.find('exa-model')).includes('No table to learn from'));
  here.remove();
});

for (const scheme of ['light', 'dark'] as const)
  test(`no barriers and room on a phone, ${scheme}`, async () => {
    const { here, view, changes } = await open({ width: 320, scheme });
    await until('it is fitted', () => changes.length === 1);
    for (const details of view.shadowRoot?.querySelectorAll('details') ?? []) details.open = true;
    await until('there is code', () => textIn(view).includes('import pandas'));
    expect(here.root.scrollWidth).toBeLessThanOrEqual(320);
    expect(await barriers(here.root)).toEqual([]);
    here.remove();
  });

test('a table without rows has nothing to fit: it says so, and shows neither model nor code', async () => {
  const orders = fakeOrders(0);
  const client = new FakeClient([orders]);
  const { here, view } = await open({ client });
  await until('it says so', () => textIn(view).includes('Nothing to fit yet'));
  expect(textIn(view)).toContain('This table has no rows.');
  expect(view.shadowRoot?.querySelector('a[href="#/import"]')).not.toBeNull();
  for (const tag of ['exa-outliers', 'exa-model-score', 'details.code'])
    expect(view.shadowRoot?.querySelector(tag)).toBeNull();
  expect(client.fits.asked).toEqual([]);
  expect(await barriers(here.root)).toEqual([]);
  here.remove();
});

test('a fitted gadget by itself says that a table has no rows, and asks for nothing', async () => {
  const client = new FakeClient([fakeOrders(0)]);
  const here = await stage(client, html`<exa-outliers dataset="orders"></exa-outliers>`);
  await until('it says so', () =>
    textIn(here.find('exa-outliers')).includes('Nothing to fit yet: this table has no rows.'),
  );
  expect(client.fits.asked).toEqual([]);
  here.remove();
});
