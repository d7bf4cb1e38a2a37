import { type EstimatorName, estimators, type FitKind } from '../../../protocol/estimators.ts';
import type { Json, Params } from '../../../protocol/fit.ts';
import { classificationMethods } from './classification-methods.ts';
import { clusterMethods, decompositionMethods } from './cluster-methods.ts';
import { outlierMethods } from './outlier-methods.ts';
import type { Method, Param } from './param.ts';
import { regressionMethods } from './regression-methods.ts';

/** Every method, with scikit-learn's names and defaults, in the order of the form. */
export const methods: readonly Method[] = [
  ...outlierMethods,
  ...clusterMethods,
  ...decompositionMethods,
  ...classificationMethods,
  ...regressionMethods,
];

const byName = new Map(methods.map((one) => [one.method, one]));

/** The method of a name. */
export function methodOf(name: EstimatorName): Method {
  return byName.get(name)!;
}

/** What is drawn of a method. */
export function kindOf(method: EstimatorName): Exclude<FitKind, 'model-selection'> {
  return estimators[method].kind;
}

/** Methods drawn the same way. */
export function methodsOf(kind: FitKind): readonly Method[] {
  return methods.filter(({ method }) => kindOf(method) === kind);
}

/** Value of a parameter: as given, else its default. */
export function paramValue(param: Param, values: Params): Json {
  return values[param.name] === undefined ? param.default : values[param.name]!;
}

/** Whether the other parameters let this one matter. */
export function isRead(param: Param, method: Method, values: Params): boolean {
  const { when } = param;
  if (!when) return true;
  const other = method.params.find(({ name }) => name === when.name);
  return other === undefined || when.in.some((one) => one === paramValue(other, values));
}

/** Parameters that differ from their defaults and matter, in the method's order. */
export function changedParams(method: Method, values: Params): Params {
  return Object.fromEntries(
    method.params
      .filter((param) => isRead(param, method, values) && paramValue(param, values) !== param.default)
      .map((param) => [param.name, paramValue(param, values)]),
  );
}
