import type { FitWarning } from '../../../protocol/fit.ts';
import type { FitPlan, PlanColumn } from './compile-fit.ts';
import type { CategoryLists, Drawn } from './draw.ts';

/** Correlation at which two columns say the same. */
const sameAbove = 0.9999;
/** Rows below which nothing is said of leaks and classes. */
const fewRows = 30;

function percent(part: number, whole: number): string {
  const share = (100 * part) / whole;
  return share < 1 ? 'under 1' : share.toFixed(0);
}

/** What the drawn rows show that a person should know before trusting a model of them. */
export function dataWarnings(plan: FitPlan, drawn: Drawn, lists: CategoryLists): FitWarning[] {
  const said: FitWarning[] = [];
  const { features, target } = plan;
  const left = drawn.missing + drawn.infinite;
  if (left > 0)
    said.push({
      code: drawn.infinite > 0 ? 'infinite' : 'missing',
      message: `${left} rows (${percent(left, left + drawn.seen)} %) are left out: ${
        drawn.infinite > 0 ? 'a value is infinite or missing' : 'a value is missing'
      }. Add SimpleImputer to fill them in.`,
    });
  const constant = new Set<number>();
  features.forEach((feature, j) => {
    const column = drawn.columns[j]!;
    if (drawn.rows > 1 && column.every((value) => value === column[0])) {
      constant.add(j);
      said.push({
        code: 'constant',
        message: `“${feature.name}” is constant: it tells nothing apart. Remove it.`,
        feature: feature.ref,
      });
    }
    const categories = lists.get(feature.name);
    if (categories && drawn.rows >= fewRows && categories.length > drawn.seen / 2)
      said.push({
        code: 'identifier',
        message: `“${feature.name}” has nearly one value a row: it is a name, not a property. Remove it.`,
        feature: feature.ref,
      });
  });
  const centred = drawn.columns.map((column, j) => (features[j]!.isCategory ? undefined : centredOf(column)));
  for (let a = 0; a < features.length; a++)
    for (let b = a + 1; b < features.length; b++) {
      if (constant.has(a) || constant.has(b)) continue;
      const [x, y] = [drawn.columns[a]!, drawn.columns[b]!];
      if (features[a]!.isCategory !== features[b]!.isCategory) continue;
      if (isSame(x, y))
        said.push({
          code: 'duplicate',
          message: `“${features[b]!.name}” holds the same as “${features[a]!.name}”: remove one of them.`,
          feature: features[b]!.ref,
        });
      else if (Math.abs(correlation(centred[a], centred[b])) > sameAbove)
        said.push({
          code: 'collinear',
          message: `“${features[b]!.name}” and “${features[a]!.name}” rise and fall together: their effects cannot be told apart.`,
          feature: features[b]!.ref,
        });
    }
  if (target && drawn.target) said.push(...targetWarnings(plan, target, drawn, drawn.target, centred));
  if (drawn.seen < 10 * features.length)
    said.push({
      code: 'few-rows',
      message: `There are ${drawn.seen} rows for ${features.length} columns: the model may say more of these rows than of others.`,
    });
  return said;
}

function targetWarnings(
  plan: FitPlan,
  target: PlanColumn,
  drawn: Drawn,
  y: Float64Array,
  centred: readonly (Centred | undefined)[],
): FitWarning[] {
  if (drawn.rows < fewRows) return [];
  const centredTarget = target.isCategory ? undefined : centredOf(y);
  const said: FitWarning[] = [];
  if (!target.isCategory && y.every((value) => value === y[0]))
    said.push({ code: 'constant', message: `“${target.name}” is constant: there is nothing to predict.` });
  if (target.isCategory) {
    const counts = new Map<number, number>();
    for (const code of y) counts.set(code, (counts.get(code) ?? 0) + 1);
    const least = Math.min(...counts.values());
    if (least < 0.05 * y.length)
      said.push({
        code: 'imbalance',
        message: `The rarest class of “${target.name}” has ${percent(least, y.length)} % of the rows: judge by its own row of the table, not by accuracy.`,
      });
  }
  plan.features.forEach((feature, j) => {
    const x = drawn.columns[j]!;
    if (x.every((value) => value === x[0])) return;
    const leaks = target.isCategory
      ? separates(x, y, feature.isCategory)
      : Math.abs(correlation(centred[j], centredTarget)) > 0.999;
    if (leaks)
      said.push({
        code: 'leak',
        message: `“${feature.name}” alone gives “${target.name}” away: is it known before? If not, remove it.`,
        feature: feature.ref,
      });
  });
  return said;
}

/** A column about its mean, and the sum of its squares. */
interface Centred {
  readonly values: Float64Array;
  readonly squares: number;
}

function centredOf(column: Float64Array): Centred {
  let sum = 0;
  for (let i = 0; i < column.length; i++) sum += column[i]!;
  const mean = sum / column.length;
  const values = new Float64Array(column.length);
  let squares = 0;
  for (let i = 0; i < column.length; i++) {
    const away = column[i]! - mean;
    values[i] = away;
    squares += away * away;
  }
  return { values, squares };
}

/** Pearson's; 0 where a column is constant or no number. */
function correlation(x: Centred | undefined, y: Centred | undefined): number {
  if (!x || !y || x.squares === 0 || y.squares === 0) return 0;
  const [a, b] = [x.values, y.values];
  let products = 0;
  for (let i = 0; i < a.length; i++) products += a[i]! * b[i]!;
  return products / Math.sqrt(x.squares * y.squares);
}

function isSame(x: Float64Array, y: Float64Array): boolean {
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
}

/** Whether each value (or, of numbers, a few runs of them) belongs to one class. */
function separates(x: Float64Array, y: Float64Array, isCategory: boolean): boolean {
  const order = Array.from(x.keys()).sort((a, b) => x[a]! - x[b]! || y[a]! - y[b]!);
  const classes = new Set(y).size;
  const values = new Set(x).size;
  if (values > x.length / 2 && isCategory) return false;
  let runs = 1;
  for (let i = 1; i < order.length; i++) {
    const [before, now] = [order[i - 1]!, order[i]!];
    if (y[before] === y[now]) continue;
    if (x[before] === x[now]) return false;
    runs++;
  }
  return isCategory || values <= 20 ? true : runs <= classes;
}
