import { msg, updateWhenLocaleChanges } from '@lit/localize';
import { type CSSResult, css, html, type PropertyDeclarations, type PropertyValues } from 'lit';
import { isArrayTable } from '../protocol/array-table.ts';
import type { DatasetSummary } from '../protocol/head.ts';
import { emptyWorkspace, views, type Workspace } from '../protocol/workspace.ts';
import { DatasetsController } from './datasets-controller.ts';
import { gadgetStyles } from './gadget.styles.ts';
import { Gadget } from './gadget.ts';
import { GadgetLoader } from './gadget-loader.ts';
import { type MeasureWords, type Subject, subjectOf } from './subject.ts';
import type { TakeAway, TakenFrom } from './take-away/take-away.ts';

/** Twelve columns, gap 12; cards. Fewer where the view itself is narrow, wherever it stands: half a page, or a portal's. */
export const viewStyles: CSSResult = css`
  :host {
    container-type: inline-size;
  }
  .columns {
    display: grid;
    grid-template-columns: repeat(12, minmax(0, 1fr));
    gap: var(--exa-gap);
  }
  .cell {
    min-width: 0;
    padding: 12px;
    background: var(--exa-surface);
    border: 1px solid var(--exa-border);
    border-radius: var(--exa-radius);
  }
  exa-figure.cell,
  exa-bars.cell,
  exa-trend.cell {
    padding: 12px 16px;
  }
  exa-grid.cell {
    padding: 0;
    overflow: hidden;
  }
  .third {
    grid-column: span 4;
  }
  .quarter {
    grid-column: span 3;
  }
  .half {
    grid-column: span 6;
  }
  .wide {
    grid-column: span 7;
  }
  .narrow {
    grid-column: span 5;
  }
  .whole {
    grid-column: 1 / -1;
  }
  .figures,
  .row {
    grid-column: 1 / -1;
    display: grid;
    gap: inherit;
  }
  .figures {
    grid-auto-columns: minmax(0, 1fr);
    grid-auto-flow: column;
  }
  .row {
    grid-template-columns: repeat(auto-fit, minmax(min(280px, 100%), 1fr));
  }
  @media print {
    .columns > *,
    .cell {
      break-inside: avoid;
    }
  }
  .empty {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    justify-items: start;
    gap: 12px;
    max-width: 640px;
    padding: 24px;
  }
  @container (width < 840px) {
    .quarter,
    .third {
      grid-column: span 6;
    }
    .wide,
    .narrow,
    .half {
      grid-column: 1 / -1;
    }
  }
  @container (width < 640px) {
    .third {
      grid-column: 1 / -1;
    }
    .columns {
      gap: 8px;
    }
    .figures {
      grid-template-columns: repeat(2, minmax(0, 1fr));
      grid-auto-flow: row;
    }
    .figures > :last-child:nth-child(odd) {
      grid-column: 1 / -1;
    }
    .empty {
      padding: 12px;
    }
  }
`;

const noState: object = {};

/** A view nobody handed a workspace: it stands alone in a page. */
const alone = emptyWorkspace();

/**
 * What the views of a table share: its workspace, the tables there are, the one it is about. Without a frame round it a
 * view finds these itself: attribute `dataset` (an id or a name) chooses the table, by default the newest that fits.
 */
export abstract class TableView<S extends object = Record<string, never>> extends Gadget<S> {
  static override styles = [gadgetStyles, viewStyles];
  static override properties: PropertyDeclarations = {
    workspace: { attribute: false },
    datasets: { attribute: false },
    subject: { attribute: false },
    source: { type: String, attribute: 'dataset' },
  };

  declare workspace: Workspace;
  declare datasets: readonly DatasetSummary[];
  declare subject: Subject | undefined;
  declare source: string | undefined;

  protected readonly loader: GadgetLoader = new GadgetLoader(this);
  #list: DatasetsController | undefined;

  constructor() {
    super();
    this.workspace = alone;
    this.datasets = [];
    updateWhenLocaleChanges(this);
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (this.workspace !== alone) return;
    this.#list ??= new DatasetsController(this);
    this.datasets = this.#list.datasets ?? [];
    const named = this.datasets.find(({ id, name }) => id === this.source || name === this.source);
    const view = views.find((name) => `exa-${name}` === this.localName);
    const isArray = this.source !== undefined && isArrayTable(this.source);
    this.subject = view && subjectOf(view, isArray ? this.source : named?.id, this.datasets);
  }

  protected override ownPhase(): Gadget['phase'] {
    const { phase } = this.#list ?? { phase: 'ready' as const };
    return this.workspace === alone && phase !== 'ready' ? phase : 'ready';
  }

  /** The rows it shows, under its filters. */
  override takeAway(): TakeAway | undefined {
    return this.renderRoot.querySelector<HTMLElement & TakenFrom>('exa-grid#grid')?.takeAway?.();
  }

  /** The state the workspace keeps for a gadget below, by its id. */
  protected kept(id: string): object {
    return this.workspace.gadgets[id] ?? noState;
  }

  /** The picture once `tags` are loaded; an error card when that failed. */
  protected whenLoaded(tags: readonly string[], picture: () => unknown): unknown {
    if (this.loader.has(...tags)) return picture();
    const { error } = this.loader;
    return error
      ? html`<exa-error-card .error=${error} @exa-retry=${() => this.loader.retry()}></exa-error-card>`
      : html`<div class="skeleton"></div>`;
  }
}

/** Names of the measures a profile leaves to its roles, in the reader's language. */
export function measureWords(): MeasureWords {
  return {
    rows: msg('Rows'),
    orders: msg('Orders'),
    amount: msg('Amount'),
    mean: msg('Amount per order'),
    clients: msg('Clients'),
    quantity: msg('Units'),
  };
}
