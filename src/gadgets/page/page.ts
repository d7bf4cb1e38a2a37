import { msg, str } from '@lit/localize';
import { html, nothing, type PropertyDeclarations } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { DatasetSummary, Head } from '../../protocol/head.ts';
import type { Measure } from '../../protocol/profile.ts';
import { emptyWorkspace, type Workspace } from '../../protocol/workspace.ts';
import { columnLabel } from '../column-label.ts';
import { dimensionColumns, numberColumns } from '../explore/explore-choices.ts';
import type { FiltersEvent } from '../filter-group/filter-group.ts';
import type { SharedFilter } from '../filter-group/group.ts';
import { tableName } from '../frame/frame-crumbs.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { GadgetLoader } from '../gadget-loader.ts';
import { HeadController } from '../head-controller.ts';
import { icon } from '../icons.ts';
import { LinkedHeads } from '../linked-heads.ts';
import '../popover-panel.ts';
import type { PopoverPanel } from '../popover-panel.ts';
import { dimensionsOf, measuresOf } from '../subject.ts';
import { measureWords } from '../view-base.ts';
import { changeWorkspace } from '../workspace-event.ts';
import { type Chosen, cardForm, chosenOf, kindWord } from './card-form.ts';
import { pageStyles } from './page.styles.ts';
import { dragCard, gapPx, keyedCard, type PageDrag, rowPx } from './page-drag.ts';
import {
  added,
  type CardKind,
  freshId,
  maxItems,
  type PageItem,
  type PageState,
  readItems,
  settled,
  showsMeasure,
  templateOf,
  usualSizes,
} from './page-items.ts';

/** A page as the workspace keeps it, with the filters of the cards that stand alone. */
export interface ComposeState extends PageState {
  readonly own: Readonly<Record<string, Readonly<Record<string, SharedFilter>>>>;
}

const noState: object = {};

/**
 * A page people compose: cards on twelve columns, moved and resized by pointer or by arrow keys (with Shift), linked by the
 * filters of all or standing alone. On a phone one column. All of it is state, and so in the URL.
 * @prop datasets @prop workspace
 */
export class PageView extends Gadget<ComposeState> {
  static override styles = [gadgetStyles, pageStyles];
  static override properties: PropertyDeclarations = {
    workspace: { attribute: false },
    datasets: { attribute: false },
    drag: { state: true },
    chosen: { state: true },
    told: { state: true },
  };

  declare workspace: Workspace;
  declare datasets: readonly DatasetSummary[];
  declare drag: PageDrag | undefined;
  declare chosen: Chosen | undefined;
  declare told: string;

  readonly #loader = new GadgetLoader(this);
  readonly #head = new HeadController(this, () => this.chosen?.dataset);
  readonly #linked = new LinkedHeads(this, () => this.#head.head);

  constructor() {
    super();
    this.workspace = emptyWorkspace('page');
    this.datasets = [];
    this.told = '';
  }

  protected override initialState(): ComposeState {
    return { title: '', items: [], editing: false, own: {} };
  }

  protected override ownPhase(): Gadget['phase'] {
    return 'ready';
  }

