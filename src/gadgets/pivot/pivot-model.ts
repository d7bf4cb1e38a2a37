import type { AnswerTable } from '../../arrow/answer-table.ts';
import type { Literal } from '../../protocol/column.ts';
import type { AggregateQuestion } from '../../protocol/query.ts';
import {
  cellMeasures,
  cellsQuestion,
  columnsQuestion,
  columnWindow,
  literalOf,
  type PivotSubject,
  rowsQuestion,
  rowWindow,
  shareMeasures,
  totalQuestion,
} from './pivot.query.ts';
import type { PivotAnswer } from './pivot-answers.ts';
import { samePath } from './pivot-state.ts';
import { type LevelKnown, type TreeRow, treeRow, treeSize } from './pivot-tree.ts';

/** Where a number stands: a row of an answer. */
export interface Spot {
  readonly table: AnswerTable;
  readonly row: number;
}

/** A row as drawn. */
export interface PivotRow extends TreeRow {
  readonly place: number;
  /** Its totals over all columns. */
  readonly total: Spot | undefined;
  /** Its cell in a column. */
  cell(column: number): Spot | undefined;
}

/** What is drawn: the shape of the whole, and the rows and columns in sight. */
export interface PivotModel {
  readonly grand: Spot | undefined;
  readonly rowCount: number;
  readonly columnCount: number;
  readonly rows: readonly PivotRow[];
  /** The values of the column fields. */
  columnKey(column: number): readonly Literal[] | undefined;
  columnTotal(column: number): Spot | undefined;
  readonly tree: LevelKnown;
  /** The first window of rows and columns is here: there is something to draw. */
  readonly isDrawable: boolean;
}

/** Rows and columns in sight, ends left out. */
export interface Sight {
  readonly firstRow: number;
  readonly endRow: number;
  readonly firstColumn: number;
  readonly endColumn: number;
}

/** Asks for an answer that is wanted now. */
export type Want = (question: AggregateQuestion) => PivotAnswer | undefined;

/** Windows of one list of groups that came, by where they begin. */
interface List {
  count: number;
  version: number;
  readonly windows: Map<number, AnswerTable>;
  /** Place of each key that came. */
  readonly places: Map<Literal, number>;
  used: number;
}

/**
 * Builds what is drawn from answers, window by window. Only what is in sight is wanted: the first windows, those of the
 * rows and columns seen, their cells. Keeps the windows that came of the lists in use.
 */
export class PivotModels {
  readonly #lists = new Map<string, List>();
  #build = 0;

