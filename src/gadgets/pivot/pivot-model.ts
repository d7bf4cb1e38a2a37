import type { AnswerTable } from '../../arrow/answer-table.ts';
import type { Literal } from '../../protocol/column.ts';
import { groupBy } from '../../protocol/group-by.ts';
import type { AggregateQuestion } from '../../protocol/query.ts';
import {
  cellMeasures,
  cellsQuestion,
  columnWindow,
  type PivotSubject,
  rowsQuestion,
  rowWindow,
  shareMeasures,
  totalQuestion,
} from './pivot.query.ts';
import type { PivotAnswer } from './pivot-answers.ts';
import { type Asked, type PivotColumns, pivotColumns } from './pivot-columns.ts';
import {
  emptyList,
  keepWindow,
  keyAt,
  keysOf,
  type List,
  type Spot,
  spotAt,
  tupleIndex,
  tupleName,
  windowStart,
  windowsOf,
} from './pivot-list.ts';
import { samePath } from './pivot-state.ts';
import { type LevelKnown, type TreeRow, treeRow, treeSize } from './pivot-tree.ts';

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
  /** There are too many columns for subtotals of the outer fields. */
  readonly lacksSubtotals: boolean;
  readonly rows: readonly PivotRow[];
  /** The values of a column's fields: of a subtotal those of the outer ones. */
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
    const ask = (at: (offset: number) => AggregateQuestion): Asked => {
      const list = this.#list(JSON.stringify(at(0)));
      const bring = (offset: number) => {
        const answer = want(at(offset));
        if (answer) keepWindow(list, offset, answer);
      };
      bring(0);
      return { list, bring };
    };
    const columns = pivotColumns(subject, { first: sight.firstColumn, end: sight.endColumn }, ask);

    // Below the first level a share is of the whole too, not of the row it stands under.
    const bound =
      shares.length === 0
        ? subject
        : grand && { ...subject, measures: cellMeasures(subject.measures, grand.table) };
    const asked = new Map<LevelKnown, Asked>();
    const levelOf = (path: readonly Literal[]): LevelKnown => {
      const of = path.length === 0 ? subject : bound!;
      const { list, bring } = ask((offset) => rowsQuestion(of, { path }, offset));
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

    const cells = this.#cells(bound, sight, wanted, asked, columns, want);
    this.#forget();
    return {
      grand: grand && { table: grand.table, row: 0 },
      rowCount,
      columnCount: columns?.count ?? 0,
      lacksSubtotals: columns?.lacksSubtotals ?? false,
      columnKey: (column) => columns?.key(column),
      columnTotal: (column) => columns?.total(column),
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
        (!columns || columns.isHere) &&
        (subject.rows.length === 0 || (asked.get(tree)?.list.windows.size ?? 0) > 0),
    };
  }

  #cells(
    subject: PivotSubject | undefined,
    sight: Sight,
    wanted: ReadonlyMap<LevelKnown, ReadonlySet<number>>,
    asked: ReadonlyMap<LevelKnown, Asked>,
    columns: PivotColumns | undefined,
    want: Want,
  ): (level: LevelKnown, row: TreeRow, column: number) => Spot | undefined {
    if (!subject || !columns || columns.count === 0) return () => undefined;
    const found = new Map<string, AnswerTable>();
    const name = (level: LevelKnown, offset: number, columnOffset: number, depth: number): string =>
      `${levelName(level)} ${offset} ${columnOffset} ${depth}`;
    const end = Math.min(sight.endColumn, columns.count);
    for (const [level, offsets] of wanted)
      for (const offset of offsets)
        for (const columnOffset of windowsOf(sight.firstColumn, end, columnWindow)) {
          const { list } = asked.get(level)!;
          const keys = keysOf(list, offset);
          const window = Array.from({ length: columnWindow }, (_, i) => columns.key(columnOffset + i) ?? []);
          // Columns, and the subtotals among them, are groups of as many fields as they have values.
          for (const [depth, columnKeys] of groupBy(window, ({ length }) => length)) {
            if (!keys || depth === 0) continue;
            const of = columns.countAt(depth);
            const question = cellsQuestion(
              subject,
              level,
              { keys, of: list.count },
              { keys: columnKeys, of },
            );
            const answer = question && want(question);
            if (answer) found.set(name(level, offset, columnOffset, depth), answer.table);
          }
        }
    return (level, row, column) => {
      const rowKey = keyAt(asked.get(level)!.list, row.index, rowWindow);
      const columnKey = columns.key(column);
      if (rowKey === undefined || columnKey === undefined) return undefined;
      const offset = windowStart(row.index, rowWindow);
      const table = found.get(name(level, offset, windowStart(column, columnWindow), columnKey.length));
      if (!table) return undefined;
      const at = tupleIndex(table, 1 + columnKey.length).get(tupleName([rowKey, ...columnKey]));
      return { table, row: at ?? -1 };
    };
  }

  #list(key: string): List {
    const list = this.#lists.get(key) ?? emptyList();
    list.used = this.#build;
    this.#lists.set(key, list);
    return list;
  }

  /** Lists that two builds did not use go. */
  #forget(): void {
    for (const [key, { used }] of this.#lists) if (used < this.#build - 1) this.#lists.delete(key);
  }
}

function levelName(level: LevelKnown): string {
  return JSON.stringify(level.path);
}
