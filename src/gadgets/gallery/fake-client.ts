import { encodeColumns } from '../../arrow/columns-stream.ts';
import type { Answer, Coverage } from '../../protocol/answer.ts';
import type { Change, Receipt } from '../../protocol/change.ts';
import type {
  AnswerObserver,
  Brush,
  DataClient,
  KeptShare,
  Observer,
  Status,
  StorageReport,
  Unsubscribe,
} from '../../protocol/client.ts';
import { ExaError, toExaError } from '../../protocol/errors.ts';
import type {
  ExportDone,
  ExportFormat,
  ExportOptions,
  ExportOutlook,
  ExportRequest,
} from '../../protocol/export.ts';
import type { DatasetSummary, Head } from '../../protocol/head.ts';
import type { KeepClient } from '../../protocol/keep.ts';
import type { Profile } from '../../protocol/profile.ts';
import type { BrushRequest, Filter, Question } from '../../protocol/query.ts';
import { type FakeArray, FakeArrays } from './fake-arrays.ts';
import { FakeFits } from './fake-fits.ts';
import { answerFrom, type FakeTable } from './fake-table.ts';

/** A {@link DataClient} over plain rows, with levers for every state a gadget can be in. */
export class FakeClient implements DataClient {
  readonly tables: Map<string, FakeTable>;
  readonly fits = new FakeFits();
  keep: KeepClient | undefined;
  readonly arrays: FakeArrays;
  /** Everything that is subscribed now. */
  readonly live = new Set<{ question: Question; observer: AnswerObserver }>();
  readonly heads = new Set<{ dataset: string; observer: Observer<Head> }>();
  /** Every question ever subscribed to, in order. */
  readonly asked: Question[] = [];
  readonly brushed: BrushRequest[] = [];
  readonly written: Change[] = [];
  /** Data sets that are being brought along now. */
  readonly along = new Set<{ dataset: string; whole: boolean; observer: Observer<KeptShare> }>();
  readonly exported: { readonly request: ExportRequest; readonly format: ExportFormat }[] = [];
  retries = 0;
  /** Answers wait while true (gadgets are loading). */
  held = false;
  /** Answers fail with this while set. */
  failure: ExaError | undefined;
  /** After each answer, this fails what was answered (a picture stays, dimmed). */
  afterwards: ExaError | undefined;
  /** Laid over every answer's coverage (`{ mixed: true }` makes gadgets stale). */
  coverage: Partial<Coverage> = {};
  statusNow: Status = {
    connection: 'live',
    asOf: '2026-11-20T12:04:00.000Z',
    waiting: 0,
    keeps: 'indexeddb',
  };
  readonly #statuses = new Set<Observer<Status>>();
  readonly #lists = new Set<Observer<readonly DatasetSummary[]>>();

  constructor(tables: readonly FakeTable[], arrays: readonly FakeArray[] = []) {
    this.arrays = new FakeArrays(arrays);
    this.tables = new Map(tables.map((table) => [table.head.id, table]));
  }

  status(observer: Observer<Status>): Unsubscribe {
    this.#statuses.add(observer);
    observer.next(this.statusNow);
    return () => this.#statuses.delete(observer);
  }

