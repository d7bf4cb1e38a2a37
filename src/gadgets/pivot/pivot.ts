import { msg, str } from '@lit/localize';
import { html, nothing, type PropertyDeclarations } from 'lit';
import type { Literal } from '../../protocol/column.ts';
import type { Head } from '../../protocol/head.ts';
import { identifierColumns } from '../column-label.ts';
import { drill } from '../drill.ts';
import { type Formats, formatsFor } from '../format.ts';
import { openFormula } from '../formula/open-formula.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { HeadController } from '../head-controller.ts';
import { LinkedHeads } from '../linked-heads.ts';
import { cardMenu, type TakeAway } from '../take-away/take-away.ts';
import { schemeOf } from '../theme/palette.ts';
import { flatQuestion, type PivotSubject, wholeFormula } from './pivot.query.ts';
import { pivotStyles } from './pivot.styles.ts';
import { PivotAnswers } from './pivot-answers.ts';
import { pivotBar } from './pivot-bar.ts';
import { copiedPivot } from './pivot-copy.ts';
import { pivotDrill } from './pivot-drill.ts';
import { type PivotFields, pivotFields } from './pivot-fields.ts';
import { type CellAt, pivotGrid } from './pivot-grid.ts';
import { Heat } from './pivot-heat.ts';
import { type PivotModel, PivotModels, type PivotRow } from './pivot-model.ts';
import { movedCell } from './pivot-move.ts';
import { canOrderAt, nextSort } from './pivot-order.ts';
import { PivotScroll } from './pivot-scroll.ts';
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
import { countWords, keyWords, measureTitle, spotWords } from './pivot-words.ts';

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
  readonly #scroll = new PivotScroll(
    this,
    () => this.#view,
    () => this.#model?.rowCount ?? 0,
  );

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
    this.#scroll.stop();
  }

  /** What is in sight, as tab-separated text with its headers. */
  async getText(): Promise<string> {
    return this.#copied();
  }

  override takeAway(): TakeAway | undefined {
    const head = this.#head.head;
    const subject = this.#subject;
    if (!head || !subject) return undefined;
    const { label } = this.#fieldsOf(head);
    const keys = [...subject.rows, ...subject.columns];
    const columns = [
      ...keys.map(({ column }, k) => ({ id: `g${k}`, name: label(column) })),
      ...subject.measures.map(({ id, label }) => ({ id, name: label })),
    ];
    return {
      title: msg(str`Pivot of ${head.profile.label || head.name}`),
      data: { what: flatQuestion(subject), columns },
    };
  }

  #fieldsOf(head: Head): PivotFields {
    return pivotFields(head, this.#linked.heads);
  }

  /** The state with the fields as shown, so that a change begins from what is seen. */
  #shownState(head: Head): PivotState {
    return { ...this.state, ...this.#fieldsOf(head).keys(this.state) };
  }

  #plan(): void {
    const head = this.#head.head;
    const dataset = this.source;
    if (!head || dataset === undefined || !this.#linked.settled) {
      this.#subject = undefined;
      return;
    }
    const fields = this.#fieldsOf(head);
    const all = fields.measures();
    const chosen = this.state.measures.flatMap((id) => all.find((one) => one.id === id) ?? []);
    const subject: PivotSubject = {
      dataset,
      ...fields.keys(this.state),
      measures: (chosen.length > 0 ? chosen : all.slice(0, 1)).map((measure) => ({
        ...measure,
        formula: wholeFormula(measure.formula, head),
      })),
      where: this.group?.where(dataset),
      sort: this.state.sort,
      zone: head.profile.zone,
      zoneTable: head.zones[head.profile.zone] ?? utc,
      typeOf: fields.type,
    };
    this.#subject = subject;
    const model = this.#models.build(
      subject,
      this.state.open,
      this.#scroll.sight(subject.measures.length),
      (question) => this.#answers.want(question),
    );
    // Until there is something to draw of what was just chosen, the last picture stays.
    if (!model.isDrawable && this.#model && !this.#answers.error) return;
    this.#model = model.isDrawable ? model : this.#model;
    if (model.isDrawable) this.#modelOf = subject;
  }

  get #view(): HTMLElement | null {
    return this.renderRoot.querySelector('.scroll');
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
        <span class="meta" role="status">${this.told || countWords(model, formats)}</span>
        <button class="button quiet" @click=${() => void this.#copy()}>${msg('Copy')}</button>
        ${cardMenu(this)}
      </div>
      ${this.#grid(head, model, subject, formats)}
    `;
  }

  #bar(head: Head): unknown {
    const offered = this.#fieldsOf(head);
    const change = (next: PivotState): void => void this.changeState(next);
    return pivotBar({
      ...offered.keys(this.state),
      measures: this.#subject?.measures ?? [],
      allMeasures: offered.measures(),
      fields: offered.fields(),
      label: offered.label,
      type: offered.type,
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
    const scroll = this.#scroll;
    scroll.leafPx = Math.min(220, Math.max(104, 20 + 9 * Math.max(...widest)));
    const row = scroll.rowPx;
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
    const sight = scroll.sight(measures.length);
    const count = measures.length;
    return pivotGrid({
      model,
      measures,
      columnFields: subject.columns.length,
      sizes: { row, leaf: scroll.leafPx, side: scroll.sidePx },
      sort: subject.sort,
      active: this.active,
      topPx: scroll.topOf(row),
      heightPx: scroll.heightPx,
      leaves: {
        first: count * (1 + Math.min(sight.firstColumn, model.columnCount)),
        end: count * (1 + Math.min(sight.endColumn, model.columnCount)),
      },
      rowTitle:
        subject.rows.map(({ column }) => this.#fieldsOf(head).label(column)).join(' › ') || msg('All'),
      label: msg(str`Pivot of ${profile.label || head.name}`),
      canOrderAt: canOrderAt(subject, model.columnKey(0), head, this.#linked.heads),
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
      scrolled: () => scroll.scrolled(() => this.requestUpdate()),
    });
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
    return keyWords(key, value, this.#fieldsOf(head).type(key.column), formats, {
      zone: head.profile.zone,
      plain,
    });
  }

  #toggle({ path, key }: PivotRow): void {
    if (key !== undefined) void this.changeState(toggledRow(this.state, [...path, key]));
  }

  #order(by: string, at: { readonly values: readonly Literal[] } | undefined): void {
    void this.changeState({ sort: nextSort(this.state.sort, by, at) });
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
    const next = movedCell(this.active, event, {
      rows: model.rowCount,
      leaves: subject.measures.length * (1 + model.columnCount),
      pageRows: this.#scroll.pageRows,
    });
    if (!next) return;
    event.preventDefault();
    this.active = next;
    this.#scroll.reveal(next, subject.measures.length);
  }

  /** Asks whoever is above to show the rows behind a cell. */
  #drill(at: CellAt): void {
    const head = this.#head.head;
    if (!this.#model || !this.#modelOf || !head) return;
    const formats = formatsFor(this);
    const found = pivotDrill(this.#model, this.#modelOf, at, (key, value) =>
      this.#keyWords(key, value, head, formats),
    );
    if (found) drill(this, found);
  }

  #copied(): string {
    const head = this.#head.head;
    const subject = this.#modelOf;
    if (!this.#model || !subject || !head) return '';
    const formats = formatsFor(this);
    return copiedPivot(this.#model, subject, {
      label: this.#fieldsOf(head).label,
      key: (key, value) => this.#keyWords(key, value, head, formats),
      sight: this.#scroll.sight(subject.measures.length),
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
