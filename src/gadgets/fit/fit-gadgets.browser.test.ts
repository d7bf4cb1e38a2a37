import { html } from 'lit';
import { expect, test } from 'vitest';
import '../classifier/classifier.ts';
import '../clusters/clusters.ts';
import { stage, textIn, until, untilPhase } from '../gadget-stage.testing.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import { fakeOrders } from '../gallery/fake-shop.ts';
import '../gp/gp.ts';
import '../lasso-path/lasso-path.ts';
import '../model-selection/model-selection.ts';
import '../outliers/outliers.ts';
import '../pca/pca.ts';
import '../regression/regression.ts';
import { fitContract, press } from './fit-contract.testing.ts';
import type { PointsLayer, RectEvent } from './points-layer.ts';

fitContract('exa-outliers', () => html`<exa-outliers dataset="orders"></exa-outliers>`, 'Farthest out');
fitContract(
  'exa-lasso-path',
  () => html`<exa-lasso-path dataset="orders" columns="items,ordered_at" target="amount"></exa-lasso-path>`,
  'Terms kept',
);
fitContract('exa-gp', () => html`<exa-gp dataset="orders"></exa-gp>`, 'RBF(length_scale=1.2)');
fitContract('exa-clusters', () => html`<exa-clusters dataset="orders"></exa-clusters>`, 'Inertia');
fitContract(
  'exa-pca',
  () => html`<exa-pca dataset="orders" columns="c5,c6,c2"></exa-pca>`,
  'First two explain',
);
fitContract('exa-classifier', () => html`<exa-classifier dataset="orders"></exa-classifier>`, 'Accuracy');
fitContract('exa-regression', () => html`<exa-regression dataset="orders"></exa-regression>`, 'Mean error');
fitContract(
  'exa-model-selection',
  () => html`<exa-model-selection dataset="orders"></exa-model-selection>`,
  'Choices',
);

test('a rectangle over the points filters the others by the ranges of its features, and comes back from the URL', async () => {
  const client = new FakeClient([fakeOrders()]);
  const here = await stage(
    client,
    html`<exa-outliers id="out" dataset="orders" columns="amount,items"></exa-outliers>`,
  );
  const gadget = here.find('exa-outliers');
  await untilPhase(gadget, 'ready');
  const layer = gadget.shadowRoot?.querySelector<PointsLayer>('exa-points-layer');
  await until('the axes are known', () => layer?.area !== undefined);
  const detail = { rect: { x: [-1, 0.5], y: [-2, 1.25] }, done: true } as const;
  layer?.dispatchEvent(new CustomEvent('exa-rect', { detail }) satisfies RectEvent);
  await until('the group has it', () => here.group.state.filters.out !== undefined);
  expect(here.group.state.filters.out).toEqual({
    dataset: 'orders',
    filter: {
      op: 'and',
      of: [
        { op: 'range', column: 'c5', from: '-1.00', to: '0.50' },
        { op: 'range', column: 'c6', from: -2, to: 1 },
      ],
    },
  });
  await until('the rectangle stands', () => layer?.rect !== undefined);
  expect(layer?.rect).toEqual({ x: [-1, 0.5], y: [-2, 1] });
  // What is brushed here does not fit it anew.
  expect(client.fits.asked.length).toBe(1);
  here.remove();
});

test('a filter of another gadget is fitted too', async () => {
  const client = new FakeClient([fakeOrders()]);
  const here = await stage(client, html`<exa-clusters dataset="orders"></exa-clusters>`);
  await untilPhase(here.find('exa-clusters'), 'ready');
  const filter = { op: 'in', column: 'c3', values: ['France'] } as const;
  here.group.state = { compare: true, filters: { bars: { dataset: 'orders', filter } } };
  await until('it asks again', () => client.fits.asked.length === 2);
  expect(client.fits.asked[1]!.filter).toEqual(filter);
  here.remove();
});