  setStatus(part: Partial<Status>): void {
    this.statusNow = { ...this.statusNow, ...part };
    for (const observer of this.#statuses) observer.next(this.statusNow);
  }

  datasets(observer: Observer<readonly DatasetSummary[]>): Unsubscribe {
    this.#lists.add(observer);
    queueMicrotask(() => {
      if (!this.#lists.has(observer)) return;
      if (this.failure) observer.failed?.(this.failure);
      else if (!this.held) observer.next(this.summaries());
    });
    return () => this.#lists.delete(observer);
  }

  summaries(): DatasetSummary[] {
    return [...this.tables.values()].map(({ head, rows }) => ({
      id: head.id,
      name: head.name,
      epoch: head.epoch,
      version: head.version,
      asOf: head.asOf,
      rows: rows.length,
      bytes: rows.length * 64,
      profile: head.profile,
    }));
  }

  head(dataset: string, observer: Observer<Head>): Unsubscribe {
    const entry = { dataset, observer };
    this.heads.add(entry);
    queueMicrotask(() => this.#tellHead(entry));
    return () => this.heads.delete(entry);
  }

  subscribe(question: Question, observer: AnswerObserver): Unsubscribe {
    const entry = { question, observer };
    this.live.add(entry);
    this.asked.push(question);
    queueMicrotask(() => this.#tell(entry));
    return () => this.live.delete(entry);
  }

  async ask(question: Question, options: { signal?: AbortSignal } = {}): Promise<Answer> {
    await Promise.resolve();
    options.signal?.throwIfAborted();
    if (this.failure) throw this.failure;
    return this.answer(question);
  }

  bringAlong(dataset: string, whole: boolean, observer: Observer<KeptShare>): Unsubscribe {
    const entry = { dataset, whole, observer };
    this.along.add(entry);
    return () => this.along.delete(entry);
  }

  async brush(request: BrushRequest): Promise<Brush> {
    this.brushed.push(request);
    const { active } = request;
    const width = (active.to - active.from) / active.bins;
    const stored = this.#table(request.dataset).head.columns.find(({ id }) => id === active.column);
    const literal = (bin: number): string | number => {
      const at = active.from + bin * width;
      if (stored?.type.kind === 'timestamp') return new Date(at).toISOString();
      if (stored?.type.kind === 'date') return new Date(at * 86_400_000).toISOString().slice(0, 10);
      return at;
    };
    return {
      slice: (start, end) =>
        request.questions.map((question) => {
          const range: Filter = {
            op: 'range',
            column: active.column,
            from: literal(start),
            to: literal(end),
          };
          const where: Filter = question.where ? { op: 'and', of: [question.where, range] } : range;
          return this.answer({ ...question, where }).bytes;
        }),
      close: () => {},
    };
  }

  async exportOutlook({ what }: ExportRequest): Promise<ExportOutlook> {
    await Promise.resolve();
    if (this.failure) throw this.failure;
    const { coverage, bytes } = what.kind === 'table' ? what : this.answer(what);
    const { blocks, blocksTotal } = coverage;
    return { rows: coverage.matching ?? 0, bytes: bytes.byteLength, blocks, blocksTotal, order: 'asked' };
  }

  /** Files of the fake are answers as they are: Arrow streams, whatever the format asked for. */
  async export(request: ExportRequest, options: ExportOptions): Promise<ExportDone> {
    this.exported.push({ request, format: options.format });
    await Promise.resolve();
    while (this.held) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      options.signal?.throwIfAborted();
    }
    if (this.failure) throw this.failure;
    const { bytes, coverage } = request.what.kind === 'table' ? request.what : this.answer(request.what);
    await options.chunk(bytes.slice());
    options.progress?.({ done: 1, rows: coverage.matching ?? 0, bytes: bytes.byteLength });
    return { rows: coverage.matching ?? 0, bytes: bytes.byteLength, coverage, order: 'asked', cut: 0 };
  }

  write(change: Change): { kept: Promise<void>; stored: Promise<Receipt> } {
    this.written.push(change);
    const table = this.#table(change.dataset);
    if (change.kind === 'profile')
      this.#replace({ ...table, head: { ...table.head, profile: change.profile as Profile } });
    else if (change.kind === 'append') this.append(change.dataset, change.rows);
    else if (change.kind !== 'assign') {
      const keyOf = (row: Readonly<Record<string, unknown>>): string =>
        JSON.stringify(table.head.profile.keys.map((key) => row[key]));
      const changed = new Map(change.rows.map((row) => [keyOf(row), row]));
      const rows = table.rows.flatMap((row) => {
        const now = changed.get(keyOf(row));
        return now === undefined ? [row] : change.kind === 'delete' ? [] : [{ ...row, ...now }];
      });
      this.#replace({ ...table, rows });
    }
    const receipt = { version: 2, asOf: '2026-11-20T12:05:00.000Z', appended: 0, updated: 0, deleted: 0 };
    return { kept: Promise.resolve(), stored: Promise.resolve(receipt) };
  }

  /** Rows that arrive: every live answer is told again. */
  append(dataset: string, rows: FakeTable['rows']): void {
    const table = this.#table(dataset);
    this.#replace({ ...table, rows: [...table.rows, ...rows] });
  }

  async storage(): Promise<StorageReport> {
    const datasets = this.summaries().map(({ id, name, bytes }) => ({ id, name, bytes, pages: 12 }));
    const bytes = datasets.reduce((sum, one) => sum + one.bytes, 0);
    return { keeps: this.statusNow.keeps, maxBytes: 2 ** 31, bytes, datasets };
  }

  async forget(): Promise<void> {}

  async drop(dataset: string): Promise<void> {
    this.tables.delete(dataset);
  }
  /** Tells everything live again, after a lever was moved. */
  retry(): void {
    this.retries++;
    this.tellAll();
  }

  tellAll(): void {
    for (const entry of this.live) this.#tell(entry);
    for (const entry of this.heads) this.#tellHead(entry);
    for (const observer of this.#lists) observer.next(this.summaries());
  }

  /** Tells everything live how far it is, `[0, 1]`. */
  tellProgress(done: number): void {
    for (const { observer } of this.live) observer.progress?.(done);
  }

  answer(question: Question): Answer {
    const table = this.#table(question.dataset);
    const { columns, matching, groups } = answerFrom(table, question);
    const coverage: Coverage = {
      version: table.head.version,
      asOf: table.head.asOf,
      settled: true,
      mixed: false,
      blocks: 1,
      blocksTotal: 1,
      rows: table.rows.length,
      rowsTotal: table.rows.length,
      approximate: [],
      from: 'cache',
      ...(question.kind === 'rows' ? { matching } : question.limit === undefined ? {} : { groups }),
      ...this.coverage,
    };
    return { bytes: encodeColumns(columns), coverage };
  }

  #replace(table: FakeTable): void {
    this.tables.set(table.head.id, table);
    this.tellAll();
  }

  #table(dataset: string): FakeTable {
    const table = this.tables.get(dataset);
    if (!table) throw new ExaError('missing', `There is no data set “${dataset}”.`, { facts: { dataset } });
    return table;
  }

  #tell(entry: { question: Question; observer: AnswerObserver }): void {
    if (!this.live.has(entry)) return;
    if (this.failure) {
      entry.observer.failed?.(this.failure);
      return;
    }
    if (this.held) return;
    try {
      entry.observer.next(this.answer(entry.question));
      const { afterwards } = this;
      if (afterwards) setTimeout(() => entry.observer.failed?.(afterwards), 100);
    } catch (error) {
      entry.observer.failed?.(toExaError(error));
    }
  }

  #tellHead(entry: { dataset: string; observer: Observer<Head> }): void {
    if (!this.heads.has(entry)) return;
    try {
      entry.observer.next(this.#table(entry.dataset).head);
    } catch (error) {
      entry.observer.failed?.(toExaError(error));
    }
  }
}
