import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, type Locator, type Page } from '@playwright/test';
import type { FitRequest, FitResult } from '../src/protocol/fit.ts';
import { test as base, type StoreProcess, startStore } from './store-process.ts';
import { importText, sharedData } from './workbench.ts';

/** What a gadget is opened on: real data where they are, else the demo. */
export interface Subject {
  readonly dataset: string;
  /** Ids of columns, in the file's order. */
  readonly ref: (name: string) => string;
}

export interface Stage {
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

export const test = base.extend<object, { stage: Stage }>({
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

/** A demo table under the columns' own names. */
export function demo(dataset: string, columns: readonly string[]): Subject {
  return { dataset, ref: (name) => `c${columns.indexOf(name) + 1}` };
}

export const orders = demo('orders', [
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
export const clients = demo('clients', [
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
export function address({ store }: Stage, { dataset }: Subject, fit: object): string {
  const state = encodeURIComponent(JSON.stringify({ fit, of: dataset }));
  return `${store.url}/#/model?data=${encodeURIComponent(dataset)}&s.model=${state}`;
}

/** Waits until the gadget's fit has ended well. */
export async function fitted(gadget: Locator, says: RegExp): Promise<void> {
  await expect(gadget).toHaveAttribute('phase', /ready|stale/, { timeout: 120_000 });
  await expect(gadget.getByRole('button', { name: 'Cancel' })).toHaveCount(0, { timeout: 120_000 });
  await expect(gadget).toContainText(says);
  await expect(gadget.locator('exa-plot .main-svg').first()).toBeAttached();
}

export async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect(page.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible();
}

export interface Ran {
  readonly passes: number;
  readonly result: string;
}

/** A tab with `fits` of its client, acquired as a gadget does. */
export async function openTab(page: Page, url: string): Promise<void> {
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
export function run(page: Page, request: FitRequest, leaveAfter?: number): Promise<Ran> {
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
