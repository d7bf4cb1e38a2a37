import { writeFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { gadgetTags } from '../src/gadgets/registry.ts';
import { startStoreOfOrders } from './portal-orders.ts';
import { type PortalSite, startPortal } from './portal-site.ts';
import { hasRenderJs, peerPage, recordTexts, renderJsPage } from './renderjs-page.ts';
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

/** ERP5's graph value: what its support request page gives. */
const graph = {
  data: [
    { value_dict: { 0: ['Jan', 'Feb'], 1: [3, 5] }, type: 'bar', title: 'Open' },
    { value_dict: { 0: ['Jan', 'Feb'], 1: [2, 4] }, type: 'bar', title: 'Closed' },
  ],
  layout: {
    title: 'Requests',
    axis_dict: { 0: { title: 'Month' }, 1: { title: 'Number', value_type: 'number' } },
  },
};

for (const [parent, html] of [
  ['the conformance peer', peerPage],
  ['renderJS 0.29 itself', renderJsPage],
] as const)
  for (const sandbox of ['iframe', 'dataurl'] as const)
    test(`as a renderJS gadget of ${parent}, ${sandbox} sandbox`, async ({ page }) => {
      test.skip(html === renderJsPage && !hasRenderJs, 'EXANALYTICS_RENDERJS names no folder with renderJS');
      const record = process.env.EXANALYTICS_RECORD !== undefined && html === renderJsPage;
      const heard = record ? await recordTexts(page) : undefined;
      portal.page('/renderjs', html());
      await page.goto(`${portal.url}/renderjs`);
      await page.waitForFunction(() => 'declareGadget' in window);
      const declared: string[] = await page.evaluate(
        ([kind, url]) => Reflect.get(window, 'declareGadget')(kind, url),
        [sandbox, `${store.url}/embed/v1/renderjs.html`] as const,
      );
      expect(declared).toEqual(
        expect.arrayContaining([
          'render',
          'getContent',
          'checkValidity',
          'getMethodList',
          'getPath',
          'getTitle',
        ]),
      );
      const call = (name: string, ...args: unknown[]): Promise<unknown> =>
        page.evaluate(([method, given]) => Reflect.get(window, 'callGadget')(method, given), [
          name,
          args,
        ] as const);
      const acquired = () => page.evaluate(() => Reflect.get(window, 'acquired') as unknown[][]);
      const frame = page.frames()[1]!;

      // As a form's field holds it: shown, and its state told by the field's name.
      await call('render', {
        key: 'my_total',
        value: '',
        editable: 1,
        hidden: 0,
        gadget: 'exa-figure',
        dataset: 'orders',
      });
      expect(await call('getMethodList')).toEqual(expect.arrayContaining(['render']));
      await expect
        .poll(() => frame.locator('exa-figure').getAttribute('phase'), { timeout: 60_000 })
        .toBe('ready');
      expect(await call('getContent')).toEqual({ my_total: expect.stringMatching(/^\{.*\}$/) });
      expect(await call('checkValidity')).toBe(true);
      await expect(call('explode')).rejects.toThrow(/no method “explode”/);
      await expect(call('render', { value: 'draft' })).rejects.toThrow(/not a JSON object/);
      // In the parent's language.
      await expect(frame.locator('html')).toHaveAttribute('lang', 'fr');

      // A graph of the parent's values, and a mark of it that the parent follows.
      await call('render', { value: graph });
      await frame.getByRole('button', { name: 'Feb, Closed: 4' }).click();
      await expect.poll(acquired).toContainEqual(['chartItemClick', ['Feb', 'Closed']]);
      // A graph of the parent's documents.
      await call('render', { jio: { query: 'portal_type:"Sale Order"', label: 'simulation_state' } });
      await expect(frame.getByRole('button', { name: 'confirmed: 2' })).toBeVisible();
      expect((await acquired()).find(([name]) => name === 'jio_allDocs')?.[1]).toMatchObject({
        query: 'portal_type:"Sale Order"',
        select_list: ['simulation_state'],
      });
      if (heard)
        await writeFile(
          `src/embed/renderjs-transcripts/${sandbox}.json`,
          `${JSON.stringify(heard(), null, 1).replaceAll(store.url, 'STORE')}\n`,
        );
    });

/** What stands beside others or in them, and is nothing by itself. */
const parts = [
  'exa-filter-group',
  'exa-filter-bar',
  'exa-formula-editor',
  'exa-view-actions',
  'exa-account-menu',
  'exa-gallery',
  'exa-sign-in',
];

test('every gadget is rendered by a renderJS page, whichever sandbox, and answers it', async ({ page }) => {
  test.setTimeout(300_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  portal.page('/renderjs', hasRenderJs ? renderJsPage() : peerPage());
  for (const [i, tag] of gadgetTags.filter((one) => !parts.includes(one)).entries()) {
    await page.goto(`${portal.url}/renderjs?${tag}`);
    await page.waitForFunction(() => 'declareGadget' in window);
    await page.evaluate(([kind, url]) => Reflect.get(window, 'declareGadget')(kind, url), [
      i % 2 ? 'iframe' : 'dataurl',
      `${store.url}/embed/v1/renderjs.html`,
    ] as const);
    const value = tag === 'exa-graph' ? graph : undefined;
    const column = tag === 'exa-trend' ? 'c2' : 'c3';
    const content = await page.evaluate(
      async (options) => {
        const call = Reflect.get(window, 'callGadget') as (name: string, args: unknown[]) => Promise<unknown>;
        await call('render', [options]);
        return call('getContent', []);
      },
      { gadget: tag, dataset: 'orders', column, key: 'field', editable: 1, ...(value && { value }) },
    );
    expect(content, tag).toEqual({ field: expect.stringMatching(/^\{.*\}$/) });
    const shown = page.frames()[1]!.locator(tag);
    // Of what it was given no subject of, an array say, it waits to be told.
    await expect.soft(shown, tag).toHaveAttribute('phase', /^(ready|empty|stale|idle)$/, { timeout: 20_000 });
    await expect.soft(shown.locator('exa-error-card'), tag).toHaveCount(0);
  }
  expect(complaints).toEqual([]);
});