  build(subject: PivotSubject, open: readonly (readonly Literal[])[], sight: Sight, want: Want): PivotModel {
    this.#build++;
    const shares = shareMeasures(subject.measures);
    const grand = want(totalQuestion({ ...subject, measures: [...subject.measures, ...shares] }));
    const ask = (at: (offset: number) => AggregateQuestion, size: number) => {
      const list = this.#list(JSON.stringify(at(0)));
      const bring = (offset: number) => {
        const answer = want(at(offset));
        if (answer) keep(list, offset, answer);
      };
      bring(0);
      return { list, bring, size };
    };

    const keyCount = subject.columns.length;
    const hasColumns = keyCount > 0;
    const columns = hasColumns ? ask((offset) => columnsQuestion(subject, offset)!, columnWindow) : undefined;
    if (columns) {
      const end = Math.min(sight.endColumn, columns.list.count);
      for (const offset of windowsOf(sight.firstColumn, end, columnWindow)) if (offset) columns.bring(offset);
    }

    // Below the first level a share is of the whole too, not of the row it stands under.
    const bound =
      shares.length === 0
        ? subject
        : grand && { ...subject, measures: cellMeasures(subject.measures, grand.table) };
    const asked = new Map<LevelKnown, { list: List; bring(offset: number): void }>();
    const levelOf = (path: readonly Literal[]): LevelKnown => {
      const of = path.length === 0 ? subject : bound!;
      const { list, bring } = ask((offset) => rowsQuestion(of, { path }, offset), rowWindow);
      const isLast = path.length + 1 >= subject.rows.length;
      const opened =
        isLast || !bound
          ? []
          : open
              .filter((one) => one.length === path.length + 1 && samePath(one.slice(0, -1), path))
              .flatMap((one) => {
                const index = list.places.get(one.at(-1)!);
                return index === undefined ? [] : [{ index, level: levelOf(one) }];
              })
              .sort((a, b) => a.index - b.index);
      const level = {
        path,
        count: list.count,
        key: (index: number) => keyAt(list, index, rowWindow),
        open: opened,
      };
      asked.set(level, { list, bring });
      return level;
    };
    const none: LevelKnown = { path: [], count: 0, key: () => undefined, open: [] };
    const tree = subject.rows.length > 0 ? levelOf([]) : none;

    const rowCount = treeSize(tree);
    const seen: { readonly place: number; readonly row: TreeRow }[] = [];
    for (let place = sight.firstRow; place < Math.min(sight.endRow, rowCount); place++) {
      const row = treeRow(tree, place);
      if (row) seen.push({ place, row });
    }
    const levels = [...asked.keys()];
    const levelAt = (path: readonly Literal[]) => levels.find((one) => samePath(one.path, path))!;
    const wanted = new Map<LevelKnown, Set<number>>();
    for (const { row } of seen) {
      const level = levelAt(row.path);
      const offsets = wanted.get(level) ?? new Set<number>();
      offsets.add(windowStart(row.index, rowWindow));
      wanted.set(level, offsets);
    }
    for (const [level, offsets] of wanted)
      for (const offset of offsets) if (offset) asked.get(level)!.bring(offset);

    const cells = this.#cells(bound, sight, wanted, asked, columns?.list, want);
    this.#forget();
    return {
      grand: grand && { table: grand.table, row: 0 },
      rowCount,
      columnCount: columns?.list.count ?? 0,
      columnKey: (column) => (columns ? columnKeyAt(columns.list, column, keyCount) : undefined),
      columnTotal: (column) => (columns ? spotAt(columns.list, column, columnWindow) : undefined),
      tree,
      rows: seen.map(({ place, row }) => {
        const level = levelAt(row.path);
        return {
          ...row,
          key: keyAt(asked.get(level)!.list, row.index, rowWindow),
          place,
          total: spotAt(asked.get(level)!.list, row.index, rowWindow),
          cell: (column) => cells(level, row, column),
        };
      }),
      isDrawable:
        grand !== undefined &&
        (!columns || columns.list.windows.size > 0) &&
        (subject.rows.length === 0 || (asked.get(tree)?.list.windows.size ?? 0) > 0),
    };
  }

  #cells(
    subject: PivotSubject | undefined,
    sight: Sight,
    wanted: ReadonlyMap<LevelKnown, ReadonlySet<number>>,
    asked: ReadonlyMap<LevelKnown, { readonly list: List }>,
    columns: List | undefined,
    want: Want,
  ): (level: LevelKnown, row: TreeRow, column: number) => Spot | undefined {
    if (!subject || !columns || columns.count === 0) return () => undefined;
    const found = new Map<string, AnswerTable>();
    const keyCount = subject.columns.length;
    const end = Math.min(sight.endColumn, columns.count);
    for (const [level, offsets] of wanted)
      for (const offset of offsets)
        for (const columnOffset of windowsOf(sight.firstColumn, end, columnWindow)) {
          const keys = keysOf(asked.get(level)!.list, offset);
          const columnKeys = columnKeysOf(columns, columnOffset, keyCount);
          if (!keys || !columnKeys) continue;
          const question = cellsQuestion(
            subject,
            level,
            { keys, of: asked.get(level)!.list.count },
            { keys: columnKeys, of: columns.count },
          );
          const answer = question && want(question);
          if (answer) found.set(`${levelName(level)} ${offset} ${columnOffset}`, answer.table);
        }
    return (level, row, column) => {
      const offset = windowStart(row.index, rowWindow);
      const table = found.get(`${levelName(level)} ${offset} ${windowStart(column, columnWindow)}`);
      const rowKey = keyAt(asked.get(level)!.list, row.index, rowWindow);
      const columnKey = columnKeyAt(columns, column, keyCount);
      if (!table || rowKey === undefined || columnKey === undefined) return undefined;
      const at = cellIndex(table, keyCount).get(placeOf(rowKey, columnKey));
      return { table, row: at ?? -1 };
    };
  }

  #list(key: string): List {
    const list = this.#lists.get(key) ?? {
      count: 0,
      version: -1,
      windows: new Map<number, AnswerTable>(),
      places: new Map<Literal, number>(),
      used: 0,
    };
    list.used = this.#build;
    this.#lists.set(key, list);
    return list;
  }

  /** Lists that two builds did not use go. */
  #forget(): void {
    for (const [key, { used }] of this.#lists) if (used < this.#build - 1) this.#lists.delete(key);
  }
}

