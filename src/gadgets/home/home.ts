import '@awesome.me/webawesome/dist/components/copy-button/copy-button.js';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { html, nothing, type PropertyDeclarations } from 'lit';
import type { ArrayHead } from '../../protocol/array.ts';
import type { DatasetSummary } from '../../protocol/head.ts';
import { goTo, type ViewName } from '../../protocol/workspace.ts';
import { printWorkspace } from '../../protocol/workspace-url.ts';
import { shapeWords } from '../array/shape-words.ts';
import { ArraysController } from '../arrays-controller.ts';
import { DatasetsController } from '../datasets-controller.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { GadgetLoader } from '../gadget-loader.ts';
import { icon } from '../icons.ts';
import { openPreferences, type PreferenceStore } from '../preferences.ts';
import { candidatesFor, measuresOf } from '../subject.ts';
import { registerIcons } from '../theme/icon-library.ts';
import { componentTokens } from '../theme/tokens.ts';
import { measureWords, viewStyles } from '../view-base.ts';
import '../import/drop-zone.ts';
import { ViewsController } from '../views-controller.ts';
import { homeStyles } from './home.styles.ts';
import { savedViews } from './saved-views.ts';

/** What one types where the store runs, to bring a file in. */
export const importCommand = 'npx exanalytics import orders.csv --as Orders';
/** What one types to start with made-up data. */
export const demoCommand = 'npm start -- --demo small';

/** Data sets listed. */
const maxListed = 5;

/**
 * Where people begin: the figures of the newest orders, starts, data sets looked at lately; without data, how to bring some.
 * @prop datasets @prop preferences
 */
export class HomeView extends Gadget<Record<string, never>> {
  static override styles = [gadgetStyles, componentTokens, viewStyles, homeStyles];
  static override properties: PropertyDeclarations = {
    datasets: { attribute: false },
    preferences: { attribute: false },
    renaming: { state: true },
    told: { state: true },
  };

  declare datasets: readonly DatasetSummary[];
  declare preferences: PreferenceStore;
  /** The saved view whose name is being changed. */
  declare renaming: string | undefined;
  declare told: string;

  readonly #loader = new GadgetLoader(this);
  readonly #list = new DatasetsController(this);
  readonly #arrays = new ArraysController(this);
  readonly #views = new ViewsController(this);

  constructor() {
    super();
    this.datasets = [];
    this.told = '';
    this.preferences = openPreferences(null);
    updateWhenLocaleChanges(this);
  }

  protected override initialState(): Record<string, never> {
    return {};
  }

  protected override ownPhase(): Gadget['phase'] {
    return 'ready';
  }

  protected override view(): unknown {
    return this.datasets.length === 0 ? this.#empty() : this.#overview();
  }

