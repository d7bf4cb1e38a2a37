import type { ColumnInfo, ColumnType } from './column.ts';
import { sameType, typeName } from './column-words.ts';
import { ExaError } from './errors.ts';
import type { Profile } from './profile.ts';

/** What to do with rows of a file: make a data set, replace one, add to one, or update it by its key. */
export type ImportMode = 'create' | 'replace' | 'append' | 'upsert';

/** A data set to be filled by an import session. */
export interface ImportRequest {
  readonly name: string;
  readonly mode: ImportMode;
  readonly columns: readonly Omit<ColumnInfo, 'id'>[];
  /** In terms of column *names*. */
  readonly profile: Profile;
}

/** A data set that an import may mean. */
export interface ImportTarget {
  readonly id: string;
  readonly name: string;
  readonly columns: readonly ColumnInfo[];
  /** Number of the next column id: ids are never reused. */
  readonly nextColumn: number;
}

/** Data sets by id. */
interface Targets<T> {
  readonly datasets: ReadonlyMap<string, T>;
}

/** The data set an import means, by name or id. */
export function importTarget<T extends ImportTarget>(
  { datasets }: Targets<T>,
  { name }: Pick<ImportRequest, 'name'>,
): T | undefined {
  return [...datasets.values()].find((state) => state.name === name) ?? datasets.get(name);
}

/** Throws when the import's mode does not fit what is there. */
export function checkTarget(
  target: ImportTarget | undefined,
  { name, mode }: Pick<ImportRequest, 'name' | 'mode'>,
): void {
  if (mode === 'create' && target)
    throw new ExaError(
      'conflict',
      `There is a data set called ${name} already: replace it, append to it, or upsert into it.`,
      {
        facts: { dataset: target.id },
      },
    );
  if ((mode === 'append' || mode === 'upsert') && !target)
    throw new ExaError('missing', `There is no data set called ${name} to ${mode} to: create it first.`);
}

/**
 * Columns of the staging table, with the ids they will have. A column of the same name and type keeps its id, also
 * when the data set is replaced, so that what names it goes on working; any other gets an id never used before.
 * Throws `invalid` for columns that repeat, or that change their type in an append or upsert.
 */
export function stagedColumns(
  targets: Targets<ImportTarget>,
  options: Omit<ImportRequest, 'profile'>,
): readonly ColumnInfo[] {
  const target = importTarget(targets, options);
  checkTarget(target, options);
  const seen = new Set<string>();
  let next = target?.nextColumn ?? 1;
  return options.columns.map(({ name, type }) => {
    if (seen.has(name))
      throw new ExaError('invalid', `Two columns are called ${name}: give one another name.`, {
        facts: { column: name },
      });
    seen.add(name);
    checkType(name, type);
    const known = target?.columns.find((column) => column.name === name);
    if (known && sameType(known.type, type)) return known;
    if (known && options.mode !== 'replace') {
      if (!widens(type, known.type))
        throw new ExaError(
          'invalid',
          `The column ${name} holds ${typeName(known.type)} but is ${typeName(type)} here: replace the data set, or give the column its type.`,
          { facts: { column: name, type: known.type.kind, given: type.kind } },
        );
      return known;
    }
    return { id: `c${next++}`, name, type };
  });
}

function checkType(name: string, type: ColumnType): void {
  if (type.kind !== 'decimal') return;
  const { precision, scale } = type;
  if (
    !Number.isInteger(precision) ||
    precision < 1 ||
    precision > 18 ||
    !Number.isInteger(scale) ||
    scale < 0 ||
    scale > precision
  )
    throw new ExaError(
      'invalid',
      `The column ${name} wants ${precision} digits with ${scale} after the point: at most 18 can be kept.`,
      {
        facts: { column: name },
      },
    );
}

/** Whether values of `from` may fit a stored column of `to`; each is checked as it arrives. */
function widens(from: ColumnType, to: ColumnType): boolean {
  const whole = from.kind === 'int32' || from.kind === 'int64';
  if (to.kind === 'decimal') return whole || from.kind === 'decimal';
  return whole && (to.kind === 'int32' || to.kind === 'int64' || to.kind === 'float64');
}
