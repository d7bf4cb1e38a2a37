import { msg, str } from '@lit/localize';
import { css, html, nothing, type PropertyDeclarations } from 'lit';
import type { DatasetSummary } from '../../protocol/head.ts';
import type { Workspace } from '../../protocol/workspace.ts';
import { parseWorkspace, printWorkspace } from '../../protocol/workspace-url.ts';
import type { FiltersEvent } from '../filter-group/filter-group.ts';
import { viewWords } from '../frame/frame-words.ts';
import { SubjectController } from '../frame/subject-controller.ts';
import { viewTag, viewTemplate } from '../frame/view-template.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget, type StateEvent } from '../gadget.ts';
import { GadgetLoader } from '../gadget-loader.ts';
import { openPreferences, type PreferenceStore } from '../preferences.ts';
import { ViewsController } from '../views-controller.ts';
import type { WorkspaceEvent } from '../workspace-event.ts';

/** Two workspaces, as fragments; `linked`: filters and period set in one are set in the other too. */
export interface CompareState {
  readonly left: string;
  readonly right: string;
  readonly linked: boolean;
}

type Side = 'left' | 'right';
const sides: readonly Side[] = ['left', 'right'];

/** Two views side by side, on a phone one below the other; each with filters of its own, or both with the same. */
export class CompareView extends Gadget<CompareState> {
  static override styles = [
    gadgetStyles,
    css`
      .both {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: 16px;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
        margin-bottom: 12px;
      }
      select {
        max-width: 100%;
        min-height: 32px;
        padding: 0 8px;
        border: 1px solid var(--exa-border-strong);
        border-radius: var(--exa-radius);
        background: var(--exa-surface);
      }
      section {
        min-width: 0;
      }
      .empty {
        padding: 24px 16px;
        border: 1px dashed var(--exa-border-strong);
        border-radius: var(--exa-radius);
        color: var(--exa-muted);
      }
      .side {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 8px;
        min-height: 44px;
      }
      .head label {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      .side h2 {
        flex: 1 1 auto;
      }
      @media (max-width: 899px) {
        .both {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      @media (pointer: coarse) {
        select {
          min-height: 44px;
        }
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    datasets: { attribute: false },
    preferences: { attribute: false },
  };

  declare datasets: readonly DatasetSummary[];
  declare preferences: PreferenceStore;

  readonly #loader = new GadgetLoader(this);
  readonly #views = new ViewsController(this);
  readonly #about: Readonly<Record<Side, SubjectController>>;

  constructor() {
    super();
    this.datasets = [];
    this.preferences = openPreferences(null);
    this.#about = {
      left: new SubjectController(this, () => this.#workspace('left')),
      right: new SubjectController(this, () => this.#workspace('right')),
    };
  }

  protected override initialState(): CompareState {
    return { left: '', right: '', linked: false };
  }

  protected override ownPhase(): Gadget['phase'] {
    return 'ready';
  }

  #workspace(side: Side): Workspace {
    const { workspace } = parseWorkspace(this.state[side]);
    return workspace;
  }

  /** The fragment of a side after a change; the other side follows where they are linked. */
  #change(side: Side, change: Partial<Workspace>): void {
    const next = { ...this.#workspace(side), ...change };
    const fragments: { left?: string; right?: string } = { [side]: printWorkspace(next) };
    const other = side === 'left' ? 'right' : 'left';
    const { filters, period, compare } = next;
    if (this.state.linked && this.state[other] !== '') {
      const kept = { ...this.#workspace(other), filters, compare };
      const { period: _, ...rest } = kept;
      fragments[other] = printWorkspace(period ? { ...rest, period } : rest);
    }
    void this.changeState(fragments);
  }

  protected override view(): unknown {
    return html`
      <div class="head">
        <label>
          <input
            type="checkbox"
            .checked=${this.state.linked}
            @change=${(event: Event) => this.changeState({ linked: (event.target as HTMLInputElement).checked })}
          />
          ${msg('Filters and period in both')}
        </label>
      </div>
      <div class="both">${sides.map((side) => this.#side(side))}</div>
    `;
  }

  #side(side: Side): unknown {
    const fragment = this.state[side];
    const views = this.#views.any ?? [];
    const named = views.find(({ workspace }) => workspace === fragment);
    const label = side === 'left' ? msg('Left') : msg('Right');
    const others = views.filter(({ workspace }) => workspace !== fragment);
    const view = fragment === '' ? '' : viewWords(this.#workspace(side).view).label;
    const chosen = named?.name ?? (view === '' ? '' : msg(str`${view}, not saved`));
    return html`<section aria-label=${label}>
      <div class="side">
        <h2>${named?.name ?? (view || label)}</h2>
        <select ?hidden=${others.length === 0 && fragment !== ''} aria-label=${side === 'left' ? msg('View on the left') : msg('View on the right')}
          @change=${(event: Event) => this.changeState({ [side]: (event.target as HTMLSelectElement).value })}>
          <option value=${fragment} selected>${chosen || msg('Choose a saved view')}</option>
          ${others.map(({ name, workspace }) => html`<option value=${workspace}>${name}</option>`)}
        </select>
        ${fragment === '' ? nothing : html`<a class="button quiet" href=${fragment}>${msg('Open')}</a>`}
      </div>
      ${
        fragment === ''
          ? html`<div class="cell empty">${msg('Choose a saved view, or press “Compare side by side” under Share in any view.')}</div>`
          : this.#drawn(side)
      }
    </section>`;
  }

  #drawn(side: Side): unknown {
    const workspace = this.#workspace(side);
    const about = this.#about[side];
    const { view } = workspace;
    if (view === 'compare' || view === 'gallery') return html`<p>${msg('This view cannot be compared.')}</p>`;
    const { filters, subject } = about;
    const tags = [viewTag(view), 'exa-filter-group', ...(subject ? ['exa-filter-bar'] : [])];
    if (this.#loader.error)
      return html`<exa-error-card .error=${this.#loader.error} @exa-retry=${() => this.#loader.retry()}></exa-error-card>`;
    if (!this.#loader.has(...tags) || !filters) return html`<div class="skeleton"></div>`;
    return html`<exa-filter-group
      .state=${filters}
      @exa-filters=${(event: FiltersEvent) => {
        event.stopPropagation();
        if (!event.detail.live) this.#change(side, { filters: event.detail.state.filters });
      }}
      @exa-workspace=${(event: WorkspaceEvent) => {
        event.stopPropagation();
        this.#change(side, event.detail.change);
      }}
      @exa-state=${(event: StateEvent) => {
        event.stopPropagation();
        const source = event.composedPath()[0];
        if (!(source instanceof HTMLElement) || source.id === '') return;
        const { gadgets } = this.#workspace(side);
        this.#change(side, { gadgets: { ...gadgets, [source.id]: event.detail.state } });
      }}
    >
      ${subject ? html`<exa-filter-bar .source=${subject.dataset.id}></exa-filter-bar>` : nothing}
      ${viewTemplate(view, { workspace, datasets: this.datasets, subject, preferences: this.preferences, incoming: undefined })}
    </exa-filter-group>`;
  }
}

defineGadget('exa-compare', CompareView);
