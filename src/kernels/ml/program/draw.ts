import type { Literal } from '../../../protocol/column.ts';
import { ExaError } from '../../../protocol/errors.ts';
import type { DrawnFeature, DrawnPoints } from '../../../protocol/fit-picture.ts';
import type { ColumnTypes } from '../../../protocol/formula-type.ts';
import type { FilterSpec } from '../../../protocol/kernel.ts';
import { columnsOf, operandsOf } from '../../table/operands.ts';
import { median } from '../outliers/smallest.ts';
import { applyStep } from '../preprocessing/apply-step.ts';
import { fitCategories } from '../preprocessing/categories.ts';
import type { Step } from '../preprocessing/step.ts';
import type { Samples } from '../samples.ts';
import { type Fit, onePass } from '../stream/pass.ts';
import type { ReadColumn, Reader } from '../stream/reader.ts';
import { rowSampleKernel } from '../stream/row-sample.ts';
import type { FitPlan } from './compile-fit.ts';

/** Values of the category columns of a plan, by name. */
export type CategoryLists = ReadonlyMap<string, readonly Literal[]>;

/** More classes than this are a key, not a target. */
const mostClasses = 1000;

/** One pass, or none where no column is read as categories. Throws `invalid` past the limits. */
export function* findCategories(plan: FitPlan): Fit<CategoryLists> {
  const { where } = plan;
  const types = where && typesIn(where, plan.types);
  const features = plan.features.filter(({ isCategory }) => isCategory).map(({ name }) => name);
  const target = plan.target?.isCategory ? [plan.target.name] : [];
  const names = [...features, ...target];
  if (names.length === 0) return new Map();
  const found = yield* fitCategories(names, undefined, where && { where, types });
  const lists = names.map((name, j): [string, readonly Literal[]] => [name, found[j]!.values]);
  for (const [name, values] of lists) {
    if (target[0] !== name) continue;
    if (values.length < 2)
      throw new ExaError(
        'invalid',
        `“${name}” has ${values.length === 1 ? 'one value' : 'no value'} only in these rows: there is nothing to tell apart.`,
        { facts: { column: name } },
      );
    if (values.length > mostClasses)
      throw new ExaError(
        'invalid',
        `“${name}” has ${values.length} different values: that is a key, not a class. Choose another target.`,
        { facts: { column: name, classes: values.length } },
      );
  }
  return new Map(lists);
}

/** How the plan's features and target are read of a block. */
export function readerOf(plan: FitPlan, lists: CategoryLists): Reader {
  const read = ({ name }: { readonly name: string }): ReadColumn => {
    const categories = lists.get(name);
    return categories ? { column: name, categories, unknown: 'ignore' } : { column: name };
  };
  const { where, types, target } = plan;
  return {
    columns: plan.features.map(read),
    ...(target && { target: read(target) }),
    ...(where && { where, types: typesIn(where, types) }),
  };
}

/** Types of the columns a filter reads: nothing else belongs to a partial's key. */
function typesIn(where: FilterSpec, types: ColumnTypes): ColumnTypes {
  return Object.fromEntries(columnsOf(operandsOf(where)).map((id) => [id, types[id]!]));
}

/** Rows drawn for a fit in memory or a picture, ascending by `_row`: features as read, before any step. */
export interface Drawn {
  readonly rows: number;
  readonly ids: Float64Array;
  readonly columns: readonly Float64Array[];
  readonly target?: Float64Array;
  /** Rows they were drawn from. */
  readonly seen: number;
  readonly missing: number;
  readonly infinite: number;
}

/** One pass that draws `size` rows. Throws `invalid` when none can be used. */
export function* drawRows(reader: Reader, size: number, seed: number): Fit<Drawn> {
  const spec = { kernel: 'rows', reader, size, seed, ids: true } as const;
  const sample = yield* onePass(rowSampleKernel(spec), 'Drawing a sample');
  const count = sample?.priorities.length ?? 0;
  if (!sample || count === 0)
    throw new ExaError(
      'invalid',
      'No row has a value in every chosen column: fill in missing values, choose other columns, or another filter.',
      { facts: { missing: sample?.missing ?? 0, infinite: sample?.infinite ?? 0 } },
    );
  const { width, values, seen, missing, infinite } = sample;
  const order = ascending(count, (row) => values[row * width + width - 1]!);
  const columns = Array.from({ length: width }, () => new Float64Array(count));
  for (let i = 0; i < count; i++) {
    const start = order[i]! * width;
    for (let j = 0; j < width; j++) columns[j]![i] = values[start + j]!;
  }
  const features = reader.columns.length;
  return {
    rows: count,
    ids: columns[width - 1]!,
    columns: columns.slice(0, features),
    ...(reader.target && { target: columns[features]! }),
    seen,
    missing,
    infinite,
  };
}

