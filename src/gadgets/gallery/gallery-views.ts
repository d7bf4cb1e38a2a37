import { html, type TemplateResult } from 'lit';
import '../cite/cite.ts';
import '../compare/compare.ts';
import { ExaError } from '../../protocol/errors.ts';
import { emptyWorkspace } from '../../protocol/workspace.ts';
import '../frame/tour.ts';
import '../page/page.ts';
import { type PageItem, templateOf } from '../page/page-items.ts';
import { openPreferences } from '../preferences.ts';
import { ExportTray } from '../take-away/export-tray.ts';
import type { FakeClient } from './fake-client.ts';
import { fakeCitation } from './fake-keep.ts';

/** One picture: what it shows, in the words of its caption. */
export interface ViewPicture {
  readonly caption: string;
  readonly make: (client: FakeClient) => TemplateResult;
  /** It stands in a corner of a page: 320 px wide. */
  readonly narrow?: boolean;
}

/** Views that people make of gadgets, and what stands over a page in its corner: by tag, each in its states. */
export const viewPictures: Readonly<Record<string, readonly ViewPicture[]>> = {
  'exa-page': [
    { caption: 'empty', make: (client) => page(client, { editing: false }, []) },
    { caption: 'composed', make: (client) => page(client, { title: 'A shop', editing: false }) },
    { caption: 'being composed', make: (client) => page(client, { title: 'A shop', editing: true }) },
  ],
  'exa-cite': [
    { caption: 'none', make: () => html`<exa-cite></exa-cite>` },
    { caption: 'kept', make: () => html`<exa-cite .state=${{ id: fakeCitation }}></exa-cite>` },
    { caption: 'gone', make: () => html`<exa-cite .state=${{ id: 'b'.repeat(40) }}></exa-cite>` },
  ],
  'exa-compare': [
    { caption: 'empty', make: (client) => compare(client, '', '') },
    {
      caption: 'two views',
      make: (client) => compare(client, '#/pivot?data=orders', '#/pivot?data=orders&f.by-c3=in(c3,France)'),
    },
  ],
  'exa-export-tray': [{ caption: 'files', narrow: true, make: () => html`${filledTray()}` }],
  'exa-tour': [
    {
      caption: 'first step',
      narrow: true,
      make: () =>
        html`<exa-tour style="position:static;width:auto" .preferences=${openPreferences(null)}></exa-tour>`,
    },
    {
      caption: 'last step',
      narrow: true,
      make: () =>
        html`<exa-tour style="position:static;width:auto" .preferences=${openPreferences(null)} .step=${3}></exa-tour>`,
    },
  ],
};

function page(client: FakeClient, state: object, items = shopPage(client)): TemplateResult {
  const workspace = emptyWorkspace('page');
  return html`<exa-page .datasets=${client.summaries()} .workspace=${workspace} .state=${{ ...state, items }}></exa-page>`;
}

function shopPage(client: FakeClient): readonly PageItem[] {
  const [orders] = client.summaries();
  return orders ? templateOf({ dataset: orders, measures: ['revenue'], dimensions: ['c3', 'c4'] }) : [];
}

function compare(client: FakeClient, left: string, right: string): TemplateResult {
  return html`<exa-compare .datasets=${client.summaries()} .state=${{ left, right, linked: false }}></exa-compare>`;
}

const coverage = {
  version: 1,
  asOf: '2026-11-20T12:04:00.000Z',
  settled: true,
  mixed: false,
  blocks: 93,
  blocksTotal: 107,
  rows: 1,
  rowsTotal: 1,
  approximate: [],
  from: 'cache',
} as const;

/** A tray with a file under way, one that is done with something to know, and one that failed. */
function filledTray(): ExportTray {
  const tray = new ExportTray();
  tray.style.cssText = 'position:static;width:auto';
  tray.begin('Online retail.csv', () => {}).progress({ done: 0.4, rows: 184_000, bytes: 2 ** 24 });
  tray
    .begin('Orders.xlsx', () => {})
    .done('Orders (partial, 93 of 107 blocks).xlsx', {
      rows: 200_000,
      bytes: 2 ** 23,
      coverage,
      order: 'asked',
      cut: 0,
    });
  tray.failed('Clients.parquet', new ExaError('broken', 'Could not read Clients: the store answered 500.'));
  return tray;
}
