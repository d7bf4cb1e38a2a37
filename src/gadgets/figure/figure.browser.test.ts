import { html } from 'lit';
import { expect, test } from 'vitest';
import { gadgetContract } from '../gadget-contract.testing.ts';
import { stage, textIn, until, untilPhase } from '../gadget-stage.testing.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import { fakeOrders } from '../gallery/fake-shop.ts';
import './figure.ts';

/** A period that has one before it. */
const thirdQuarter = {
  filters: {},
  compare: true,
  period: {
    dataset: 'orders',
    column: 'c2',
    from: '2011-07-01T00:00:00.000Z',
    to: '2011-10-01T00:00:00.000Z',
  },
};

gadgetContract('exa-figure', () => html`<exa-figure dataset="orders" measure="orders"></exa-figure>`, '400');

test('a figure says how it differs from the period before, and gives its exact value', async () => {
  const client = new FakeClient([fakeOrders()]);
  const here = await stage(client, html`<exa-figure dataset="orders" measure="revenue"></exa-figure>`);
  const figure = here.find('exa-figure');
  await untilPhase(figure, 'ready');
  here.group.state = thirdQuarter;
  await until('it compares', () => textIn(figure).includes('than the period before'));
  expect(textIn(figure)).toMatch(/\d% (more|less)/);
  expect(await figure.call('getValue')).toMatch(/^\d+(\.\d+)?$/);
  await expect(figure.call('explode')).rejects.toThrow('has no method');
  here.remove();
});

test("a measure of the host's own works without being in the profile", async () => {
  const own = { id: 'mine', label: 'Mean items', formula: 'mean("c6")', format: 'number' } as const;
  const here = await stage(
    new FakeClient([fakeOrders()]),
    html`<exa-figure dataset="orders" .measure=${own}></exa-figure>`,
  );
  await untilPhase(here.find('exa-figure'), 'ready');
  expect(textIn(here.find('exa-figure'))).toContain('Mean items');
  here.remove();
});

test('a sparkline draws the course of the period, and says its span where nothing is compared', async () => {
  const here = await stage(
    new FakeClient([fakeOrders()]),
    html`<exa-figure sparkline dataset="orders" measure="revenue"></exa-figure>`,
  );
  const spark = () => here.find('exa-figure').shadowRoot?.querySelector('exa-sparkline');
  const line = () => spark()?.shadowRoot?.querySelector('.line')?.getAttribute('d') ?? '';
  await until('it is drawn', () => line().split('L').length > 40);
  expect(textIn(here.find('exa-figure'))).toMatch(/1 Jan – 3[01] Dec 2011/);
  here.remove();
});

test('a spanned figure says the period in words alone, and gives its place to a comparison', async () => {
  const here = await stage(
    new FakeClient([fakeOrders()]),
    html`<exa-figure spanned dataset="orders" measure="revenue"></exa-figure>`,
  );
  const figure = here.find('exa-figure');
  await until('it says the span', () => /1 Jan – 3[01] Dec 2011/.test(textIn(figure)));
  expect(figure.shadowRoot?.querySelector('exa-sparkline')?.shadowRoot?.querySelector('.box')).toBeNull();
  here.group.state = thirdQuarter;
  await until('it compares', () => textIn(figure).includes('than the period before'));
  expect(figure.shadowRoot?.querySelector('exa-sparkline')).toBeNull();
  here.remove();
});

test('in half a phone a period is readable from its first day to its last', async () => {
  const here = await stage(
    new FakeClient([fakeOrders()]),
    html`<exa-figure sparkline dataset="orders" measure="revenue"></exa-figure>`,
    { width: 183 },
  );
  here.group.state = {
    filters: {},
    compare: false,
    period: {
      dataset: 'orders',
      column: 'c2',
      from: '2010-11-29T00:00:00.000Z',
      to: '2012-11-29T00:00:00.000Z',
    },
  };
  const spark = () => here.find('exa-figure').shadowRoot?.querySelector('exa-sparkline')?.shadowRoot;
  await until('it says the period', () => (spark()?.textContent ?? '').includes('29 Nov 2010 – 28 Nov 2012'));
  const span = spark()!.querySelector<HTMLElement>('.span')!;
  const words = span.querySelector('bdi')!.getBoundingClientRect();
  const room = here.find('exa-figure').getBoundingClientRect();
  expect(span.scrollWidth).toBeLessThanOrEqual(span.clientWidth);
  expect(words.right).toBeLessThanOrEqual(room.right - 12);
  expect(words.height).toBeGreaterThan(20);
  expect(words.bottom).toBeLessThanOrEqual(spark()!.querySelector('.box')!.getBoundingClientRect().top);
  here.remove();
});

test('another measure takes the place of the one shown; nothing fails until its answer is here', async () => {
  const client = new FakeClient([fakeOrders()]);
  const here = await stage(client, html`<exa-figure dataset="orders" measure="revenue"></exa-figure>`);
  const figure = here.find('exa-figure');
  await untilPhase(figure, 'ready');
  const before = await figure.call('getValue');
  const failures: unknown[] = [];
  figure.addEventListener('exa-error', (event) => failures.push((event as CustomEvent).detail));
  client.held = true;
  Object.assign(figure, { measure: 'orders' });
  await untilPhase(figure, 'loading');
  expect(await figure.call('getValue')).toBe('');
  client.held = false;
  client.tellAll();
  await untilPhase(figure, 'ready');
  expect(await figure.call('getValue')).not.toBe(before);
  expect(figure.shadowRoot?.querySelector('exa-error-card')).toBeNull();
  expect(failures).toEqual([]);
  here.remove();
});