test('scores of components name their rows; a picked point opens its record', async () => {
  const here = await stage(
    new FakeClient([fakeOrders()]),
    html`<exa-pca id="pca" dataset="orders" columns="c5,c6,c2"></exa-pca>`,
  );
  const gadget = here.find('exa-pca');
  await untilPhase(gadget, 'ready');
  const layer = gadget.shadowRoot?.querySelector<PointsLayer>('exa-points-layer');
  await until('the axes are known', () => layer?.area !== undefined);
  const opened: unknown[] = [];
  here.root.addEventListener('exa-open', (event) => opened.push((event as CustomEvent).detail));
  layer?.dispatchEvent(new CustomEvent('exa-pick', { detail: 3 }));
  expect(opened).toEqual([{ dataset: 'orders', row: 33 }]);
  const detail = { rect: { x: [-9, 9], y: [-9, 9] }, done: true } as const;
  layer?.dispatchEvent(new CustomEvent('exa-rect', { detail }));
  await until('the group has it', () => here.group.state.filters.pca !== undefined);
  const { filter } = here.group.state.filters.pca!;
  expect(filter).toMatchObject({ op: 'in', column: '_row' });
  here.remove();
});

test('edges of a selection move by keyboard; Escape clears it', async () => {
  const here = await stage(
    new FakeClient([fakeOrders()]),
    html`<exa-outliers id="out" dataset="orders" columns="amount,items"></exa-outliers>`,
  );
  const gadget = here.find('exa-outliers');
  await untilPhase(gadget, 'ready');
  const layer = gadget.shadowRoot?.querySelector<PointsLayer>('exa-points-layer');
  const thumb = () => layer?.shadowRoot?.querySelector<HTMLElement>('.thumb.left');
  await until('there is a handle', () => thumb() != null);
  const key = (name: string) =>
    thumb()?.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
  key('PageUp');
  await until('a range is held', () => here.group.state.filters.out !== undefined);
  await until(
    'the handle says it',
    () => thumb()?.getAttribute('aria-valuetext')?.includes('nothing') === false,
  );
  key('Escape');
  await until('it is gone', () => here.group.state.filters.out === undefined);
  here.remove();
});

test('another method begins anew with its own parameters; a classifier turns its tabs', async () => {
  const client = new FakeClient([fakeOrders()]);
  const here = await stage(
    client,
    html`<exa-outliers dataset="orders"></exa-outliers><exa-classifier dataset="orders"></exa-classifier>`,
  );
  await untilPhase(here.find('exa-outliers'), 'ready');
  await untilPhase(here.find('exa-classifier'), 'ready');
  const select = here.find('exa-outliers').shadowRoot?.querySelector('select');
  if (select) select.value = 'IsolationForest';
  select?.dispatchEvent(new Event('change'));
  await until('it is asked', () =>
    client.fits.asked.some(({ estimator }) => estimator.method === 'IsolationForest'),
  );
  press(here, 'exa-classifier', 'Confusion');
  await until('the table of confusions', () => textIn(here.find('exa-classifier')).includes('is ↓ told →'));
  press(here, 'exa-classifier', 'Calibration');
  await until('said as it is', () => textIn(here.find('exa-classifier')).includes('said as it is'));
  here.remove();
});

test('that the data moved on is said of their own rows, not of the store’s clock', async () => {
  const orders = fakeOrders();
  const client = new FakeClient([orders]);
  const here = await stage(client, html`<exa-clusters dataset="orders"></exa-clusters>`);
  const gadget = here.find('exa-clusters');
  await untilPhase(gadget, 'ready');
  const tell = (more: object) => {
    client.tables.set('orders', { ...orders, head: { ...orders.head, ...more } });
    client.tellAll();
  };
  tell({ version: 9, profile: { ...orders.head.profile, label: 'Told' } });
  tell({ version: 9 });
  await gadget.updateComplete;
  expect(textIn(gadget)).not.toContain('Fit again');
  tell({ version: 9, revisions: orders.head.revisions.map(() => 9) });
  await until('it says so', () => textIn(gadget).includes('the data are at 9'));
  expect(textIn(gadget)).toContain('Fit again');
  here.remove();
});

test('a client that fits nothing says so; so does a table without numbers', async () => {
  const none = new FakeClient([fakeOrders()]);
  Object.defineProperty(none, 'fits', { value: undefined });
  const here = await stage(none, html`<exa-outliers dataset="orders"></exa-outliers>`);
  await until('it says so', () =>
    textIn(here.find('exa-outliers')).includes('This page does not fit models.'),
  );
  here.remove();
  const orders = fakeOrders();
  const texts = { ...orders.head, columns: orders.head.columns.filter(({ type }) => type.kind === 'text') };
  const bare = await stage(
    new FakeClient([{ ...orders, head: texts }]),
    html`<exa-outliers dataset="orders"></exa-outliers>`,
  );
  await until('it says so', () =>
    textIn(bare.find('exa-outliers')).includes('No column of numbers to learn from'),
  );
  bare.remove();
});
