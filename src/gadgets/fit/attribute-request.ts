import { type FitKind, isEstimator } from '../../protocol/estimators.ts';
import type { FitRequest } from '../../protocol/fit.ts';
import type { Head } from '../../protocol/head.ts';
import type { ColumnRef } from '../../protocol/query.ts';
import { sensibleRequest } from './sensible.ts';

/** What a gadget's attributes say; what is left out or not known is chosen. */
export interface RequestAttributes {
  /** References or names, by commas. */
  readonly columns?: string | undefined;
  readonly target?: string | undefined;
  readonly method?: string | undefined;
}

/** The request a gadget's attributes name of a table. */
export function attributeRequest(
  head: Head,
  kind: FitKind,
  { columns = '', target, method }: RequestAttributes,
): FitRequest {
  const ref = (name: string): ColumnRef =>
    head.columns.find((column) => column.id === name || column.name === name)?.id ?? name;
  const known = method !== undefined && isEstimator(method) ? method : undefined;
  const request = sensibleRequest(head, kind, known, target ? ref(target) : undefined);
  const features = columns
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map(ref);
  return features.length > 0 ? { ...request, features } : request;
}
