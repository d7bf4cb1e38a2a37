import { ContextConsumer } from '@lit/context';
import { updateWhenLocaleChanges } from '@lit/localize';
import { type CSSResultGroup, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { DataClient } from '../protocol/client.ts';
import { ExaError, toExaError } from '../protocol/errors.ts';
import { type AcquiredMethod, acquireFrom, offerOn } from './acquisition.ts';
import { dataClientContext, filterContext } from './contexts.ts';
import type { FilterGroup } from './filter-group/group.ts';
import { gadgetStyles } from './gadget.styles.ts';
import {
  combinedPhase,
  combinedProgress,
  leastCovered,
  oldest,
  type Phase,
  type PhaseSource,
} from './phase.ts';
import { phaseFrame } from './phase-frame.ts';
import type { MadeFile } from './take-away/made-file.ts';
import type { TakeAway } from './take-away/take-away.ts';

/** Bubbling, composed: a gadget's state changed by use. An ancestor may keep `detail.state` (in the URL, say). */
export type StateEvent = CustomEvent<{ readonly state: object; readonly changed: object }>;

/**
 * What people see is made of gadgets: custom elements `exa-…` that work alone in any page. Properties in, events out,
 * all state one JSON value. A subclass draws in `view()` and names its host-callable methods in `static methods`.
 *
 * Attributes set here: `phase` (see {@link Phase}) and `aria-busy`. Events: `exa-state`, `exa-error`.
 */
export abstract class Gadget<S extends object = object> extends LitElement {
  static override styles: CSSResultGroup = gadgetStyles;

  /** Methods a host may {@link call}; a subclass adds its own. */
  static readonly methods: readonly string[] = [
    'render',
    'getContent',
    'checkValidity',
    'getMethodList',
    'export',
  ];

  readonly #clientContext = new ContextConsumer(this, { context: dataClientContext, subscribe: true });
  readonly #filterContext = new ContextConsumer(this, { context: filterContext, subscribe: true });
  readonly #sources: PhaseSource[] = [];
  readonly #jobs = new Map<string, AbortController>();
  readonly #services: ((signal: AbortSignal) => unknown)[] = [];
  #connection: AbortController | undefined;
  #state: S;
  #failure: ExaError | undefined;
  /** What the last update stopped at: a fault of this gadget's, or an answer it can make nothing of. */
  #broken: ExaError | undefined;
  #reported: ExaError | undefined;
  #phase: Phase = 'idle';
  #hadPicture = false;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.#state = this.initialState();
  }

  /** The state of a new gadget. Called once, from the constructor, before the subclass's fields exist. */
  protected abstract initialState(): S;

  /** The picture, from the last good data. Called in every phase once there has been one, and when not loading. */
  protected abstract view(): unknown;

  /** Told the keys that changed, after they did. */
  protected onStateChange(_changed: Partial<S>): void | Promise<void> {}

  /** The client an ancestor hands down, if any. */
  get client(): DataClient | undefined {
    return this.#clientContext.value;
  }

  /** The filter group above, if any. */
  get group(): FilterGroup | undefined {
    return this.#filterContext.value;
  }

  get phase(): Phase {
    return this.#phase;
  }

  get state(): Readonly<S> {
    return this.#state;
  }

  /** Takes the state a host kept: keys left out go back to their first value. Emits nothing. */
  set state(state: Partial<S>) {
    void this.#apply({ ...this.initialState(), ...state }, false);
  }

  /** Changes some keys. Only those that differ (as JSON) reach `onStateChange`; emits `exa-state`. */
  async changeState(partial: Partial<S>): Promise<void> {
    await this.#apply(partial, true);
  }

  async #apply(partial: Partial<S>, emit: boolean): Promise<void> {
    const changed: Partial<S> = {};
    for (const key of Object.keys(partial) as (keyof S)[])
      if (JSON.stringify(partial[key]) !== JSON.stringify(this.#state[key])) changed[key] = partial[key];
    if (Object.keys(changed).length === 0) return;
    this.#state = { ...this.#state, ...changed };
    this.requestUpdate();
    try {
      await this.onStateChange(changed);
    } catch (error) {
      this.fail(error);
    }
    if (emit)
      this.dispatchEvent(
        new CustomEvent('exa-state', {
          bubbles: true,
          composed: true,
          detail: { state: this.#state, changed },
        }) satisfies StateEvent,
      );
  }

  /**
   * Calls a declared method by name, as a host across a frame or a renderJS page does.
   * Rejects with {@link ExaError} `missing` when the gadget declares no such method.
   */
  async call(name: string, ...args: readonly unknown[]): Promise<unknown> {
    const methods = (this.constructor as typeof Gadget).methods;
    const method: unknown = Reflect.get(this, name === 'render' ? 'renderWith' : name);
    if (!methods.includes(name) || typeof method !== 'function')
      throw new ExaError('missing', `${this.localName} has no method “${name}”.`, {
        facts: { method: name },
      });
    return await method.apply(this, args);
  }

  /** renderJS's `render(options)`: takes options as state and resolves once drawn. */
  async renderWith(options: Partial<S> = {}): Promise<void> {
    await this.changeState(options);
    await this.updateComplete;
  }

  /** What a form would submit: the state. */
  async getContent(): Promise<object> {
    return this.#state;
  }

  /** Whether what people entered can be used. */
  async checkValidity(): Promise<boolean> {
    return this.#phase !== 'failed';
  }

  /** What people can take away of it, as a file; rejects as {@link makeFile} does. */
  async export(format: unknown): Promise<MadeFile> {
    const { makeFile } = await import('./take-away/made-file.ts');
    return makeFile(this.takeAway(), this.client, format);
  }

  async getMethodList(): Promise<readonly string[]> {
    return (this.constructor as typeof Gadget).methods;
  }

  /** Asks the ancestors for a method by name; undefined when nobody offers it. */
  protected acquire(name: string, ...args: readonly unknown[]): Promise<unknown> {
    return acquireFrom(this, name, args);
  }

  /** Offers a method to everything below, while this gadget exists. */
  protected offer(name: string, run: AcquiredMethod): void {
    offerOn(this, name, run);
  }

  /** Runs from connect to disconnect, when `signal` aborts; an error becomes the failed phase. */
  protected service(run: (signal: AbortSignal) => unknown): void {
    this.#services.push(run);
    if (this.#connection) this.#start(run, this.#connection.signal);
  }

  /** Runs `run`; a job of the same name still running is aborted. Resolves undefined when superseded or failed. */
  protected async job<T>(name: string, run: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    this.#jobs.get(name)?.abort();
    const own = new AbortController();
    this.#jobs.set(name, own);
    try {
      const value = await run(own.signal);
      return own.signal.aborted ? undefined : value;
    } catch (error) {
      if (!own.signal.aborted) this.fail(error);
      return undefined;
    } finally {
      if (this.#jobs.get(name) === own) this.#jobs.delete(name);
    }
  }

  /** The gadget's phase follows `source` too (an answer, a head). */
  addPhaseSource(source: PhaseSource): void {
    this.#sources.push(source);
  }

  /** Shows an error card in this gadget's own box; a cancelled request is no failure. */
  protected fail(error: unknown): void {
    const failure = toExaError(error);
    if (failure.tag === 'cancelled') return;
    this.#failure = failure;
    this.requestUpdate();
  }

  /** Tries again whatever failed. */
  retry(): void {
    const own = this.#failure !== undefined;
    this.#failure = undefined;
    for (const source of this.#sources) if (source.phase === 'failed') source.retry();
    if (own && this.#connection) {
      this.#connection.abort();
      this.#connect();
    }
    this.requestUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#connect();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#connection?.abort();
    this.#connection = undefined;
    for (const job of this.#jobs.values()) job.abort();
    this.#jobs.clear();
  }

  #connect(): void {
    this.#connection = new AbortController();
    for (const run of this.#services) this.#start(run, this.#connection.signal);
  }

  async #start(run: (signal: AbortSignal) => unknown, signal: AbortSignal): Promise<void> {
    try {
      await run(signal);
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
  }

  protected override performUpdate(): void {
    this.#broken = undefined;
    try {
      super.performUpdate();
    } catch (error) {
      this.#broken = toExaError(error);
      this.update(new Map());
      this.updated(new Map());
    }
  }

  // Not in willUpdate: controllers decide what is asked after it, and the phase is about that.
  protected override update(changed: PropertyValues): void {
    this.#phase = this.#failure || this.#broken ? 'failed' : this.#sourcesPhase();
    if (this.#phase === 'ready' || this.#phase === 'stale') this.#hadPicture = true;
    super.update(changed);
  }

  #sourcesPhase(): Phase {
    const phase = combinedPhase(this.#sources);
    const bare = (phase === 'ready' || phase === 'stale') && !this.hasPicture();
    return this.ownPhase(bare ? 'loading' : phase);
  }

  /** Whether `view()` has something good to show; else a skeleton or a bare error card takes its place. */
  protected hasPicture(): boolean {
    return true;
  }

  /** What people can take away of it as it is now; undefined: nothing yet. Its header then has a `cardMenu(this)`. */
  takeAway(): TakeAway | undefined {
    return undefined;
  }

  /** Stands above an error card that has no picture, so that people know what failed. */
  protected heading(): unknown {
    return nothing;
  }

  /** Lets a subclass replace the phase of its sources by its own (a view with nothing to wait for is ready). */
  protected ownPhase(phase: Phase): Phase {
    return phase;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.setAttribute('phase', this.#phase);
    this.setAttribute('aria-busy', String(this.#phase === 'loading'));
    const error = this.#error();
    if (error && error !== this.#reported)
      this.dispatchEvent(new CustomEvent('exa-error', { bubbles: true, composed: true, detail: error }));
    this.#reported = error;
  }

  #error(): ExaError | undefined {
    return this.#failure ?? this.#broken ?? this.#sources.find((source) => source.phase === 'failed')?.error;
  }

  /** Drawn in place of the picture while the first one loads; final size, no text. */
  protected skeleton(): unknown {
    return html`<div class="skeleton" part="skeleton"></div>`;
  }

  /** Draws the phase's frame (skeleton, progress, date, error card) round `view()`; override `view()` instead. */
  protected override render(): unknown {
    const ready = this.#phase === 'ready' || this.#phase === 'stale';
    const picture = !this.#broken && (ready || (this.#hadPicture && this.hasPicture()));
    return phaseFrame({
      phase: this.#phase,
      host: this,
      progress: combinedProgress(this.#sources),
      asOf: oldest(this.#sources),
      covered: leastCovered(this.#sources),
      error: this.#error(),
      heading: picture ? nothing : this.heading(),
      picture: picture ? this.view() : nothing,
      skeleton: this.#phase === 'loading' && !picture ? this.skeleton() : nothing,
      retry: () => this.retry(),
    });
  }
}

/** Registers a custom element once; a second bundle on the page that brings the same tag is harmless. */
export function defineGadget(tag: `exa-${string}`, element: CustomElementConstructor): void {
  if (!customElements.get(tag)) customElements.define(tag, element);
}
