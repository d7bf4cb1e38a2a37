import type { DataClient } from '../../protocol/client.ts';
import type { KeptView } from '../../protocol/saved-view.ts';
import { goTo, type RecordAddress, type Workspace } from '../../protocol/workspace.ts';
import { parseWorkspace, printWorkspace } from '../../protocol/workspace-url.ts';
import type { Drill, DrillEvent } from '../drill.ts';
import type { Gadget, StateEvent } from '../gadget.ts';
import type { WorkspaceEvent } from '../workspace-event.ts';
import type { WorkspaceHistory } from './workspace-history.ts';

/** Changes of one gadget's state closer together than this are one step of undo, in ms. */
const gestureMs = 800;

/**
 * The workspace of a frame, as its history has it: what gadgets below ask for changes it, Back is undo. The frame is updated
 * with the property `workspace` when it changes.
 */
export class WorkspaceKeeper {
  readonly #host: Gadget;
  readonly #history: () => WorkspaceHistory;
  #workspace = goTo('home');
  #dropped: readonly string[] = [];
  #missing: readonly string[] = [];
  #viewIsNew = false;
  /** Last gadget whose state changed, and when. */
  #gesture = { id: '', at: Number.NEGATIVE_INFINITY };
  /** The fragment last looked through for columns that are gone. */
  #fitted: string | undefined;

  constructor(host: Gadget, history: () => WorkspaceHistory) {
    this.#host = host;
    this.#history = history;
    const on = <E extends Event>(name: string, heard: (event: E) => void): void =>
      host.addEventListener(name, (event) => heard(event as E));
    on('exa-workspace', ({ detail: { change, replace } }: WorkspaceEvent) => this.change(change, replace));
    on('exa-open', ({ detail: { dataset, row } }: CustomEvent<RecordAddress>) =>
      this.change({ record: { dataset, row } }, false),
    );
    on('exa-drill', ({ detail }: DrillEvent) => this.#drill(detail));
    on('exa-undo', () => history().undo());
    on('exa-redo', () => history().redo());
    on('exa-go', ({ detail }: CustomEvent<{ readonly workspace: Workspace }>) => this.go(detail.workspace));
    on('exa-saved', ({ detail }: CustomEvent<{ readonly id: string }>) =>
      this.change({ saved: detail.id }, true),
    );
    on('exa-state', (event: StateEvent) => this.#keepState(event));
  }

  get workspace(): Workspace {
    return this.#workspace;
  }

  /** Parts of the URL that were not understood. */
  get dropped(): readonly string[] {
    return this.#dropped;
  }

  /** Columns that what came from outside named, and that are no longer there. */
  get missing(): readonly string[] {
    return this.#missing;
  }

  /** What was dropped and is missing has been read. */
  dismiss(): void {
    this.#dropped = [];
    this.#missing = [];
    this.#host.requestUpdate();
  }

  /** Whether another view was gone to since this was asked last. */
  takeNewView(): boolean {
    const isNew = this.#viewIsNew;
    this.#viewIsNew = false;
    return isNew;
  }

  /** Reads what the history has, now and whenever it changes from outside; gives the way to end that. */
  follow(): () => void {
    const read = (): void => {
      const { workspace, dropped } = parseWorkspace(this.#history().read());
      this.#arrive(workspace, dropped);
    };
    read();
    this.#viewIsNew = false;
    return this.#history().listen(read);
  }

  /** Goes to a workspace as following a link does. */
  go(workspace: Workspace): void {
    this.#history().push(printWorkspace(workspace));
    this.#arrive(workspace, []);
  }

  /** Changes part of it: a step that Back undoes, or (`replace`) one with the step before. */
  change(change: Partial<Workspace>, replace: boolean): void {
    const next: Workspace = { ...this.#workspace, ...change };
    const fragment = printWorkspace(next);
    if (fragment === printWorkspace(this.#workspace)) return;
    if (replace) this.#history().replace(fragment);
    else this.#history().push(fragment);
    this.#set(next);
  }

  /** What came from outside may name columns that are gone: they are said, the rest is shown. */
  async fit(client: DataClient | undefined, views: readonly KeptView[] | undefined): Promise<void> {
    const workspace = this.#workspace;
    const fragment = printWorkspace(workspace);
    // As this program writes it: people write addresses in other ways that mean the same.
    const written = printWorkspace(parseWorkspace(this.#history().read()).workspace);
    if (!client || fragment === this.#fitted || written !== fragment) return;
    if (workspace.saved !== undefined && client.keep && views === undefined) return;
    this.#fitted = fragment;
    // It names no column, then.
    if (workspace.saved === undefined && Object.keys(workspace.filters).length === 0) return;
    const { fitted } = await import('./missing-columns.ts');
    const found = await fitted(client, workspace, views ?? []).catch(() => undefined);
    // The same address may have been read again meanwhile, as another object.
    if (!found || found.missing.length === 0 || printWorkspace(this.#workspace) !== fragment) return;
    this.change(found.workspace, true);
    this.#missing = found.missing.map(({ name }) => name);
    this.#host.requestUpdate();
  }

  #drill({ dataset, where, title, measure }: Drill): void {
    const rows = where ? { dataset, filter: where } : { dataset };
    const { 'behind-grid': _, ...gadgets } = this.#workspace.gadgets;
    this.change(
      { rows, record: undefined, gadgets: { ...gadgets, behind: { title, measure: measure ?? null } } },
      false,
    );
  }

  #keepState(event: StateEvent): void {
    const source = event.composedPath()[0];
    if (!(source instanceof HTMLElement) || source.id === '') return;
    const at = performance.now();
    const continues = this.#gesture.id === source.id && at - this.#gesture.at < gestureMs;
    this.#gesture = { id: source.id, at };
    this.change({ gadgets: { ...this.#workspace.gadgets, [source.id]: event.detail.state } }, continues);
  }

  #arrive(workspace: Workspace, dropped: readonly string[]): void {
    this.#viewIsNew = workspace.view !== this.#workspace.view;
    this.#dropped = dropped;
    this.#missing = [];
    this.#set(workspace);
  }

  #set(workspace: Workspace): void {
    const before = this.#workspace;
    this.#workspace = workspace;
    this.#host.requestUpdate('workspace', before);
  }
}
