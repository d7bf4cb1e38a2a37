import { ContextConsumer } from '@lit/context';
import { msg, updateWhenLocaleChanges } from '@lit/localize';
import { html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { ExaError } from '../../protocol/errors.ts';
import type { DatasetSummary } from '../../protocol/head.ts';
import { isLocal } from '../../protocol/local.ts';
import type { Against, PeriodChoice } from '../../protocol/period.ts';
import { goTo, type RecordAddress, type ViewName, type Workspace } from '../../protocol/workspace.ts';
import { parseWorkspace, printWorkspace } from '../../protocol/workspace-url.ts';
import { importClientContext } from '../contexts.ts';
import '../filter-group/filter-group.ts';
import type { Drill, DrillEvent } from '../drill.ts';
import type { FiltersEvent } from '../filter-group/filter-group.ts';
import type { FilterGroupState } from '../filter-group/group.ts';
import { formatsFor } from '../format.ts';
import { defineGadget, Gadget, type StateEvent } from '../gadget.ts';
import { GadgetLoader } from '../gadget-loader.ts';
import { openPreferences, type PreferenceStore, withRecent } from '../preferences.ts';
import { candidatesFor, type Subject } from '../subject.ts';
import { sharedComponentStyles } from '../theme/base.styles.ts';
import { ViewsController } from '../views-controller.ts';
import type { WorkspaceEvent } from '../workspace-event.ts';
import { AccountController } from './account-controller.ts';
import { AlongController } from './along-controller.ts';
import type { Command } from './finds.ts';
import { frameStyles } from './frame.styles.ts';
import { frameCommands } from './frame-commands.ts';
import { frameCrumbs, tableName } from './frame-crumbs.ts';
import { frameNotes } from './frame-notes.ts';
import { framePanel } from './frame-panel.ts';
import { viewWords } from './frame-words.ts';
import type { ViewActions } from './view-actions.ts';
import './freshness.ts';
import { onPageDrop } from './page-drop.ts';
import './period-picker.ts';
import './search.ts';
import type { TakeAway, TakenFrom } from '../take-away/take-away.ts';
import type { Search } from './search.ts';
import { onShortcut } from './shortcut-keys.ts';
import { SubjectController } from './subject-controller.ts';
import { viewTag, viewTemplate } from './view-template.ts';
import { memoryHistory, type WorkspaceHistory } from './workspace-history.ts';

/** What a view says that has nothing to show, as no store was ever reached. */
const neverReached = new ExaError('offline', 'The store cannot be reached.');

/**
 * The workbench: panel, header, filter bar, the view in the middle and the record's sheet. Keeps the workspace in a
 * {@link WorkspaceHistory}; Back is undo.
 * @prop history Default: one of its own, apart from the page's URL @prop preferences
 */
export class Frame extends Gadget<Record<string, never>> {
  static override styles = [...sharedComponentStyles, frameStyles];
  static override properties: PropertyDeclarations = {
    history: { attribute: false },
    preferences: { attribute: false },
    workspace: { state: true },
    dropped: { state: true },
    newer: { state: true },
    incoming: { state: true },
    hovering: { state: true },
    missing: { state: true },
  };

  declare history: WorkspaceHistory;
  declare preferences: PreferenceStore;
  declare workspace: Workspace;
  /** Parts of the URL that were not understood. */
  declare dropped: readonly string[];
  /** Puts a newer release in place, when there is one. */
  declare newer: (() => void) | undefined;

  /** A file that was brought and is looked at in Import. */
  declare incoming: File | undefined;
  /** A file is dragged over the page. */
  declare hovering: boolean;
  /** Columns that what came from outside named, and that are no longer there. */
  declare missing: readonly string[];

  readonly #imports = new ContextConsumer(this, { context: importClientContext, subscribe: true });
  readonly #about = new SubjectController(this, () => this.workspace);
  readonly #loader = new GadgetLoader(this);
  readonly #views = new ViewsController(this);
  readonly #account = new AccountController(this);
  #focusMain = false;
  /** Last gadget whose state changed, and when: a gesture is one step of undo. */
  #gesture = { id: '', at: Number.NEGATIVE_INFINITY };
  /** The fragment last looked through for columns that are gone. */
  #fitted: string | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.history = memoryHistory();
    this.preferences = openPreferences(null);
    this.workspace = goTo('home');
    this.dropped = [];
    this.hovering = false;
    this.missing = [];
    this.service((signal) => this.#follow(signal));
    new AlongController(this, () => ({ view: this.workspace.view, subject: this.#about.subject }));
    this.addEventListener('exa-workspace', (event) => {
      const { change, replace } = (event as WorkspaceEvent).detail;
      this.#change(change, replace);
    });
    this.addEventListener('exa-open', (event) => {
      const { dataset, row } = (event as CustomEvent<RecordAddress>).detail;
      this.#change({ record: { dataset, row } }, false);
    });
    this.addEventListener('exa-drill', (event) => this.#drill((event as DrillEvent).detail));
    this.addEventListener('exa-bring', (event) =>
      this.#bring((event as CustomEvent<{ readonly file: File }>).detail.file),
    );
    this.addEventListener('exa-undo', () => this.history.undo());
    this.addEventListener('exa-redo', () => this.history.redo());
    this.addEventListener('exa-go', (event) =>
      this.go((event as CustomEvent<{ readonly workspace: Workspace }>).detail.workspace),
    );
    this.addEventListener('exa-saved', (event) =>
      this.#change({ saved: (event as CustomEvent<{ readonly id: string }>).detail.id }, true),
    );
    this.addEventListener('exa-state', (event) => this.#keepState(event as StateEvent));
  }

  protected override initialState(): Record<string, never> {
    return {};
  }

  /** Goes to a workspace as following a link does. */
  go(workspace: Workspace): void {
    this.history.push(printWorkspace(workspace));
    this.#focusMain = workspace.view !== this.workspace.view;
    this.dropped = [];
    this.missing = [];
    this.workspace = workspace;
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
    const read = (): void => {
      const { workspace, dropped } = parseWorkspace(this.history.read());
      this.#focusMain = workspace.view !== this.workspace.view;
      this.workspace = workspace;
      this.dropped = dropped;
      this.missing = [];
    };
    read();
    this.#focusMain = false;
    const ends = [
      onPageDrop(this.ownerDocument, {
        over: (isOver) => {
          this.hovering = isOver && this.#imports.value !== undefined;
        },
        dropped: (file) => this.#bring(file),
      }),
      this.history.listen(read),
      this.preferences.listen(() => this.requestUpdate()),
      onShortcut(this.ownerDocument, {
        search: () => this.renderRoot.querySelector<Search>('exa-search')?.focus(),
        help: () => void this.#showShortcuts(),
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

  #drill({ dataset, where, title, measure }: Drill): void {
    const rows = where ? { dataset, filter: where } : { dataset };
    const { 'behind-grid': _, ...gadgets } = this.workspace.gadgets;
    this.#change(
      { rows, record: undefined, gadgets: { ...gadgets, behind: { title, measure: measure ?? null } } },
      false,
    );
  }

  #bring(file: File): void {
    if (!this.#imports.value) return;
    this.incoming = file;
    if (this.workspace.view !== 'import') this.go(goTo('import'));
  }

  #change(change: Partial<Workspace>, replace: boolean): void {
    const next: Workspace = { ...this.workspace, ...change };
    const fragment = printWorkspace(next);
    if (fragment === printWorkspace(this.workspace)) return;
    if (replace) this.history.replace(fragment);
    else this.history.push(fragment);
    this.workspace = next;
  }

  #keepState(event: StateEvent): void {
    const source = event.composedPath()[0];
    if (!(source instanceof HTMLElement) || source.id === '') return;
    const at = performance.now();
    const continues = this.#gesture.id === source.id && at - this.#gesture.at < gestureMs;
    this.#gesture = { id: source.id, at };
    this.#change({ gadgets: { ...this.workspace.gadgets, [source.id]: event.detail.state } }, continues);
  }

  protected override ownPhase(phase: Gadget['phase']): Gadget['phase'] {
    return phase;
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
    const words = viewWords(this.workspace.view);
    const subject = this.#about.subject;
    const title = [words.label, subject ? tableName(subject.dataset) : this.#about.array?.name, 'Exanalytics']
      .filter(Boolean)
      .join(' · ');
    if (this.ownerDocument.title !== title && this.history !== undefined) this.ownerDocument.title = title;
    if (changed.has('workspace') && subject) this.#remember(subject.dataset.id);
    void this.#fit();
    this.#welcome();
    if (this.#focusMain) {
      this.#focusMain = false;
      this.renderRoot.querySelector<HTMLElement>('h1')?.focus();
    }
  }

  /** What came from outside may name columns that are gone: they are said, the rest is shown. */
  async #fit(): Promise<void> {
    const { client, workspace } = this;
    const fragment = printWorkspace(workspace);
    // As this program writes it: people write addresses in other ways that mean the same.
    const written = printWorkspace(parseWorkspace(this.history.read()).workspace);
    if (!client || fragment === this.#fitted || written !== fragment) return;
    if (workspace.saved !== undefined && client.keep && this.#views.any === undefined) return;
    this.#fitted = fragment;
    const { fitted } = await import('./missing-columns.ts');
    const found = await fitted(client, workspace, this.#views.any ?? []).catch(() => undefined);
    // The same address may have been read again meanwhile, as another object.
    if (!found || found.missing.length === 0 || printWorkspace(this.workspace) !== fragment) return;
    this.#change(found.workspace, true);
    this.missing = found.missing.map(({ name }) => name);
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
        shortcuts: () => void this.#showShortcuts(),
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
            .arrays=${this.#about.arrays}
            .saved=${this.#views.any ?? []}
            .commands=${this.#commands()}
            .client=${this.client}
          ></exa-search>
          ${subject && this.#about.dateColumn !== undefined ? this.#period() : nothing}
          <exa-freshness .status=${this.#about.list.status} .client=${this.client} .datasets=${this.#about.datasets}></exa-freshness>
          ${this.#accountMenu()}
          ${this.#about.busy ? html`<div class="line" role="presentation"></div>` : nothing}
        </header>
        <div class="bar" ?hidden=${!subject && !isKept}>
          ${subject ? html`<exa-filter-bar .source=${subject.dataset.id}></exa-filter-bar>` : html`<span></span>`}
          ${subject || isKept ? this.#viewActions() : nothing}
        </div>
        <main class="main" id="main" tabindex="-1">
          <div class="view">${this.#account.mustSignIn ? this.#signIn() : html`${this.#notes()} ${this.#view(subject, filters)}`}</div>
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
      clear: () => this.#change({ filters: {}, period: undefined }, false),
      filtered: Object.keys(this.workspace.filters).length > 0 || this.workspace.period !== undefined,
      goTo: (view) => this.go(goTo(view)),
      shortcuts: () => void this.#showShortcuts(),
      tour: () => void this.#tour(),
      turnPanel: () => this.#turnPanel(),
      retry: () => this.#about.list.retry(),
    });
  }

  /** On somebody's first visit, once there is something to look at, the tour shows itself: once, whatever becomes of it. */
  #welcome(): void {
    if (this.workspace.view !== 'home' || this.#about.datasets.length === 0) return;
    // A browser that a program drives is nobody's first visit.
    if (this.preferences.get().toured || navigator.webdriver) return;
    this.preferences.set({ toured: true });
    void this.#tour();
  }

  async #tour(): Promise<void> {
    const { showTour } = await import('./tour.ts');
    showTour(this.renderRoot, this.preferences);
  }

  #viewActions(): unknown {
    if (!this.#loader.has('exa-view-actions')) return nothing;
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

  #accountMenu(): unknown {
    const { client, session } = this.#account;
    if (session?.user === undefined || !this.#loader.has('exa-account-menu')) return nothing;
    return html`<exa-account-menu .account=${client} .session=${session}></exa-account-menu>`;
  }

  #signIn(): unknown {
    if (!this.#loader.has('exa-sign-in')) return nothing;
    const { client, session, error } = this.#account;
    return html`<exa-sign-in .account=${client} .session=${session} .error=${error}></exa-sign-in>`;
  }

  #period(): unknown {
    return html`<exa-period-picker
      .choice=${this.workspace.period}
      .newest=${this.#about.newestInstant}
      .compare=${this.workspace.compare}
      .against=${this.workspace.against}
      @exa-period=${(event: CustomEvent<{ choice: PeriodChoice | undefined }>) =>
        this.#change({ period: event.detail.choice }, false)}
      @exa-compare=${(event: CustomEvent<{ compare: boolean; against: Against | undefined }>) =>
        this.#change(event.detail, false)}
    ></exa-period-picker>`;
  }

  #notes(): unknown {
    const { list } = this.#about;
    return frameNotes({
      dropped: this.dropped,
      missing: this.missing,
      dismiss: () => {
        this.dropped = [];
        this.missing = [];
      },
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
    const { list } = this.#about;
    const lacksAll = this.#lacksAll;
    const unread = list.phase === 'failed' ? list.error : lacksAll ? neverReached : undefined;
    const error = this.#loader.error ?? unread;
    const card = error
      ? html`<exa-error-card
          .error=${error}
          @exa-retry=${() => {
            this.#loader.retry();
            if (unread) list.retry();
          }}
        ></exa-error-card>`
      : nothing;
    // Home and Settings have something to say without a store.
    const datasets = list.datasets ?? (unread && (view === 'home' || view === 'settings') ? [] : undefined);
    if (this.#loader.error || lacksAll || (unread && datasets === undefined)) return card;
    if (!this.#loader.has(viewTag(view), 'exa-filter-bar') || datasets === undefined || !filters)
      return nothing;
    return html`${card}${this.#drawn(view, datasets, subject)}`;
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
    this.#change({ filters: state.filters }, live);
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('#main')?.focus();
  }

  #turnPanel(): void {
    this.preferences.set({ panel: this.preferences.get().panel === 'narrow' ? 'wide' : 'narrow' });
  }

  async #showShortcuts(): Promise<void> {
    const { showShortcuts } = await import('./shortcuts.ts');
    showShortcuts(this.renderRoot);
  }
}

/** Changes of one gadget's state closer together than this are one step of undo, in ms. */
const gestureMs = 800;

defineGadget('exa-frame', Frame);
