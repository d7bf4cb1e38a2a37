import { columnsOf } from '../../../src/kernels/table/operands.ts';
import { namesOf } from '../../../src/kernels/table/resolve.ts';
import type { ColumnInfo, ColumnType } from '../../../src/protocol/column.ts';
import { sameType, typeName } from '../../../src/protocol/column-words.ts';
import { ExaError } from '../../../src/protocol/errors.ts';
import type { Formula } from '../../../src/protocol/formula.ts';
import { parseFormula } from '../../../src/protocol/formula-parse.ts';
import type { Head } from '../../../src/protocol/head.ts';
import type { Profile } from '../../../src/protocol/profile.ts';
import { maintainedColumns, resolveLinks, targetOf } from '../../../src/protocol/profile-references.ts';
import type { DatasetState } from './catalogue.ts';
import { sqlFormula } from './sql-formula.ts';
import { NotPushed, SqlParameters } from './sql-text.ts';

type Datasets = ReadonlyMap<string, DatasetState>;

/** Columns one table keeps of another, as of one catalogue. Two plans that differ are made whole again. */
export interface CopyPlan {
  readonly fact: string;
  readonly factEpoch: string;
  /** The fact's column that names a row of the dimension. */
  readonly by: string;
  /** Undefined where there is no such table, or `key` is not its declared key: then every copy is null. */
  readonly dimension: { readonly id: string; readonly epoch: string; readonly key: string } | undefined;
  /** `from` is undefined for a column that is not there. */
  readonly columns: readonly { readonly from: string | undefined; readonly to: string }[];
}

/** Columns of a roll-up in SQL over its source, as of one catalogue. */
export interface RollUpPlan {
  readonly rollUp: string;
  readonly epoch: string;
  readonly key: string;
  /** Undefined where there is no such table: then there is no row. */
  readonly source:
    | {
        readonly id: string;
        readonly epoch: string;
        readonly by: string;
        /** Columns its formulas read. */
        readonly reads: readonly string[];
      }
    | undefined;
  readonly columns: readonly { readonly to: string; readonly sql: string }[];
  /** Texts bound to the statement. */
  readonly values: readonly (string | number)[];
}

/** What each link of a data set keeps; links whose columns are not made yet have none. */
export function copyPlans(state: DatasetState, datasets: Datasets): CopyPlan[] {
  if (!state.profile.links.some(({ copies }) => copies?.length)) return [];
  const { links } = resolveLinks(state.profile, datasets);
  return links.flatMap(({ column, dataset, key, copies = [] }) => {
    if (copies.length === 0) return [];
    const far = datasets.get(dataset);
    const isKey = far !== undefined && far.profile.keys.length === 1 && far.profile.keys[0] === key;
    const columns = copies
      .filter(({ as }) => state.columns.some(({ id }) => id === as))
      .map((copy) => ({
        from: isKey ? far.columns.find(({ id }) => id === copy.column)?.id : undefined,
        to: copy.as,
      }));
    return {
      fact: state.id,
      factEpoch: state.epoch,
      by: column,
      dimension: isKey ? { id: far.id, epoch: far.epoch, key } : undefined,
      columns,
    };
  });
}

/** How a roll-up is made; undefined for any other data set. Throws `invalid` for what cannot be one. */
export function rollUpPlan(state: DatasetState, datasets: Datasets): RollUpPlan | undefined {
  const { rollUp } = resolveLinks(state.profile, datasets);
  if (!rollUp) return undefined;
  const [key, ...more] = state.profile.keys;
  if (key === undefined || more.length > 0)
    throw wrong(state, 'needs one key column, for the values it groups by');
  const source = targetOf(rollUp.dataset, datasets);
  const base = { rollUp: state.id, epoch: state.epoch, key, values: [] };
  if (!source) return { ...base, source: undefined, columns: [] };
  if (source.profile.rollUp) throw wrong(state, `cannot be made of ${source.name}, which is one itself`);
  const by = source.columns.find(({ id }) => id === rollUp.by);
  if (!by) throw wrong(state, `groups by ${rollUp.by}, which ${source.name} does not have`);
  checkType(state, infoOf(state, key), by.type);
  const parameters = new SqlParameters();
  const kept = maintainedColumns(source);
  const read = new Set<string>();
  const columns = rollUp.columns.map(({ column, formula }) => {
    const { sql, type, reads } = aggregateSql(state, source, formula, parameters);
    checkType(state, infoOf(state, column), type);
    if (reads.some((id) => kept.has(id)) || kept.has(by.id))
      throw wrong(state, `reads columns that ${source.name} keeps of another table`);
    for (const id of reads) read.add(id);
    return { to: column, sql };
  });
  return {
    ...base,
    source: { id: source.id, epoch: source.epoch, by: by.id, reads: [...read].sort() },
    columns,
    values: parameters.values,
  };
}

