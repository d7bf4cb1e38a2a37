import type { ArrayHead } from '../../protocol/array.ts';
import type { DatasetSummary } from '../../protocol/head.ts';
import { periodRange } from '../../protocol/period.ts';
import type { Question } from '../../protocol/query.ts';
import type { ViewName, Workspace } from '../../protocol/workspace.ts';
import type { AnswerController } from '../answer-controller.ts';
import { ArraysController } from '../arrays-controller.ts';
import { DatasetsController } from '../datasets-controller.ts';
import type { FilterGroupState } from '../filter-group/group.ts';
import { firstPaint } from '../first-paint.ts';
import type { Gadget } from '../gadget.ts';
import { HeadController } from '../head-controller.ts';
import { quoted, type Subject, subjectOf } from '../subject.ts';

const dayMs = 86_400_000;

/** Keeps what the workspace is about: the table, its head, its newest row, and the filters with the period resolved. */
export class SubjectController {
  readonly list: DatasetsController;
  readonly #arrays: ArraysController;
  readonly #workspace: () => Workspace;
  readonly #isFirst: () => boolean;
  readonly #head: HeadController;
  /** Arrives after the shell is painted: it brings the Arrow reader. */
  #newest: AnswerController | undefined;
  #unreadable = false;

  /** `isFirst`: whether only what people look at first is read yet. */
  constructor(host: Gadget, workspace: () => Workspace, isFirst: () => boolean = () => false) {
    this.#workspace = workspace;
    this.#isFirst = isFirst;
    this.list = new DatasetsController(host);
    this.#arrays = new ArraysController(host, () => !isFirst());
    this.#head = new HeadController(host, () => this.subject?.dataset.id);
    void this.#open(host);
  }

  async #open(host: Gadget): Promise<void> {
    try {
      await firstPaint();
      const { AnswerController } = await import('../answer-controller.ts');
      this.#newest = new AnswerController(host, () => this.#newestQuestion());
    } catch {
      // The view's own code will not load either, and says so.
      this.#unreadable = true;
    }
    host.requestUpdate();
  }

  get datasets(): readonly DatasetSummary[] {
    return this.list.datasets ?? [];
  }

  get arrays(): readonly ArrayHead[] {
    return this.#arrays.arrays ?? [];
  }

  /** The array the workspace names, in its view. */
  get array(): ArrayHead | undefined {
    const { view, dataset } = this.#workspace();
    return view === 'array' ? this.arrays.find(({ id }) => id === dataset) : undefined;
  }

  get subject(): Subject | undefined {
    const { view, dataset } = this.#workspace();
    return subjectOf(view, dataset, this.datasets, this.arrays);
  }

  /** Views that have something to show. */
  get views(): readonly ViewName[] {
    const withData = (['explore', 'pivot', 'orders', 'clients', 'model'] as const).filter(
      (view) => subjectOf(view, undefined, this.datasets, this.arrays) !== undefined,
    );
    return [
      'home',
      ...withData,
      ...(this.arrays.length > 0 ? (['array'] as const) : []),
      ...(this.datasets.length > 0 ? (['page'] as const) : []),
      ...(this.datasets.length > 0 || this.arrays.length > 0 ? (['datasets'] as const) : []),
      'settings',
    ];
  }

  get busy(): boolean {
    return (
      this.list.phase === 'loading' ||
      this.#head.phase === 'loading' ||
      this.list.status?.connection === 'updating'
    );
  }

  /** The column the period is about. */
  get dateColumn(): string | undefined {
    return this.subject?.dataset.profile.roles.date;
  }

  /** UTC ms of the newest row, for people. */
  get newestInstant(): number | undefined {
    const value = this.#newestValue();
    return value !== undefined && this.#dateType()?.kind === 'date' ? value * dayMs : value;
  }

  /** The workspace's filters, its period resolved; undefined until the newest row is known, where it is needed. */
  get filters(): FilterGroupState | undefined {
    const { filters, period, compare, against } = this.#workspace();
    const column = this.dateColumn;
    const head = this.#head.head;
    const table = head && head.profile.zone !== 'UTC' ? head.zones[head.profile.zone] : undefined;
    const shared = { filters, compare, ...(against ? { against } : {}), ...(table ? { zone: table } : {}) };
    if (!period || column === undefined) return shared;
    const newest = this.#newestValue();
    const type = this.#dateType();
    const zone = head?.zones[head.profile.zone] ?? head?.zones.UTC;
    const known = newest !== undefined || period.kind === 'between';
    if (!head || !type || !zone || !known) return this.#settled() ? shared : undefined;
    return {
      ...shared,
      period: { dataset: head.id, column, ...periodRange(period, newest ?? 0, type, zone) },
    };
  }

  /** Whether nothing more will be known of the newest row. */
  #settled(): boolean {
    const phase = this.#newest?.phase;
    return (
      this.#unreadable ||
      phase === 'failed' ||
      phase === 'ready' ||
      phase === 'stale' ||
      this.#head.phase === 'failed'
    );
  }

  #newestQuestion(): Question | undefined {
    const column = this.dateColumn;
    const { subject } = this;
    if (!subject || column === undefined) return undefined;
    // A period counts back from it; else it is but said.
    if (this.#isFirst() && !this.#workspace().period) return undefined;
    return {
      kind: 'aggregate',
      dataset: subject.dataset.id,
      groupBy: [],
      measures: [{ id: 'newest', label: '', formula: `max(${quoted(column)})`, format: 'number' }],
    };
  }

  /** Newest value of the date column: days or UTC ms; undefined when there is none. */
  #newestValue(): number | undefined {
    const newest = this.#newest;
    const table = newest?.answer;
    if (!table || table.rows === 0 || newest?.question === undefined || newest.phase === 'loading')
      return undefined;
    const value = table.numbers('newest')[0];
    return value === undefined || Number.isNaN(value) ? undefined : value;
  }

  #dateType() {
    return this.#head.head?.columns.find(({ id }) => id === this.dateColumn)?.type;
  }
}