/** Positions `[0, count)` in the order of their values, no two of which are alike. */
function ascending(count: number, numberOf: (position: number) => number): Uint32Array {
  const sorted = new Float64Array(count);
  const placeOf = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    sorted[i] = numberOf(i);
    placeOf.set(sorted[i]!, i);
  }
  sorted.sort();
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = placeOf.get(sorted[i]!)!;
  return order;
}

/** Only these rows. */
export function pickRows(drawn: Drawn, rows: ArrayLike<number>): Drawn {
  const pick = (x: Float64Array) => {
    const out = new Float64Array(rows.length);
    for (let i = 0; i < out.length; i++) out[i] = x[rows[i]!]!;
    return out;
  };
  return {
    ...drawn,
    rows: rows.length,
    ids: pick(drawn.ids),
    columns: drawn.columns.map(pick),
    ...(drawn.target && { target: pick(drawn.target) }),
  };
}

/** At most `most` rows, evenly spread; all when there are no more. */
export function thin(drawn: Drawn, most: number): { readonly drawn: Drawn; readonly rows: Int32Array } {
  const count = Math.min(most, drawn.rows);
  const rows = Int32Array.from({ length: count }, (_, i) => Math.floor((i * drawn.rows) / count));
  return { drawn: count === drawn.rows ? drawn : pickRows(drawn, rows), rows };
}

/** Rows as a model reads them, after the fitted steps. */
export function stepped(columns: readonly Float64Array[], rows: number, steps: readonly Step[]): Samples {
  const after = steps.reduce<readonly Float64Array[]>((made, step) => applyStep(made, rows, step), columns);
  const values = new Float64Array(rows * after.length);
  after.forEach((column, j) => {
    for (let i = 0; i < rows; i++) values[i * after.length + j] = column[i]!;
  });
  return { rows, columns: after.length, values };
}

export function pointsOf(drawn: Drawn): DrawnPoints {
  return { rows: drawn.ids, columns: drawn.columns };
}

export function drawnFeature(column: FitPlan['features'][number], lists: CategoryLists): DrawnFeature {
  const categories = lists.get(column.name);
  return {
    column: column.ref,
    label: column.name,
    kind: column.type.kind,
    ...(categories && { categories }),
  };
}

/** Rows over the plane of two features, or along one: the others at their medians. */
export interface Plane {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly columns: readonly Float64Array[];
}

/** A grid of `size · size` rows a little wider than the drawn ones; undefined where an axis is a category or there is one. */
export function planeOf(plan: FitPlan, drawn: Drawn, size: number): Plane | undefined {
  const [a, b] = plan.axes;
  if (a === b || plan.features[a]!.isCategory || plan.features[b]!.isCategory) return undefined;
  const x = spread(drawn.columns[a]!, size);
  const y = spread(drawn.columns[b]!, size);
  const columns = drawn.columns.map((column, j) => {
    if (j === a) return Float64Array.from({ length: size * size }, (_, at) => x[at % size]!);
    if (j === b) return Float64Array.from({ length: size * size }, (_, at) => y[Math.floor(at / size)]!);
    return new Float64Array(size * size).fill(middle(column, plan.features[j]!.isCategory));
  });
  return { x, y, columns };
}

/** A line of `size` rows along the first axis; undefined where it is a category. */
export function lineOf(plan: FitPlan, drawn: Drawn, size: number): Plane | undefined {
  const [a] = plan.axes;
  if (plan.features[a]!.isCategory) return undefined;
  const x = spread(drawn.columns[a]!, size);
  const columns = drawn.columns.map((column, j) =>
    j === a ? x : new Float64Array(size).fill(middle(column, plan.features[j]!.isCategory)),
  );
  return { x, y: x, columns };
}

function spread(column: Float64Array, size: number): Float64Array {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of column) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const room = high > low ? 0.08 * (high - low) : Math.max(1, Math.abs(low)) * 0.1;
  const start = low - room;
  const width = (high - low + 2 * room) / (size - 1);
  return Float64Array.from({ length: size }, (_, i) => start + i * width);
}

function withoutNaN(column: Float64Array): Float64Array {
  let count = 0;
  for (let i = 0; i < column.length; i++) if (!Number.isNaN(column[i]!)) count++;
  if (count === column.length) return column;
  const out = new Float64Array(count);
  let at = 0;
  for (let i = 0; i < column.length; i++) if (!Number.isNaN(column[i]!)) out[at++] = column[i]!;
  return out;
}

function middle(column: Float64Array, isCategory: boolean): number {
  const there = withoutNaN(column);
  if (there.length === 0) return 0;
  if (!isCategory) return median(there);
  const counts = new Map<number, number>();
  for (const code of there) counts.set(code, (counts.get(code) ?? 0) + 1);
  let best = there[0]!;
  for (const [code, count] of counts)
    if (count > counts.get(best)! || (count === counts.get(best)! && code < best)) best = code;
  return best;
}
