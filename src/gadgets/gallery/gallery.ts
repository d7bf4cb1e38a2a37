import { msg, updateWhenLocaleChanges } from '@lit/localize';
import { type CSSResultGroup, css, html, LitElement, type TemplateResult } from 'lit';
import '../bars/bars.ts';
import '../distribution/distribution.ts';
import '../classifier/classifier.ts';
import '../clusters/clusters.ts';
import '../figure/figure.ts';
import '../filter-group/filter-group.ts';
import { defineGadget } from '../gadget.ts';
import '../formula/formula-editor.ts';
import '../gp/gp.ts';
import '../graph/graph.ts';
import '../grid/grid.ts';
import '../heatmap/heatmap.ts';
import '../histogram/histogram.ts';
import '../lasso-path/lasso-path.ts';
import '../matrix/matrix.ts';
import '../model-selection/model-selection.ts';
import '../outliers/outliers.ts';
import '../pca/pca.ts';
import '../pivot/pivot.ts';
import { rowHeights } from '../preferences.ts';
import '../regression/regression.ts';
import '../series/series.ts';
import { sharedStyles } from '../theme/base.styles.ts';
import '../trend/trend.ts';
import type { FakeClient } from './fake-client.ts';
import './gallery-stage.ts';
import { clientIn, type GalleryState, galleryStates } from './gallery-states.ts';
import { viewPictures } from './gallery-views.ts';

/** Gadgets by tag, as they stand in views. */
const gadgets: Readonly<Record<string, () => TemplateResult>> = {
  'exa-figure': () =>
    html`<exa-figure class="card" sparkline dataset="orders" measure="revenue"></exa-figure>`,
  'exa-trend': () => html`<exa-trend class="card" dataset="orders" measure="revenue"></exa-trend>`,
  'exa-bars': () =>
    html`<exa-bars class="card" dataset="orders" measure="revenue" column="c3" rows="5"></exa-bars>`,
  'exa-distribution': () =>
    html`<exa-distribution class="card" dataset="orders" column="c5"></exa-distribution>`,
  'exa-grid': () => html`<exa-grid class="card" dataset="orders"></exa-grid>`,
  'exa-outliers': () => html`<exa-outliers class="card" dataset="orders"></exa-outliers>`,
  'exa-lasso-path': () =>
    html`<exa-lasso-path class="card" dataset="orders" columns="c6,c5,c2" target="c6"></exa-lasso-path>`,
  'exa-gp': () => html`<exa-gp class="card" dataset="orders"></exa-gp>`,
  'exa-clusters': () => html`<exa-clusters class="card" dataset="orders"></exa-clusters>`,
  'exa-pca': () => html`<exa-pca class="card" dataset="orders" columns="c5,c6,c2"></exa-pca>`,
  'exa-classifier': () => html`<exa-classifier class="card" dataset="orders"></exa-classifier>`,
  'exa-regression': () => html`<exa-regression class="card" dataset="orders"></exa-regression>`,
  'exa-model-selection': () =>
    html`<exa-model-selection class="card" dataset="orders"></exa-model-selection>`,
  'exa-series': () => html`<exa-series class="card" array="sensors" overview></exa-series>`,
  'exa-heatmap': () => html`<exa-heatmap class="card" array="hills"></exa-heatmap>`,
  'exa-matrix': () => html`<exa-matrix class="card" array="sensors"></exa-matrix>`,
  'exa-histogram': () => html`<exa-histogram class="card" array="sensors" column="0"></exa-histogram>`,
  'exa-pivot': () => html`<exa-pivot class="card" dataset="orders"></exa-pivot>`,
};

/** Tags of the gadgets shown. */
export const galleryTags: readonly string[] = Object.keys(gadgets);

/** A formula that is right, and one that is not. */
const formulas = [
  {
    caption: 'right',
    state: { dataset: 'orders', kind: 'measure', label: 'Mean order', formula: 'sum(amount) / count()' },
  },
  {
    caption: 'wrong',
    state: { dataset: 'orders', kind: 'measure', label: 'Mean order', formula: 'sum(amount) / counts()' },
  },
] as const;

/** Values of a host, as ERP5 gives them. */
const graph = {
  value: {
    data: [
      { value_dict: { 0: ['Jan', 'Feb', 'Mar'], 1: [3, 5, 4] }, type: 'bar', title: 'Open' },
      { value_dict: { 0: ['Jan', 'Feb', 'Mar'], 1: [2, 4, 6] }, type: 'bar', title: 'Closed' },
    ],
    layout: { title: 'Requests', axis_dict: { 0: { title: 'Month' }, 1: { title: 'Number' } } },
  },
};

