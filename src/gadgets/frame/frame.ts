import { ContextConsumer } from '@lit/context';
import { msg, updateWhenLocaleChanges } from '@lit/localize';
import { html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { DatasetSummary } from '../../protocol/head.ts';
import { isLocal } from '../../protocol/local.ts';
import type { Against, PeriodChoice } from '../../protocol/period.ts';
import { goTo, type ViewName, type Workspace } from '../../protocol/workspace.ts';
import { importClientContext } from '../contexts.ts';
import '../filter-group/filter-group.ts';
import type { FiltersEvent } from '../filter-group/filter-group.ts';
import type { FilterGroupState } from '../filter-group/group.ts';
import { FirstAnswer } from '../first-answer.ts';
import { formatsFor } from '../format.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { GadgetLoader } from '../gadget-loader.ts';
import { openPreferences, type PreferenceStore, withRecent } from '../preferences.ts';
import { candidatesFor, type Subject } from '../subject.ts';
import { sharedComponentStyles } from '../theme/base.styles.ts';
import { ViewsController } from '../views-controller.ts';
import { AccountController } from './account-controller.ts';
import { AlongController } from './along-controller.ts';
import type { Command } from './finds.ts';
import { frameStyles } from './frame.styles.ts';
import { accountMenu, signIn } from './frame-account.ts';
import { frameCommands } from './frame-commands.ts';
import { frameCrumbs, tableName } from './frame-crumbs.ts';
import { FrameGuides } from './frame-guides.ts';
import { frameNotes } from './frame-notes.ts';
import { framePanel } from './frame-panel.ts';
import { frameView } from './frame-view.ts';
import { viewWords } from './frame-words.ts';
import type { ViewActions } from './view-actions.ts';
import './freshness.ts';
import { onPageDrop } from './page-drop.ts';
import './period-picker.ts';
import './search.ts';
import type { TakeAway, TakenFrom } from '../take-away/take-away.ts';
import type { Search } from './search.ts';
import { onShortcut } from './shortcut-keys.ts';
import { shortcutsStyles } from './shortcuts.styles.ts';
import { SubjectController } from './subject-controller.ts';
import { viewTag, viewTemplate } from './view-template.ts';
import { ViewTurn } from './view-turn.ts';
import { memoryHistory, type WorkspaceHistory } from './workspace-history.ts';
import { WorkspaceKeeper } from './workspace-keeper.ts';

/** Views that show figures first. */
const withFigures: readonly ViewName[] = ['orders'];

/**
 * The workbench: panel, header, filter bar, the view in the middle and the record's sheet. Keeps the workspace in a
 * {@link WorkspaceHistory}; Back is undo.
 * @prop history Default: one of its own, apart from the page's URL @prop preferences
 */
export class Frame extends Gadget<Record<string, never>> {
  static override styles = [...sharedComponentStyles, frameStyles, shortcutsStyles];
  static override properties: PropertyDeclarations = {
    history: { attribute: false },
    preferences: { attribute: false },
    newer: { state: true },
    incoming: { state: true },
    hovering: { state: true },
  };

  declare history: WorkspaceHistory;
  declare preferences: PreferenceStore;
  /** Puts a newer release in place, when there is one. */
  declare newer: (() => void) | undefined;

  /** A file that was brought and is looked at in Import. */
  declare incoming: File | undefined;
  /** A file is dragged over the page. */
  declare hovering: boolean;

  readonly #kept = new WorkspaceKeeper(this, () => this.history);
  readonly #imports = new ContextConsumer(this, { context: importClientContext, subscribe: true });
  readonly #first = new FirstAnswer(this);
  readonly #about = new SubjectController(
    this,
    () => this.workspace,
    () => this.#isFirst,
  );
  readonly #loader = new GadgetLoader(this);
  readonly #views = new ViewsController(this, () => !this.#isFirst);
  readonly #account = new AccountController(this);
  readonly #turn = new ViewTurn(this);
  readonly #guides = new FrameGuides(
    () => this.renderRoot,
    () => this.preferences,
  );

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.history = memoryHistory();
    this.preferences = openPreferences(null);
    this.hovering = false;
    this.service((signal) => this.#follow(signal));
    new AlongController(this, () => ({
      view: this.workspace.view,
      subject: this.#isFirst ? undefined : this.#about.subject,
    }));
    this.addEventListener('exa-bring', (event) =>
      this.#bring((event as CustomEvent<{ readonly file: File }>).detail.file),
    );
  }

  protected override initialState(): Record<string, never> {
    return {};
  }

  get workspace(): Workspace {
    return this.#kept.workspace;
  }

  /** Goes to a workspace as following a link does. */
  go(workspace: Workspace): void {
    this.#kept.go(workspace);
  }

  /** Whether a view's first numbers are still to come: what stands round them waits. */
  get #isFirst(): boolean {
    const { view, saved } = this.workspace;
    if (this.#first.isPainted || saved !== undefined || !withFigures.includes(view)) return false;
    const { datasets, phase } = this.#about.list;
    return phase !== 'failed' && (datasets === undefined || this.#about.subject !== undefined);
  }

  /** A view of a table, no store ever reached, and nothing kept on this device: there is only that to say. */
  get #lacksAll(): boolean {
    const { datasets, status } = this.#about.list;
    const { view } = this.workspace;
    const isNever = status?.connection === 'offline' && status.asOf === null;
    return (
      isNever && datasets?.length === 0 && ['explore', 'pivot', 'orders', 'clients', 'model'].includes(view)
    );
  }

  /** What is shown is kept on this device, and no less live without a store. */
  get #isOnDevice(): boolean {
    const { dataset } = this.workspace;
    return this.#about.datasets.length > 0 && (dataset === undefined || isLocal(dataset));
  }

  /** Says that a newer release is ready; `activate` puts it in place. */
  offerUpdate(activate: () => void): void {
    this.newer = activate;
  }

  #follow(signal: AbortSignal): void {
    const ends = [
      onPageDrop(this.ownerDocument, {
        over: (isOver) => {
          this.hovering = isOver && this.#imports.value !== undefined;
        },
        dropped: (file) => this.#bring(file),
      }),
      this.#kept.follow(),
      this.preferences.listen(() => this.requestUpdate()),
      onShortcut(this.ownerDocument, {
        search: () => this.renderRoot.querySelector<Search>('exa-search')?.focus(),
        help: () => void this.#guides.shortcuts(),
        go: (view) => {
          if (this.#about.views.includes(view)) this.go(goTo(view));
        },
        panel: () => this.#turnPanel(),
        undo: () => this.history.undo(),
        redo: () => this.history.redo(),
        save: () => this.#actions()?.askName(),
      }),
    ];
    signal.addEventListener('abort', () => {
      for (const end of ends) end();
    });
  }

  #bring(file: File): void {
    if (!this.#imports.value) return;
    this.incoming = file;
    if (this.workspace.view !== 'import') this.go(goTo('import'));
  }

  protected override view(): unknown {
    return nothing;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has('workspace') && this.workspace.view !== 'import') this.incoming = undefined;
    this.setAttribute('panel', this.preferences.get().panel);
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const subject = this.#about.subject;
    const about = subject ? tableName(subject.dataset) : this.#about.array?.name;
    const title = [viewWords(this.workspace.view).label, about, 'Exanalytics'].filter(Boolean).join(' · ');
    if (this.ownerDocument.title !== title && this.history !== undefined) this.ownerDocument.title = title;
    if (changed.has('workspace') && subject) this.#remember(subject.dataset.id);
    void this.#kept.fit(this.client, this.#views.any);
    this.#guides.welcome(this.workspace.view, this.#about.datasets.length > 0);
    if (this.#kept.takeNewView()) this.renderRoot.querySelector<HTMLElement>('h1')?.focus();
  }

  #actions(): ViewActions | null {
    return this.renderRoot.querySelector<ViewActions>('exa-view-actions');
  }

  #remember(dataset: string): void {
    const { recent } = this.preferences.get();
    if (recent[0] !== dataset) this.preferences.set({ recent: withRecent(recent, dataset) });
  }

  protected override render(): unknown {
    const { workspace } = this;
    const subject = this.#about.subject;
    const filters = this.#about.filters;
    const isKept = workspace.view === 'page' || workspace.view === 'compare';
    return html`
      ${this.hovering ? html`<div class="dropping" aria-hidden="true"><p>${msg('Drop the file to look at it')}</p></div>` : nothing}
      <a class="skip button" href="#main" @click=${this.#skip}>${msg('Skip to content')}</a>
      ${framePanel({
        views: this.#about.views,
        current: workspace.view,
        narrow: this.preferences.get().panel === 'narrow',
        turn: () => this.#turnPanel(),
        shortcuts: () => void this.#guides.shortcuts(),
      })}
      <exa-filter-group .state=${filters ?? { filters: {}, compare: true }} @exa-filters=${this.#filtersChanged}>
        <header class="header">
          ${frameCrumbs({
            view: workspace.view,
            subject,
            others: workspace.view === 'page' ? [] : candidatesFor(workspace.view, this.#about.datasets),
            array: this.#about.array,
            arrays: workspace.view === 'array' ? this.#about.arrays : [],
            formats: formatsFor(this),
            go: (next) => this.go(next),
          })}
          <exa-search
            .views=${this.#about.views}
            .datasets=${this.#about.datasets}
            .current=${subject?.dataset.id}
            .arrays=${this.#about.arrays}
            .saved=${this.#views.any ?? []}
            .commands=${this.#commands()}
            .client=${this.client}
          ></exa-search>
          ${subject && this.#about.dateColumn !== undefined && !this.#isFirst ? this.#period() : nothing}
          <exa-freshness .status=${this.#isFirst ? undefined : this.#about.list.status} .client=${this.client} .datasets=${this.#about.datasets}></exa-freshness>
          ${accountMenu(this.#account, this.#loader)}
          ${this.#about.busy ? html`<div class="line" role="presentation"></div>` : nothing}
        </header>
        <div class="bar" ?hidden=${!subject && !isKept}>
          ${subject && !this.#isFirst ? html`<exa-filter-bar .source=${subject.dataset.id}></exa-filter-bar>` : html`<span></span>`}
          ${subject || isKept ? this.#viewActions() : nothing}
        </div>
        <main class="main" id="main" tabindex="-1">
          <div class="view">${this.#account.mustSignIn ? signIn(this.#account, this.#loader) : html`${this.#notes()} ${this.#view(subject, filters)}`}</div>
        </main>
        ${
          workspace.rows && this.#loader.has('exa-behind')
            ? html`<exa-behind
                id="behind"
                .rows=${workspace.rows}
                .columns=${workspace.gadgets['behind-grid']}
                .state=${workspace.gadgets.behind ?? {}}
              ></exa-behind>`
            : nothing
        }
        ${
          workspace.record && this.#loader.has('exa-record')
            ? html`<exa-record
                .address=${workspace.record}
                .datasets=${this.#about.datasets}
              ></exa-record>`
            : nothing
        }
      </exa-filter-group>
    `;
  }

  /** What can be called by name: one list, the same as long as nothing it depends on changed. */
  #commands(): readonly Command[] {
    return frameCommands({
      actions: () => this.#actions(),
      history: this.history,
      preferences: this.preferences,
      clear: () => this.#kept.change({ filters: {}, period: undefined }, false),
      filtered: Object.keys(this.workspace.filters).length > 0 || this.workspace.period !== undefined,
      goTo: (view) => this.go(goTo(view)),
      shortcuts: () => void this.#guides.shortcuts(),
      tour: () => void this.#guides.tour(),
      turnPanel: () => this.#turnPanel(),
      retry: () => this.#about.list.retry(),
    });
  }

  #viewActions(): unknown {
    if (this.#isFirst || !this.#loader.has('exa-view-actions')) return nothing;
    const { status } = this.#about.list;
    return html`<exa-view-actions
      .workspace=${this.workspace}
      .client=${this.client}
      .views=${this.#views.any ?? []}
      .canUndo=${this.history.canUndo}
      .canRedo=${this.history.canRedo}
      .hasStore=${status?.connection === 'live' || status?.connection === 'updating'}
    ></exa-view-actions>`;
  }

  #period(): unknown {
    return html`<exa-period-picker
      .choice=${this.workspace.period}
      .newest=${this.#about.newestInstant}
      .compare=${this.workspace.compare}
      .against=${this.workspace.against}
      @exa-period=${(event: CustomEvent<{ choice: PeriodChoice | undefined }>) =>
        this.#kept.change({ period: event.detail.choice }, false)}
      @exa-compare=${(event: CustomEvent<{ compare: boolean; against: Against | undefined }>) =>
        this.#kept.change(event.detail, false)}
    ></exa-period-picker>`;
  }

  #notes(): unknown {
    const { list } = this.#about;
    return frameNotes({
      dropped: this.#kept.dropped,
      missing: this.#kept.missing,
      dismiss: () => this.#kept.dismiss(),
      status: list.status,
      saysOfflineItself:
        this.workspace.view === 'home' ||
        this.workspace.view === 'import' ||
        this.#isOnDevice ||
        this.#lacksAll,
      retry: () => list.retry(),
      newer: this.newer,
      signInAgain:
        this.#account.hasEnded && this.#account.session?.signIn !== undefined
          ? () => this.#account.client?.signIn()
          : undefined,
    });
  }

  /** What its view has to take away. */
  override takeAway(): TakeAway | undefined {
    const view = this.renderRoot.querySelector<HTMLElement & Partial<TakenFrom>>(
      viewTag(this.workspace.view),
    );
    return view?.takeAway?.();
  }

  #view(subject: Subject | undefined, filters: FilterGroupState | undefined): unknown {
    const { view } = this.workspace;
    return frameView({
      view,
      list: this.#about.list,
      loader: this.#loader,
      turn: this.#turn,
      lacksAll: this.#lacksAll,
      isReady: filters !== undefined,
      draw: (datasets) => this.#drawn(view, datasets, subject),
    });
  }

  #drawn(view: ViewName, datasets: readonly DatasetSummary[], subject: Subject | undefined): unknown {
    return guard([view, this.workspace, datasets, subject?.dataset, this.preferences, this.incoming], () =>
      viewTemplate(view, {
        workspace: this.workspace,
        datasets,
        subject,
        preferences: this.preferences,
        incoming: this.incoming,
      }),
    );
  }

  #filtersChanged(event: FiltersEvent): void {
    const { state, live } = event.detail;
    this.#kept.change({ filters: state.filters }, live);
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('#main')?.focus();
  }

  #turnPanel(): void {
    this.preferences.set({ panel: this.preferences.get().panel === 'narrow' ? 'wide' : 'narrow' });
  }
}

defineGadget('exa-frame', Frame);
