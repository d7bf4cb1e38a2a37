import { ContextConsumer, ContextProvider } from '@lit/context';
import { css, html, LitElement, type PropertyDeclarations } from 'lit';
import type { ExaError } from '../../protocol/errors.ts';
import { dataClientContext, filterContext } from '../contexts.ts';
import { openBrush } from './brush-session.ts';
import type {
  BrushFollower,
  BrushRange,
  BrushSession,
  FilterGroup,
  FilterGroupState,
  Period,
  SharedFilter,
} from './group.ts';
import { previousWhereOf, whereOf } from './where.ts';

/** Bubbling, composed: the filters or the period changed. `live` steps belong to a gesture and are not history. */
export type FiltersEvent = CustomEvent<{ readonly state: FilterGroupState; readonly live: boolean }>;

/**
 * Hands `filterContext` to the gadgets below it. Property `state` in (silent), event `exa-filters` out; also runs
 * their brushes: one cube for all followers, slices at most once a frame, the filter on release.
 */
export class FilterGroupElement extends LitElement {
  static override styles = css`
    :host {
      display: contents;
    }
  `;

  static override properties: PropertyDeclarations = { state: { attribute: false } };

  readonly #client = new ContextConsumer(this, { context: dataClientContext, subscribe: true });
  readonly #provider = new ContextProvider(this, { context: filterContext });
  readonly #followers = new Set<BrushFollower>();
  #state: FilterGroupState = { filters: {}, compare: true };
  #session: BrushSession | undefined;

  constructor() {
    super();
    this.#provider.setValue(this.#group());
  }

  get state(): FilterGroupState {
    return this.#state;
  }

  /** Takes filters kept by a host; emits nothing. */
  set state(state: FilterGroupState) {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    this.#provider.setValue(this.#group());
  }

  /** Sets, or drops, a filter that a page sets: like `state`, it emits nothing. */
  put(source: string, filter: SharedFilter | undefined): void {
    this.state = withFilter(this.#state, source, filter);
  }

  /** Sets, or drops, a filter as a gadget does: what is no step of a gesture is history. */
  readonly set: FilterGroup['set'] = (source, filter, options) => {
    this.#change(withFilter(this.#state, source, filter), options?.live ?? false);
  };

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#session?.cancel();
    this.#session = undefined;
  }

  protected override render(): unknown {
    return html`<slot></slot>`;
  }

  #change(part: Partial<FilterGroupState>, live = false): void {
    const next = { ...this.#state, ...part };
    if (JSON.stringify(next) === JSON.stringify(this.#state)) return;
    this.#state = next;
    this.#provider.setValue(this.#group());
    this.dispatchEvent(
      new CustomEvent('exa-filters', { bubbles: true, composed: true, detail: { state: next, live } }),
    );
  }

  #group(): FilterGroup {
    const state = this.#state;
    return {
      ...state,
      set: this.set,
      setPeriod: (period: Period | undefined) => this.#change({ period }),
      clear: (source) => (source === undefined ? this.#change({ filters: {} }) : this.set(source, undefined)),
      where: (dataset, excluded) => whereOf(state, dataset, excluded),
      previousWhere: (dataset, excluded) =>
        state.compare ? previousWhereOf(state, dataset, excluded) : undefined,
      follow: (follower) => {
        this.#followers.add(follower);
        return () => this.#followers.delete(follower);
      },
      brush: (source, range, refused) => this.#brush(source, range, refused),
    };
  }

  #brush(source: string, range: BrushRange, refused?: (error: ExaError) => void): BrushSession {
    this.#session?.cancel();
    const followers = [...this.#followers].filter((follower) => follower.id !== source);
    const session = openBrush(
      {
        client: this.#client.value,
        commit: (filter) => this.set(source, filter && { dataset: range.dataset, filter }),
        failed: (error) => {
          refused?.(error);
          this.dispatchEvent(new CustomEvent('exa-error', { bubbles: true, composed: true, detail: error }));
        },
        nextFrame: (run) => requestAnimationFrame(run),
      },
      range,
      followers,
      [source],
    );
    this.#session = session;
    return session;
  }
}

function withFilter(
  state: FilterGroupState,
  source: string,
  filter: SharedFilter | undefined,
): FilterGroupState {
  const { [source]: _dropped, ...others } = state.filters;
  return { ...state, filters: filter ? { ...others, [source]: filter } : others };
}

if (!customElements.get('exa-filter-group')) customElements.define('exa-filter-group', FilterGroupElement);
