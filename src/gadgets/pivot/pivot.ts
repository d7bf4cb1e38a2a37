import { msg, str } from '@lit/localize';
import { html, nothing, type PropertyDeclarations } from 'lit';
import { checkFormula } from '../../protocol/check-formula.ts';
import type { ColumnType, Literal } from '../../protocol/column.ts';
import { findColumn } from '../../protocol/column-names.ts';
import type { Head } from '../../protocol/head.ts';
import type { Measure } from '../../protocol/profile.ts';
import type { ColumnRef } from '../../protocol/query.ts';
import { columnLabel, identifierColumns } from '../column-label.ts';
import { drill } from '../drill.ts';
import { columnMeasures, dimensionColumns, numberColumns } from '../explore/explore-choices.ts';
import { allOf } from '../filter-group/where.ts';
import { type Formats, formatsFor } from '../format.ts';
import { openFormula } from '../formula/open-formula.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { HeadController } from '../head-controller.ts';
import { LinkedHeads } from '../linked-heads.ts';
import { measuresOf, typeOfColumn } from '../subject.ts';
import { cardMenu, type TakeAway } from '../take-away/take-away.ts';
import { schemeOf } from '../theme/palette.ts';
import { measureWords } from '../view-base.ts';
import {
  flatQuestion,
  keyFilter,
  type PivotSubject,
  pathFilters,
  wholeFormula,
  withinColumn,
} from './pivot.query.ts';
import { pivotStyles } from './pivot.styles.ts';
import { PivotAnswers } from './pivot-answers.ts';
import { firstKey, pivotBar } from './pivot-bar.ts';
import { copiedPivot } from './pivot-copy.ts';
import { type CellAt, headPx, leafOf, pivotGrid } from './pivot-grid.ts';
import { Heat } from './pivot-heat.ts';
import { type PivotModel, PivotModels, type PivotRow, type Sight } from './pivot-model.ts';
import { movedCell } from './pivot-move.ts';
import {
  emptyPivot,
  type PivotKey,
  type PivotState,
  placed,
  rebinned,
  removed,
  swapped,
  toggledRow,
} from './pivot-state.ts';
import { keyWords, measureTitle, spotWords } from './pivot-words.ts';

/** Tallest a browser scrolls, px; taller lists are scrolled in proportion. */
const maxScrollPx = 12_000_000;
/** Rows and columns drawn beyond what is in sight. */
const margin = 4;

const utc = { from: [-8.64e15], offsetMs: [0] };

/**
 * Rows × columns × measures of a table, with subtotals and totals each computed anew by the kernels. Of however many
 * groups only those in sight are asked for.
 * Attributes: `dataset` (property `source`). State: {@link PivotState}. Event: `exa-drill` (see `drill.ts`).
 */
export class PivotGadget extends Gadget<PivotState> {
  static override styles = [gadgetStyles, pivotStyles];
  static override readonly methods: readonly string[] = [...Gadget.methods, 'getText'];
  static override properties: PropertyDeclarations = {
    source: { type: String, attribute: 'dataset' },
    active: { state: true },
    told: { state: true },
  };

  declare source: string | undefined;
  declare active: CellAt;
  declare told: string;

  readonly #head = new HeadController(this, () => this.source);
  readonly #linked = new LinkedHeads(this, () => this.#head.head);
  readonly #answers = new PivotAnswers(this, () => this.#plan());
  readonly #models = new PivotModels();
  readonly #heat = new Heat();
  #subject: PivotSubject | undefined;
  #model: PivotModel | undefined;
  #modelOf: PivotSubject | undefined;
  #scrolling = 0;
  /** Width of a column, px: of the widest total. */
  #leafPx = 116;

  constructor() {
    super();
    this.active = { place: -1, leaf: 0 };
    this.told = '';
  }

  protected override initialState(): PivotState {
    return emptyPivot;
  }

  protected override hasPicture(): boolean {
    return this.#model !== undefined;
  }

  protected override ownPhase(phase: Gadget['phase']): Gadget['phase'] {
    return this.source === undefined && this.client ? 'ready' : phase;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.#scrolling);
    this.#scrolling = 0;
  }

  /** What is in sight, as tab-separated text with its headers. */
  async getText(): Promise<string> {
    return this.#copied();
  }

