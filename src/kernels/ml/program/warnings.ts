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
  for (let a = 0; a < features.length; a++)
    for (let b = a + 1; b < features.length; b++) {
      if (constant.has(a) || constant.has(b)) continue;
      const [x, y] = [drawn.columns[a]!, drawn.columns[b]!];
      if (features[a]!.isCategory !== features[b]!.isCategory) continue;
      if (x.every((value, i) => value === y[i]))
        said.push({
          code: 'duplicate',
          message: `“${features[b]!.name}” holds the same as “${features[a]!.name}”: remove one of them.`,
          feature: features[b]!.ref,
        });
      else if (!features[a]!.isCategory && Math.abs(correlation(x, y)) > sameAbove)
        said.push({
          code: 'collinear',
          message: `“${features[b]!.name}” and “${features[a]!.name}” rise and fall together: their effects cannot be told apart.`,
          feature: features[b]!.ref,
        });
    }
  if (target && drawn.target) said.push(...targetWarnings(plan, target, drawn, drawn.target));
  if (drawn.seen < 10 * features.length)
    said.push({
      code: 'few-rows',
      message: `There are ${drawn.seen} rows for ${features.length} columns: the model may say more of these rows than of others.`,
    });
  return said;
}

function targetWarnings(plan: FitPlan, target: PlanColumn, drawn: Drawn, y: Float64Array): FitWarning[] {
  if (drawn.rows < fewRows) return [];
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
      : !feature.isCategory && Math.abs(correlation(x, y)) > 0.999;
    if (leaks)
      said.push({
        code: 'leak',
        message: `“${feature.name}” alone gives “${target.name}” away: is it known before? If not, remove it.`,
        feature: feature.ref,
      });
  });
  return said;
}

function correlation(x: Float64Array, y: Float64Array): number {
  const n = x.length;
  let [sx, sy] = [0, 0];
  for (let i = 0; i < n; i++) {
    sx += x[i]!;
    sy += y[i]!;
  }
  const [mx, my] = [sx / n, sy / n];
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [a, b] = [x[i]! - mx, y[i]! - my];
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
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