/** Columns of a data set whose former values tell which rows elsewhere a change touches. */
export function watchedColumns(dataset: string, datasets: Datasets): ReadonlySet<string> {
  const watched = new Set<string>();
  for (const state of datasets.values()) {
    for (const { dimension } of copyPlans(state, datasets))
      if (dimension?.id === dataset) watched.add(dimension.key);
    if (!state.profile.rollUp) continue;
    const plan = rollUpPlan(state, datasets);
    if (plan?.source?.id === dataset) watched.add(plan.source.by);
  }
  return watched;
}

function aggregateSql(
  state: DatasetState,
  source: DatasetState,
  text: string,
  parameters: SqlParameters,
): { readonly sql: string; readonly type: ColumnType; readonly reads: readonly string[] } {
  const names = namesOf(headOfRows(source), () => undefined);
  const formula: Formula = names.inline(parseFormula(text));
  const refused = () =>
    wrong(state, `cannot keep ${text}: only count, sum, min and max of exact values can be`);
  if (formula.op !== 'aggregate') throw refused();
  const { fn, of } = formula;
  if (fn === 'count' && !of) return { sql: 'count(*)', type: { kind: 'int64' }, reads: [] };
  if (!of) throw refused();
  const reads = columnsOf([of]);
  const value = (() => {
    try {
      return sqlFormula(of, names.types, parameters);
    } catch (error) {
      if (error instanceof NotPushed) throw refused();
      throw error;
    }
  })();
  const { sql, type } = value;
  switch (fn) {
    case 'count':
      return { sql: `count(${sql})`, type: { kind: 'int64' }, reads };
    case 'sum':
      if (type.kind === 'int32' || type.kind === 'int64')
        return { sql: `sum(${sql})`, type: { kind: 'int64' }, reads };
      if (type.kind === 'decimal') return { sql: `sum(${sql})`, type, reads };
      throw refused();
    case 'min':
    case 'max':
      if (type.kind === 'float64') throw refused();
      return { sql: `${fn}(${sql})`, type, reads };
    default:
      throw refused();
  }
}

/** As much of a head as names need. */
function headOfRows({ id, name, epoch, columns, profile, version, asOf }: DatasetState): Head {
  const { zone: _, ...rest } = profile;
  const plain: Profile = { ...rest, zone: 'UTC' };
  return {
    id,
    name,
    epoch,
    columns,
    profile: plain,
    version,
    asOf,
    scope: 'public',
    allocated: 0,
    revisions: [],
    live: [],
    zones: {},
  };
}

function infoOf(state: DatasetState, column: string): ColumnInfo {
  const info = state.columns.find(({ id }) => id === column);
  if (!info) throw wrong(state, `names the column ${column}, which it does not have`);
  return info;
}

function checkType(state: DatasetState, column: ColumnInfo, type: ColumnType): void {
  const isRoomy =
    column.type.kind === 'decimal' && type.kind === 'decimal' && column.type.scale === type.scale;
  if (!isRoomy && !sameType(column.type, type))
    throw wrong(state, `keeps ${typeName(type)} in ${column.name}, which holds ${typeName(column.type)}`);
}

function wrong({ id, name }: DatasetState, what: string): ExaError {
  return new ExaError('invalid', `The roll-up ${name} ${what}.`, { facts: { dataset: id } });
}