  override takeAway(): TakeAway | undefined {
    const head = this.#head.head;
    const subject = this.#subject;
    if (!head || !subject) return undefined;
    const keys = [...subject.rows, ...subject.columns];
    const columns = [
      ...keys.map(({ column }, k) => ({ id: `g${k}`, name: this.#label(column, head) })),
      ...subject.measures.map(({ id, label }) => ({ id, name: label })),
    ];
    return {
      title: msg(str`Pivot of ${head.profile.label || head.name}`),
      data: { what: flatQuestion(subject), columns },
    };
  }

  #label(column: ColumnRef, head: Head): string {
    return columnLabel(column, head, this.#linked.heads);
  }

  #type(column: ColumnRef, head: Head): ColumnType | undefined {
    return typeOfColumn(column, head, this.#linked.heads);
  }

  #allMeasures(head: Head): readonly Measure[] {
    const { profile } = head;
    const known = measuresOf(profile, measureWords());
    const money = new Set([profile.roles.amount, profile.roles.price]);
    const columns = columnMeasures(
      numberColumns(head, this.#linked.heads),
      known,
      (column) => this.#label(column, head),
      (column) => money.has(column),
    );
    return [...known, ...columns];
  }

  /** Columns that can divide rows: dates, what tables are divided by, then the rest. */
  #fields(head: Head): readonly ColumnRef[] {
    const { all } = dimensionColumns(head, this.#linked.heads);
    const own = [...head.columns.map(({ id }) => id), ...head.profile.calculated.map(({ id }) => id)];
    const dates = own.filter((column) =>
      ['date', 'timestamp'].includes(this.#type(column, head)?.kind ?? ''),
    );
    return [...new Set([...dates, ...all, ...own])];
  }

  /** The fields chosen, as far as they are there; until people choose, the table's first division by its dates. */
  #keys(head: Head): { readonly rows: readonly PivotKey[]; readonly columns: readonly PivotKey[] } {
    const isThere = ({ column }: PivotKey): boolean =>
      findColumn(head, column) !== undefined || this.#type(column, head) !== undefined;
    const [rows, columns] = [this.state.rows.filter(isThere), this.state.columns.filter(isThere)];
    if (this.state.rows.length > 0 || this.state.columns.length > 0) return { rows, columns };
    const [first] = dimensionColumns(head, this.#linked.heads).usual;
    const { date } = head.profile.roles;
    return {
      rows: first === undefined ? [] : [firstKey(first, this.#type(first, head))],
      columns: date === undefined ? [] : [{ column: date, grain: 'quarter' }],
    };
  }

  /** The state with the fields as shown, so that a change begins from what is seen. */
  #shownState(head: Head): PivotState {
    return { ...this.state, ...this.#keys(head) };
  }

  #plan(): void {
    const head = this.#head.head;
    const dataset = this.source;
    if (!head || dataset === undefined || !this.#linked.settled) {
      this.#subject = undefined;
      return;
    }
    const all = this.#allMeasures(head);
    const chosen = this.state.measures.flatMap((id) => all.find((one) => one.id === id) ?? []);
    const subject: PivotSubject = {
      dataset,
      ...this.#keys(head),
      measures: (chosen.length > 0 ? chosen : all.slice(0, 1)).map((measure) => ({
        ...measure,
        formula: wholeFormula(measure.formula, head),
      })),
      where: this.group?.where(dataset),
      sort: this.state.sort,
      zone: head.profile.zone,
      zoneTable: head.zones[head.profile.zone] ?? utc,
      typeOf: (column) => this.#type(column, head),
    };
    this.#subject = subject;
    const model = this.#models.build(subject, this.state.open, this.#sight(subject), (question) =>
      this.#answers.want(question),
    );
    // Until there is something to draw of what was just chosen, the last picture stays.
    if (!model.isDrawable && this.#model && !this.#answers.error) return;
    this.#model = model.isDrawable ? model : this.#model;
    if (model.isDrawable) this.#modelOf = subject;
  }

  get #view(): HTMLElement | null {
    return this.renderRoot.querySelector('.scroll');
  }

  get #rowPx(): number {
    return Number.parseInt(getComputedStyle(this).getPropertyValue('--exa-row'), 10) || 36;
  }

  get #sidePx(): number {
    return this.clientWidth > 0 && this.clientWidth < 520 ? 132 : 220;
  }

  /** The part of all rows above the view, px, where all would be as tall as they are. */
  #topPx(): number {
    const view = this.#view;
    if (!view) return 0;
    return view.scrollTop * this.#ratio();
  }

  /** How much further than the scroll bar the rows move. */
  #ratio(): number {
    const view = this.#view;
    const all = (this.#model?.rowCount ?? 0) * this.#rowPx;
    if (!view || all <= maxScrollPx) return 1;
    const seen = view.clientHeight - headPx - this.#rowPx;
    return (all - seen) / (maxScrollPx - seen);
  }

  #sight(subject: PivotSubject): Sight {
    const view = this.#view;
    const height = view?.clientHeight ?? 480;
    const width = view?.clientWidth ?? 800;
    const firstRow = Math.max(0, Math.floor(this.#topPx() / this.#rowPx) - margin);
    const leaves = (pixels: number): number => pixels / this.#leafPx / subject.measures.length;
    const left = Math.abs(view?.scrollLeft ?? 0);
    const firstColumn = Math.max(0, Math.floor(leaves(left)) - 1 - 1);
    return {
      firstRow,
      endRow: firstRow + Math.ceil(height / this.#rowPx) + 2 * margin,
      firstColumn,
      endColumn: firstColumn + Math.ceil(leaves(width)) + 3,
    };
  }

  protected override view(): unknown {
    const head = this.#head.head;
    if (this.source === undefined)
      return html`<div class="empty">
        <h2>${msg('No table to divide')}</h2>
        <p>${msg('Drop a file on this page, or open the demo from Home.')}</p>
        <a class="button" href="#/home">${msg('Open Home')}</a>
      </div>`;
    const model = this.#model;
    const subject = this.#modelOf;
    if (!head || !model || !subject) return nothing;
    const formats = formatsFor(this);
    return html`
      ${this.#bar(head)}
      <div class="tools">
        <button class="button quiet" @click=${() => void this.changeState(swapped(this.#shownState(head)))}>${msg('Swap rows and columns')}</button>
        <label><input type="checkbox" .checked=${this.state.heat} @change=${(event: Event) => void this.changeState({ heat: (event.target as HTMLInputElement).checked })} />${msg('Shade by size')}</label>
        <span class="spacer"></span>
        <span class="meta" role="status">${this.told || this.#count(model, formats)}</span>
        <button class="button quiet" @click=${() => void this.#copy()}>${msg('Copy')}</button>
        ${cardMenu(this)}
      </div>
      ${this.#grid(head, model, subject, formats)}
    `;
  }

  #count(model: PivotModel, formats: Formats): string {
    const rows = formats.number(model.rowCount);
    const columns = formats.number(model.columnCount);
    return model.columnCount > 0 ? msg(str`${rows} rows × ${columns} columns`) : msg(str`${rows} rows`);
  }

  #bar(head: Head): unknown {
    const { rows, columns } = this.#keys(head);
    const subject = this.#subject;
    const change = (next: PivotState): void => void this.changeState(next);
    return pivotBar({
      rows,
      columns,
      measures: subject?.measures ?? [],
      allMeasures: this.#allMeasures(head),
      fields: this.#fields(head),
      label: (column) => this.#label(column, head),
      type: (column) => this.#type(column, head),
      place: (key, zone, at) => change(placed(this.#shownState(head), key, zone, at)),
      remove: (column) => change(removed(this.#shownState(head), column)),
      rebin: (key) => change(rebinned(this.#shownState(head), key)),
      chooseMeasures: (measures) => change({ ...this.#shownState(head), measures }),
      make: (kind, zone) => void this.#make(head, kind, zone),
    });
  }

  async #make(head: Head, kind: 'column' | 'measure', zone: 'rows' | 'columns' = 'rows'): Promise<void> {
    const made = await openFormula(this, { dataset: head.id, kind });
    if (!made) return;
    if (made.kind === 'column')
      await this.changeState(placed(this.#shownState(head), { column: made.id }, zone));
    else {
      const shown = this.#subject?.measures.map(({ id }) => id) ?? [];
      await this.changeState({ measures: [...new Set([...shown, made.id])] });
    }
  }

  #grid(head: Head, model: PivotModel, subject: PivotSubject, formats: Formats): unknown {
    const { measures } = subject;
    if (model.rowCount === 0 && subject.rows.length > 0)
      return html`<p class="nothing">${subject.where ? msg('No rows match the filters.') : msg('This table has no rows')}</p>`;
    const { profile } = head;
    const widest = measures.map((measure) => spotWords(model.grand, measure, formats).length);
    this.#leafPx = Math.min(220, Math.max(104, 20 + 9 * Math.max(...widest)));
    const rowPx = this.#rowPx;
    const ratio = this.#ratio();
    // A dimmed picture is not shaded: what is written on it could not be read.
    const isShaded =
      this.state.heat && this.phase !== 'failed' && measures.every(({ formula }) => formula !== '');
    if (isShaded)
      this.#heat.see(
        model,
        measures,
        JSON.stringify([subject.rows, subject.columns, subject.where, measures]),
      );
    const scheme = schemeOf(this);
    const sight = this.#sight(subject);
    const count = measures.length;
    return pivotGrid({
      model,
      measures,
      columnFields: subject.columns.length,
      sizes: { row: rowPx, leaf: this.#leafPx, side: this.#sidePx },
      sort: subject.sort,
      active: this.active,
      topPx: (place) => place * rowPx - (ratio === 1 ? 0 : this.#topPx() - (this.#view?.scrollTop ?? 0)),
      heightPx: Math.min(maxScrollPx, model.rowCount * rowPx),
      leaves: {
        first: count * (1 + Math.min(sight.firstColumn, model.columnCount)),
        end: count * (1 + Math.min(sight.endColumn, model.columnCount)),
      },
      rowTitle: subject.rows.map(({ column }) => this.#label(column, head)).join(' › ') || msg('All'),
      label: msg(str`Pivot of ${profile.label || head.name}`),
      canOrderAt: this.#canOrderAt(head, subject, model),
      isExpandable: (row) => row.path.length + 1 < subject.rows.length,
      rowWords: (row) => this.#rowWords(row, subject, head, formats),
      columnWords: (column) => {
        const values = model.columnKey(column);
        return values ? this.#columnNames(subject, values, head, formats) : [];
      },
      words: (spot, measure) => spotWords(spot, measure, formats),
      measureWords: (measure) => measureTitle(measure, profile.currency),
      shade: (spot, measure) => (isShaded ? this.#heat.shade(spot, measure, scheme) : undefined),
      toggle: (row) => this.#toggle(row),
      order: (by, at) => this.#order(by, at),
      press: (at) => this.#press(at),
      keydown: (event) => this.#keydown(event),
      scrolled: () => this.#scrolled(),
    });
  }

  /** Whether every measure can be taken of the rows of one column alone. */
  #canOrderAt(head: Head, { columns, measures }: PivotSubject, model: PivotModel): boolean {
    const values = model.columnKey(0);
    if (columns.length === 0 || values?.length !== columns.length) return false;
    try {
      for (const { formula } of measures)
        checkFormula(withinColumn(formula, columns, values), {
          kind: 'measure',
          head,
          linked: this.#linked.heads,
        });
      return true;
    } catch {
      return false;
    }
  }

  #rowWords(row: PivotRow, subject: PivotSubject, head: Head, formats: Formats): string {
    const key = subject.rows[row.path.length];
    if (!key || row.key === undefined) return '';
    return this.#keyWords(key, row.key, head, formats);
  }

  /** The values of a column's fields in words. */
  #columnNames(
    { columns }: PivotSubject,
    values: readonly Literal[],
    head: Head,
    formats: Formats,
  ): readonly string[] {
    return columns.flatMap((key, k) => {
      const value = values[k];
      if (value === undefined) return [];
      return [this.#keyWords(key, value, head, formats)];
    });
  }

  #keyWords(key: PivotKey, value: Literal, head: Head, formats: Formats): string {
    const plain = identifierColumns(head.profile).includes(key.column);
    return keyWords(key, value, this.#type(key.column, head), formats, { zone: head.profile.zone, plain });
  }

  #toggle({ path, key }: PivotRow): void {
    if (key !== undefined) void this.changeState(toggledRow(this.state, [...path, key]));
  }

  /** Most first, then least first, then as it comes. */
  #order(by: string, at: { readonly values: readonly Literal[] } | undefined): void {
    const { sort } = this.state;
    const isIt = sort?.by === by && JSON.stringify(sort.at) === JSON.stringify(at);
    const first = by !== 'key';
    const next = !isIt ? first : sort.descending === first ? !first : undefined;
    void this.changeState({
      sort: next === undefined ? undefined : { by, descending: next, ...(at && { at }) },
    });
    this.#view?.scrollTo({ top: 0 });
  }

  #press(at: CellAt): void {
    const isAgain = at.place === this.active.place && at.leaf === this.active.leaf;
    this.active = at;
    this.#view?.focus({ preventScroll: true });
    if (isAgain) this.#drill(at);
  }

  #keydown(event: KeyboardEvent): void {
    const model = this.#model;
    const subject = this.#modelOf;
    if (!model || !subject || event.altKey) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c') {
      event.preventDefault();
      void this.#copy();
      return;
    }
    const row = model.rows.find(({ place }) => place === this.active.place);
    const isExpandable =
      row !== undefined && row.key !== undefined && row.path.length + 1 < subject.rows.length;
    if (this.active.leaf === -1 && isExpandable) {
      const opens = event.key === 'ArrowRight' && !row.isOpen;
      const closes = event.key === 'ArrowLeft' && row.isOpen;
      if (opens || closes || event.key === ' ') {
        event.preventDefault();
        this.#toggle(row);
        return;
      }
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      this.#drill(this.active);
      return;
    }
    const pageRows = Math.max(1, Math.floor(((this.#view?.clientHeight ?? 480) - headPx) / this.#rowPx) - 2);
    const next = movedCell(this.active, event, {
      rows: model.rowCount,
      leaves: subject.measures.length * (1 + model.columnCount),
      pageRows,
    });
    if (!next) return;
    event.preventDefault();
    this.active = next;
    this.#reveal(next, subject);
  }

  #reveal({ place, leaf }: CellAt, subject: PivotSubject): void {
    const view = this.#view;
    if (!view) return;
    const rowPx = this.#rowPx;
    const ratio = this.#ratio();
    const seen = view.clientHeight - headPx - rowPx;
    const top = this.#topPx();
    if (place >= 0) {
      if (place * rowPx < top) view.scrollTop = (place * rowPx) / ratio;
      else if ((place + 1) * rowPx > top + seen) view.scrollTop = ((place + 1) * rowPx - seen) / ratio;
    }
    const side = this.#sidePx;
    const leafPx = this.#leafPx;
    const left = leaf * leafPx;
    if (leaf < subject.measures.length && leaf <= 0) view.scrollLeft = 0;
    else if (left < view.scrollLeft) view.scrollLeft = left;
    else if (left + leafPx > view.scrollLeft + view.clientWidth - side)
      view.scrollLeft = left + leafPx - view.clientWidth + side;
  }

  #scrolled(): void {
    if (this.#scrolling) return;
    this.#scrolling = requestAnimationFrame(() => {
      this.#scrolling = 0;
      this.requestUpdate();
    });
  }

  /** Asks whoever is above to show the rows behind a cell. */
  #drill({ place, leaf }: CellAt): void {
    const model = this.#model;
    const subject = this.#modelOf;
    const head = this.#head.head;
    if (!model || !subject || !head) return;
    const formats = formatsFor(this);
    const row = model.rows.find((one) => one.place === place);
    if (place >= 0 && (!row || row.key === undefined)) return;
    const { column, measure } = leafOf(Math.max(0, leaf), subject.measures.length);
    const values = column === undefined ? undefined : model.columnKey(column);
    const path = row && row.key !== undefined ? [...row.path, row.key] : [];
    const where = allOf([
      subject.where,
      ...pathFilters(subject, path),
      ...(values?.length === subject.columns.length
        ? subject.columns.map((key, k) => keyFilter(subject, key, values[k]!))
        : []),
    ]);
    const names = path.map((value, depth) => {
      const rowKey = subject.rows[depth]!;
      return this.#keyWords(rowKey, value, head, formats);
    });
    if (values) names.push(...this.#columnNames(subject, values, head, formats));
    drill(this, {
      dataset: subject.dataset,
      where,
      title: names.join(' · ') || msg('All rows'),
      measure: subject.measures[measure],
    });
  }

  #copied(): string {
    const head = this.#head.head;
    const subject = this.#modelOf;
    if (!this.#model || !subject || !head) return '';
    const formats = formatsFor(this);
    return copiedPivot(this.#model, subject, {
      label: (column) => this.#label(column, head),
      key: (key, value) => this.#keyWords(key, value, head, formats),
      sight: this.#sight(subject),
    });
  }

  async #copy(): Promise<void> {
    const text = this.#copied();
    try {
      await navigator.clipboard.writeText(text);
      const rows = text.split('\n').length - 1;
      this.told = msg(str`${rows} rows copied, those in sight.`);
    } catch {
      this.told = msg('The browser did not allow copying.');
    }
    setTimeout(() => {
      this.told = '';
    }, 4000);
  }
}

defineGadget('exa-pivot', PivotGadget);
