import { classificationMethods } from './classification-methods.ts';
import { clusterMethods, decompositionMethods } from './cluster-methods.ts';
import { outlierMethods } from './outlier-methods.ts';
import type { Estimator, Param, Task } from './param.ts';
import { regressionMethods } from './regression-methods.ts';
import type { ParamValue, ParamValues } from './values.ts';

/** Every method, with scikit-learn's names and defaults. */
export const estimators: readonly Estimator[] = [
  ...outlierMethods,
  ...clusterMethods,
  ...decompositionMethods,
  ...classificationMethods,
  ...regressionMethods,
];

/** The method of a name; undefined when there is none. */
export function estimatorOf(method: string): Estimator | undefined {
  return estimators.find((one) => one.method === method);
}

/** Methods of a task, in the order of the form. */
export function methodsOf(task: Task): readonly Estimator[] {
  return estimators.filter((one) => one.task === task);
}

/** Value of a parameter: as given, else its default. */
export function valueOf(param: Param, values: ParamValues): ParamValue {
  return values[param.name] ?? (param.name in values ? null : param.default);
}

/** Whether the other parameters let this one matter. */
export function isRead(param: Param, estimator: Estimator, values: ParamValues): boolean {
  const { when } = param;
  if (!when) return true;
  const other = estimator.params.find(({ name }) => name === when.name);
  return other === undefined || when.in.includes(valueOf(other, values));
}

/** Parameters that differ from their defaults and matter. */
export function changedParams(estimator: Estimator, values: ParamValues): ParamValues {
  return Object.fromEntries(
    estimator.params
      .filter((param) => isRead(param, estimator, values) && valueOf(param, values) !== param.default)
      .map((param) => [param.name, valueOf(param, values)]),
  );
}

/** Whether a task has a target column, and of which kind. */
export function targetOf(task: Task): 'number' | 'class' | undefined {
  if (task === 'classification') return 'class';
  return task === 'path' || task === 'regression' || task === 'gp' ? 'number' : undefined;
}