  #empty(): unknown {
    const { status } = this.#list;
    const hasNoStore = status?.connection === 'offline' && status.asOf === null;
    return html`<div class="cell empty">
      <h2>${msg('No data yet')}</h2>
      <exa-drop-zone></exa-drop-zone>
      ${
        hasNoStore
          ? noStore()
          : html`<p>${msg('Files also come in from the command line, where the store runs:')}</p>
              ${command(importCommand)}
              <p>${msg('Or start with a made-up shop of 200,000 orders:')}</p>
              ${command(demoCommand)}
              <p class="meta">${msg('This page shows them as soon as they are there.')}</p>`
      }
    </div>`;
  }

  #overview(): unknown {
    const orders = candidatesFor('orders', this.datasets)[0]?.dataset;
    return html`<div class="columns">
      ${orders ? this.#figures(orders) : nothing}
      <section class="cell half" aria-labelledby="starts">
        <h2 id="starts">${msg('Start')}</h2>
        <ul class="starts">
          ${this.#start('explore', this.#exploreWords(), msg('Figures, trend and leaderboards that filter each other'))}
          ${this.#zoom()}
          ${this.#start('clients', msg('Explore clients'), msg('Who they are, what they are worth, when they last ordered'))}
          ${this.#start('model', msg('Find outliers'), msg('Rows unlike the rest, and the boundary that tells them apart'))}
          ${this.#start('page', msg('Compose a page'), msg('Figures, charts and tables of your choice, saved and shared'))}
          ${this.#start('datasets', msg('Look at the data sets'), msg('Rows, size, freshness, what is kept on this device'))}
        </ul>
      </section>
      <div class="half side">
      ${savedViews({
        views: this.#views.any ?? [],
        client: this.client,
        formats: formatsFor(this),
        renaming: this.renaming,
        rename: (id) => {
          this.renaming = id;
        },
        tell: (words) => {
          this.told = words;
        },
        failed: (error) => this.fail(error),
      })}
      <span class="hidden-text" role="status">${this.told}</span>
      <section class="cell" aria-labelledby="recent">
        <h2 id="recent">${msg('Recent data sets')}</h2>
        <ul class="recent">${this.#recent().map((dataset) => this.#entry(dataset))}</ul>
      </section>
      </div>
      <section class="cell whole import" aria-labelledby="bring">
        <h2 id="bring">${msg('Bring in a file')}</h2>
        <exa-drop-zone></exa-drop-zone>
        ${this.#list.status?.connection === 'offline' && this.#list.status.asOf === null ? noStore() : command(importCommand)}
      </section>
    </div>`;
  }

  #figures(orders: DatasetSummary): unknown {
    if (!this.#loader.has('exa-figure')) return html`<div class="whole skeleton"></div>`;
    return html`<p class="meta whole">${msg(str`${orders.profile.label || orders.name}, all rows`)}</p>
      <div class="figures">${measuresOf(orders.profile, measureWords())
        .slice(0, 4)
        .map(
          (measure) =>
            html`<exa-figure
              class="cell" sparkline
              id="home-${measure.id}"
              dataset=${orders.id}
              .measure=${measure}
            ></exa-figure>`,
        )}</div>`;
  }

  #start(
    view: 'explore' | 'orders' | 'clients' | 'model' | 'page' | 'datasets',
    label: string,
    hint: string,
  ): unknown {
    if (view !== 'datasets' && candidatesFor(view, this.datasets).length === 0) return nothing;
    return html`<li>
      <a href=${printWorkspace(goTo(view))}>
        ${icon(view)}
        <span><b>${label}</b><span class="meta">${hint}</span></span>${icon('chevron-right')}
      </a>
    </li>`;
  }

  /** What Explore opens first, by its name unless it plays orders. */
  #exploreWords(): string {
    const first = candidatesFor('explore', this.datasets)[0]?.dataset;
    if (!first || first.profile.part === 'orders') return msg('Explore orders');
    const name = first.profile.label || first.name;
    return msg(str`Explore ${name}`);
  }

  /** The longest array: what no table can hold. */
  #zoom(): unknown {
    const [longest] = [...(this.#arrays.arrays ?? [])].sort((one, other) =>
      lengthOf(one) < lengthOf(other) ? 1 : -1,
    );
    if (!longest) return nothing;
    const rows = shapeWords(longest.shape.slice(0, 1)) || '1';
    return html`<li>
      <a href=${printWorkspace(goTo('array', longest.id))}>
        ${icon('array')}
        <span
          ><b>${msg(str`Zoom ${rows} rows`)}</b
          ><span class="meta">${msg(str`${longest.name}, ${shapeWords(longest.shape)}: from all of it to one exact row`)}</span></span
        >${icon('chevron-right')}
      </a>
    </li>`;
  }

  #recent(): readonly DatasetSummary[] {
    const { recent } = this.preferences.get();
    const rank = (id: string): number => (recent.includes(id) ? recent.indexOf(id) : recent.length);
    return [...this.datasets]
      .sort((one, other) => rank(one.id) - rank(other.id) || other.version - one.version)
      .slice(0, maxListed);
  }

  #entry(dataset: DatasetSummary): unknown {
    const formats = formatsFor(this);
    const { part, label } = dataset.profile;
    const view: ViewName = part === 'clients' ? part : 'explore';
    const count = formats.compact(dataset.rows);
    return html`<li>
      <a href=${printWorkspace(goTo(view, dataset.id))}>
        <span>${label || dataset.name}</span>
        <span class="meta">${msg(str`${count} rows`)} · ${formats.moment(Date.parse(dataset.asOf))}</span>
      </a>
    </li>`;
  }
}

function lengthOf({ shape }: ArrayHead): bigint {
  return BigInt(shape[0] ?? '1');
}

function noStore(): unknown {
  return html`<p class="meta">${msg('No store is reachable from here: what you bring in stays in this browser, and nothing is sent anywhere.')}</p>`;
}

function command(text: string): unknown {
  return html`<div class="command">
    <code tabindex="0">${text}</code>
    <wa-copy-button
      value=${text}
      copy-label=${msg('Copy')}
      success-label=${msg('Copied')}
      error-label=${msg('Could not copy')}
    ></wa-copy-button>
  </div>`;
}

registerIcons();
defineGadget('exa-home', HomeView);