const schemes = ['light', 'dark'] as const;
const densities = ['compact', 'default', 'touch'] as const;

/**
 * Every gadget in every state, light and dark, 320 px wide as in a narrow embed; the grid also wide in each density, and
 * all from right to left. On made-up data: what tests look at, and what people who make gadgets copy from.
 */
export class Gallery extends LitElement {
  static override styles: CSSResultGroup = [
    ...sharedStyles,
    css`
      section {
        margin-bottom: 24px;
      }
      .scheme {
        display: flex;
        flex-wrap: wrap;
        gap: 12px;
        align-items: flex-start;
        padding: 12px;
        margin-top: 8px;
        border-radius: var(--exa-radius);
        background: var(--exa-canvas);
        color: var(--exa-text);
      }
      figure {
        width: 320px;
        max-width: 100%;
        margin: 0;
      }
      figure.wide {
        width: 100%;
      }
      figcaption {
        margin-bottom: 4px;
        color: var(--exa-muted);
        font-size: var(--exa-size-meta);
      }
      exa-pivot {
        height: 400px;
      }
      exa-grid {
        height: 260px;
        overflow: hidden;
      }
      exa-matrix {
        height: 260px;
      }
    `,
  ];

  readonly #clients = new Map<GalleryState, FakeClient>();

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  protected override render(): unknown {
    return html`
      <p class="meta">${msg('Every gadget in every state, on made-up data.')}</p>
      ${Object.entries(gadgets).map(
        ([tag, make]) => html`<section aria-label=${tag}>
          <h2>${tag}</h2>
          ${schemes.map(
            (scheme) => html`<div class="scheme" style="color-scheme:${scheme}">
              ${galleryStates.map((state) => this.#cell(state, make, `${state}, ${scheme}`))}
            </div>`,
          )}
        </section>`,
      )}
      ${Object.entries(viewPictures).map(
        ([tag, pictures]) => html`<section aria-label=${tag}>
          <h2>${tag}</h2>
          ${schemes.map(
            (scheme) => html`<div class="scheme" style="color-scheme:${scheme}">
              ${pictures.map(
                ({ caption, make, narrow }) => html`<figure class=${narrow ? 'corner' : 'wide'}>
                  <figcaption>${caption}, ${scheme}</figcaption>
                  ${this.#staged('ready', make)}
                </figure>`,
              )}
            </div>`,
          )}
        </section>`,
      )}
      <section aria-label="exa-formula-editor">
        <h2>exa-formula-editor</h2>
        ${schemes.map(
          (scheme) => html`<div class="scheme" style="color-scheme:${scheme}">
            ${formulas.map(
              ({ caption, state }) => html`<figure class="wide">
                <figcaption>${caption}, ${scheme}</figcaption>
                ${this.#staged('ready', () => html`<exa-formula-editor class="card" .state=${state}></exa-formula-editor>`)}
              </figure>`,
            )}
          </div>`,
        )}
      </section>
      <section aria-label="exa-graph">
        <h2>exa-graph</h2>
        ${schemes.map(
          (scheme) => html`<div class="scheme" style="color-scheme:${scheme}">
            ${[graph, { ...graph, table: true }, { value: { data: [{}] } }].map(
              (state) =>
                html`<figure>${this.#staged('ready', () => html`<exa-graph class="card" .state=${state}></exa-graph>`)}</figure>`,
            )}
          </div>`,
        )}
      </section>
      <section aria-label=${msg('Density')}>
        <h2>${msg('Density')}</h2>
        <div class="scheme">
          ${densities.map(
            (density) => html`<figure class="wide" style="--exa-density-row:${rowHeights[density]}px">
              <figcaption>exa-grid, ${density}</figcaption>
              ${this.#staged('ready', gadgets['exa-grid']!)}
            </figure>`,
          )}
        </div>
      </section>
      <section aria-label=${msg('Right to left')} dir="rtl">
        <h2>${msg('Right to left')}</h2>
        <div class="scheme">
          ${Object.entries(gadgets).map(([tag, make]) => this.#cell('ready', make, tag))}
        </div>
      </section>
    `;
  }

  #cell(state: GalleryState, make: () => TemplateResult, caption: string): unknown {
    return html`<figure>
      <figcaption>${caption}</figcaption>
      ${this.#staged(state, make)}
    </figure>`;
  }

  #staged(state: GalleryState, make: (client: FakeClient) => TemplateResult): unknown {
    const client = this.#clients.get(state) ?? clientIn(state);
    this.#clients.set(state, client);
    return html`<exa-gallery-stage .client=${client}>
      <exa-filter-group>${make(client)}</exa-filter-group>
    </exa-gallery-stage>`;
  }
}

defineGadget('exa-gallery', Gallery);