function keep(list: List, offset: number, { table, coverage }: PivotAnswer): void {
  if (list.windows.get(offset) === table) return;
  // Groups may have changed places since the other windows came.
  if (coverage.version > list.version && list.version >= 0) {
    list.windows.clear();
    list.places.clear();
  }
  list.version = Math.max(list.version, coverage.version);
  list.count = coverage.groups ?? table.rows;
  list.windows.set(offset, table);
  for (let row = 0; row < table.rows; row++) list.places.set(literalOf(table, 'g0', row), offset + row);
}

function windowStart(index: number, size: number): number {
  return index - (index % size);
}

/** Where the windows that meet `[first, end)` begin. */
function windowsOf(first: number, end: number, size: number): number[] {
  const starts: number[] = [];
  for (let start = windowStart(Math.max(0, first), size); start < end; start += size) starts.push(start);
  return starts;
}

function spotAt(list: List, index: number, size: number): Spot | undefined {
  const start = windowStart(index, size);
  const table = list.windows.get(start);
  return table && index - start < table.rows ? { table, row: index - start } : undefined;
}

function keyAt(list: List, index: number, size: number): Literal | undefined {
  const spot = spotAt(list, index, size);
  return spot && literalOf(spot.table, 'g0', spot.row);
}

function keysOf(list: List, offset: number): Literal[] | undefined {
  const table = list.windows.get(offset);
  return table && Array.from({ length: table.rows }, (_, row) => literalOf(table, 'g0', row));
}

/** The values of the first `count` keys in a row of an answer. */
function tupleAt(table: AnswerTable, row: number, count: number, from = 0): readonly Literal[] {
  return Array.from({ length: count }, (_, k) => literalOf(table, `g${from + k}`, row));
}

function columnKeyAt(list: List, column: number, count: number): readonly Literal[] | undefined {
  const spot = spotAt(list, column, columnWindow);
  return spot && tupleAt(spot.table, spot.row, count);
}

function columnKeysOf(
  list: List,
  offset: number,
  count: number,
): readonly (readonly Literal[])[] | undefined {
  const table = list.windows.get(offset);
  return table && Array.from({ length: table.rows }, (_, row) => tupleAt(table, row, count));
}

function levelName(level: LevelKnown): string {
  return JSON.stringify(level.path);
}

const indices = new WeakMap<AnswerTable, ReadonlyMap<string, number>>();

/** Row of each combination of keys in an answer by the row's key and `keyCount` of columns. */
function cellIndex(table: AnswerTable, keyCount: number): ReadonlyMap<string, number> {
  let index = indices.get(table);
  if (!index) {
    index = new Map(
      Array.from({ length: table.rows }, (_, row) => [
        placeOf(literalOf(table, 'g0', row), tupleAt(table, row, keyCount, 1)),
        row,
      ]),
    );
    indices.set(table, index);
  }
  return index;
}

function placeOf(row: Literal, column: readonly Literal[]): string {
  return JSON.stringify([row, ...column]);
}