  /** Cards that can be drawn: of tables that are there. */
  get #items(): readonly PageItem[] {
    return this.drag?.items ?? readItems(this.state.items);
  }

  protected override view(): unknown {
    const items = this.#items;
    const { editing, title } = this.state;
    return html`
      <div class="head">
        ${
          editing
            ? html`<input
                aria-label=${msg('Title of the page')}
                maxlength="120"
                .value=${title}
                placeholder=${msg('Title of the page')}
                @change=${(event: Event) => this.changeState({ title: (event.target as HTMLInputElement).value })}
              />`
            : html`<h2>${title || msg('A page of your own')}</h2>`
        }
        ${items.length > 0 || editing ? this.#adding() : nothing}
        ${
          items.length > 0
            ? html`<button class="button" aria-pressed=${editing} @click=${() => this.changeState({ editing: !editing })}>
                ${icon(editing ? 'check' : 'edit')}${editing ? msg('Done') : msg('Edit')}
              </button>`
            : nothing
        }
      </div>
      ${items.length === 0 ? this.#empty() : this.#page(items)}
      <span class="hidden-text" role="status">${this.told}</span>
    `;
  }

  #empty(): unknown {
    return html`<div class="card empty">
      <p>${msg('Put figures, charts and tables beside each other; they filter each other, and the page can be saved and shared.')}</p>
      <div class="starts">
        ${this.datasets
          .slice(0, 12)
          .map(
            (dataset) =>
              html`<button class="button" @click=${() => this.#start(dataset)}>${icon('page')}${msg(str`Start with ${tableName(dataset)}`)}</button>`,
          )}
        ${this.#adding()}
      </div>
    </div>`;
  }

  #start(dataset: DatasetSummary): void {
    const measures = measuresOf(dataset.profile, measureWords()).map(({ id }) => id);
    const items = templateOf({ dataset, measures, dimensions: dimensionsOf(dataset.profile, 5) });
    void this.changeState({ items, title: this.state.title || tableName(dataset), editing: true }).then(() =>
      changeWorkspace(this, { dataset: dataset.id }, true),
    );
  }

  #page(items: readonly PageItem[]): unknown {
    const tags = [...new Set(items.map(({ kind }) => `exa-${kind}`))];
    if (this.#loader.error)
      return html`<exa-error-card .error=${this.#loader.error} @exa-retry=${() => this.#loader.retry()}></exa-error-card>`;
    if (!this.#loader.has(...tags)) return html`<div class="skeleton"></div>`;
    const byPlace = [...items].sort((a, b) => a.y - b.y || a.x - b.x);
    return html`<div class="page ${this.state.editing ? 'editing' : ''}">
      ${repeat(
        byPlace,
        ({ id }) => id,
        (item) => this.#card(item, items),
      )}
    </div>`;
  }

  #card(item: PageItem, items: readonly PageItem[]): unknown {
    const { x, y, w, h, id, kind } = item;
    const place = `grid-area:${y + 1} / ${x + 1} / span ${h} / span ${w}`;
    const held = this.drag?.id === id;
    return html`<section class="card ${kind} ${held ? 'held' : ''}" style=${place} aria-label=${this.#name(item)}>
      ${this.state.editing ? this.#tools(item, items) : nothing}
      ${
        item.alone
          ? html`<exa-filter-group
              .state=${{ filters: this.state.own[id] ?? {}, compare: false }}
              @exa-filters=${(event: FiltersEvent) => {
                event.stopPropagation();
                void this.changeState({ own: { ...this.state.own, [id]: event.detail.state.filters } });
              }}
              >${this.#gadget(item)}</exa-filter-group
            >`
          : this.#gadget(item)
      }
      ${
        this.state.editing
          ? html`<button
              class="resize"
              tabindex="-1"
              aria-hidden="true"
              @pointerdown=${(event: PointerEvent) => this.#drag(event, 'resize', item, items)}
            ></button>`
          : nothing
      }
    </section>`;
  }

  #gadget(item: PageItem): unknown {
    const { kind, dataset: id, column, label } = item;
    const dataset = this.datasets.find((one) => one.id === id);
    if (!dataset)
      return html`<p class="gadget meta">${msg(str`The table of this card (${id}) is not there.`)}</p>`;
    const measure = this.#measure(dataset, item.measure);
    const state = this.workspace.gadgets[item.id] ?? noState;
    switch (kind) {
      case 'figure':
        return html`<exa-figure class="gadget" id=${item.id} dataset=${id} .measure=${measure} .label=${label} ?sparkline=${item.h > 1}></exa-figure>`;
      case 'trend':
        return html`<exa-trend class="gadget" id=${item.id} dataset=${id} .measure=${measure} .column=${column} .label=${label} .state=${state}></exa-trend>`;
      case 'bars':
        return html`<exa-bars class="gadget" id=${item.id} dataset=${id} .measure=${measure} .column=${column} .label=${label} rows=${barsIn(item.h)} .state=${state}></exa-bars>`;
      case 'distribution':
        return html`<exa-distribution class="gadget" id=${item.id} dataset=${id} .column=${column} .label=${label} .state=${state}></exa-distribution>`;
      case 'grid':
        return html`<exa-grid class="gadget" id=${item.id} dataset=${id} .label=${label} .state=${state}></exa-grid>`;
    }
  }

  #measure(dataset: DatasetSummary, id: string | undefined): Measure {
    const all = measuresOf(dataset.profile, measureWords());
    return all.find((one) => one.id === id) ?? all[0]!;
  }

  #name(item: PageItem): string {
    const dataset = this.datasets.find(({ id }) => id === item.dataset);
    return item.label ?? `${kindWord(item.kind)} · ${dataset ? tableName(dataset) : item.dataset}`;
  }

  #tools(item: PageItem, items: readonly PageItem[]): unknown {
    const name = this.#name(item);
    const tool = (
      picture: 'copy' | 'x' | 'link' | 'filter',
      label: string,
      run: () => void,
      pressed?: boolean,
    ) =>
      html`<button class="button quiet" title=${label} aria-pressed=${pressed ?? nothing} @click=${run}>
        ${icon(picture)}<span class="hidden-text">${label}: ${name}</span>
      </button>`;
    return html`<div class="tools" role="toolbar" aria-label=${msg(str`Card: ${name}`)}>
      <button
        class="button quiet grip"
        title=${msg('Move: arrow keys; resize: Shift and arrow keys')}
        @pointerdown=${(event: PointerEvent) => this.#drag(event, 'move', item, items)}
        @keydown=${(event: KeyboardEvent) => this.#key(event, item, items)}
      >
        ${icon('grip')}<span class="hidden-text">${msg('Move or resize')}: ${name}</span>
      </button>
      <span class="spacer"></span>
      <exa-popover-panel side="end" label=${msg('Configure')} @exa-toggle=${(event: CustomEvent<boolean>) => this.#choose(event.detail ? item : undefined)}>
        <button slot="trigger" class="button quiet" title=${msg('Configure')}>
          ${icon('settings')}<span class="hidden-text">${msg('Configure')}: ${name}</span>
        </button>
        ${this.chosen?.id === item.id ? this.#form(msg('Apply')) : nothing}
      </exa-popover-panel>
      ${tool('link', item.alone ? msg('Link its filters') : msg('Unlink its filters'), () => this.#put(items.map((one) => (one.id === item.id ? { ...one, alone: !one.alone } : one))), !item.alone)}
      ${tool('copy', msg('Duplicate'), () => this.#duplicate(item, items))}
      ${tool('x', msg('Remove'), () => this.#remove(item, items))}
    </div>`;
  }

  #adding(): unknown {
    return html`<exa-popover-panel id="adding" side="end" label=${msg('Add a card')} @exa-toggle=${(event: CustomEvent<boolean>) => this.#choose(event.detail ? 'new' : undefined)}>
      <button slot="trigger" class="button">${icon('plus')}${msg('Add a card')}</button>
      ${this.chosen && this.chosen.id === undefined ? this.#form(msg('Add')) : nothing}
    </exa-popover-panel>`;
  }

  #choose(item: PageItem | 'new' | undefined): void {
    if (item === undefined) {
      this.chosen = undefined;
      return;
    }
    const dataset = this.workspace.dataset ?? this.datasets[0]?.id ?? '';
    this.chosen =
      item === 'new'
        ? { id: undefined, kind: 'bars', dataset, measure: '', column: '', label: '', alone: false }
        : chosenOf(item);
  }

  #form(submit: string): unknown {
    const { chosen } = this;
    if (!chosen) return nothing;
    const { head } = this.#head;
    const columns = head ? this.#columnsFor(chosen.kind, head) : [];
    return cardForm(chosen, {
      submit,
      datasets: this.datasets,
      columns,
      change: (part) => {
        this.chosen = { ...chosen, ...part };
      },
      apply: () => this.#apply(chosen, columns[0]?.ref),
    });
  }

  #columnsFor(kind: CardKind, head: Head): readonly { readonly ref: string; readonly label: string }[] {
    const { heads } = this.#linked;
    const named = (refs: readonly string[]) =>
      refs.map((ref) => ({ ref, label: columnLabel(ref, head, heads) }));
    if (kind === 'bars') return named(dimensionColumns(head, heads).all);
    if (kind === 'distribution') return named(numberColumns(head, heads));
    return [];
  }

  #apply(chosen: Chosen, firstColumn: string | undefined): void {
    const items = this.#items;
    const { kind, dataset } = chosen;
    const summary = this.datasets.find(({ id }) => id === dataset);
    if (!summary || items.length >= maxItems) return;
    const column = chosen.column || firstColumn;
    const rest = {
      kind,
      dataset,
      ...(showsMeasure(kind) ? { measure: this.#measure(summary, chosen.measure).id } : {}),
      ...((kind === 'bars' || kind === 'distribution') && column ? { column } : {}),
      ...(chosen.label.trim() ? { label: chosen.label.trim() } : {}),
      ...(chosen.alone ? { alone: true } : {}),
    };
    const before = items.find(({ id }) => id === chosen.id);
    const next = before
      ? settled(
          items.map((item) =>
            item.id === before.id
              ? { id: item.id, x: item.x, y: item.y, w: item.w, h: item.h, ...rest }
              : item,
          ),
        )
      : added(items, { id: freshId(items, kind), ...usualSizes[kind], ...rest });
    for (const panel of this.renderRoot.querySelectorAll<PopoverPanel>('exa-popover-panel'))
      panel.show(false);
    this.chosen = undefined;
    void this.changeState({ items: next, editing: true }).then(() => {
      if (this.workspace.dataset === undefined) changeWorkspace(this, { dataset }, true);
    });
    this.told = before ? msg('Card changed') : msg('Card added');
  }

  #duplicate(item: PageItem, items: readonly PageItem[]): void {
    if (items.length >= maxItems) return;
    const { x: _, y: __, ...rest } = item;
    this.#put(added(items, { ...rest, id: freshId(items, item.kind) }));
    this.told = msg('Card added');
  }

  #remove(item: PageItem, items: readonly PageItem[]): void {
    this.group?.clear(item.id);
    this.#put(settled(items.filter(({ id }) => id !== item.id)));
    this.told = msg('Card removed');
  }

  #put(items: readonly PageItem[], more: Partial<ComposeState> = {}): void {
    void this.changeState({ items, ...more });
  }

  async #drag(
    event: PointerEvent,
    how: 'move' | 'resize',
    item: PageItem,
    items: readonly PageItem[],
  ): Promise<void> {
    const page = this.renderRoot.querySelector<HTMLElement>('.page');
    if (event.button !== 0 || !page) return;
    event.preventDefault();
    const end = await dragCard(event, how, item, items, page, (drag) => {
      this.drag = drag;
    });
    this.drag = undefined;
    if (end) this.#put(end);
  }

  #key(event: KeyboardEvent, item: PageItem, items: readonly PageItem[]): void {
    const next = keyedCard(event, item, items);
    if (!next) return;
    event.preventDefault();
    const handle = event.currentTarget as HTMLElement;
    this.#put(next);
    const { x, y, w, h } = next.find(({ id }) => id === item.id)!;
    const [column, row, wide, high] = [x + 1, y + 1, w, h].map(String) as [string, string, string, string];
    this.told = msg(str`Column ${column}, row ${row}, ${wide} wide, ${high} high`);
    // The card may be drawn elsewhere now.
    void this.updateComplete.then(() => handle.focus());
  }
}

/** Bars that a card `h` rows high has room for, with its header, the rest and “More”. */
function barsIn(h: number): number {
  return Math.max(3, Math.floor((h * (rowPx + gapPx) - gapPx - 118) / 32));
}

defineGadget('exa-page', PageView);
