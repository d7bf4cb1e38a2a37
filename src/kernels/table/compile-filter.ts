import { literalAt } from '../../arrow/build-column.ts';
import type { Literal } from '../../protocol/column.ts';
import type { Formula } from '../../protocol/formula.ts';
import type { FilterSpec } from '../../protocol/kernel.ts';
import type { Filter } from '../../protocol/query.ts';
import { type Lookup, type LookupRequest, type Lookups, lookupOf } from './lookup.ts';
import { narrowLeaf } from './mask-leaf.ts';
import type { Names } from './resolve.ts';

type Leaf = Exclude<Filter, { of: unknown }>;

/** Lookups a filter needs before it can be compiled. */
export function filterLookups(where: Filter | undefined, names: Names): LookupRequest[] {
  if (!where) return [];
  if ('of' in where) return parts(where).flatMap((part) => filterLookups(part, names));
  const operand = names.operand(where.column);
  return operand.kind === 'linked' ? [operand.request] : [];
}

function parts(where: Extract<Filter, { of: unknown }>): readonly Filter[] {
  return where.op === 'not' ? [where.of] : where.of;
}

/**
 * A filter over stored columns. One on a dimension's column becomes a set of the fact's keys: those whose attribute
 * makes it true (under `not`, false), so that rows without a dimension row count as unknown, as in SQL.
 */
export function compileFilter(
  where: Filter | undefined,
  names: Names,
  lookups: Lookups,
): FilterSpec | undefined {
  return where && compile(where, false, names, lookups);
}

function compile(where: Filter, contrary: boolean, names: Names, lookups: Lookups): FilterSpec {
  if (where.op === 'not') return compile(where.of, !contrary, names, lookups);
  if ('of' in where) {
    const of = parts(where).map((part) => compile(part, contrary, names, lookups));
    return { op: contrary === (where.op === 'and') ? 'or' : 'and', of };
  }
  const operand = names.operand(where.column);
  if (operand.kind === 'linked')
    return linkedLeaf(where, contrary, operand.key, lookupOf(operand.request, lookups));
  const leaf = leafOf(where, operand.formula);
  return contrary ? { op: 'not', of: leaf } : leaf;
}

function leafOf(where: Leaf, operand: Formula): FilterSpec & { operand: Formula } {
  switch (where.op) {
    case 'in':
      return { op: 'in', operand, values: where.values };
    case 'range':
      return { op: 'range', operand, from: where.from, to: where.to };
    case 'contains':
    case 'starts':
      return { op: where.op, operand, text: where.text };
  }
}

function linkedLeaf(where: Leaf, contrary: boolean, key: Formula, lookup: Lookup): FilterSpec {
  const leaf = leafOf(where, key);
  const matching = keysWhere(leaf, contrary, lookup);
  if (where.op !== 'in' || contrary || !where.values.includes(null))
    return { op: 'in', operand: key, values: matching };
  // Wanted nulls include rows whose key the dimension does not have: all but the keys that are surely not wanted.
  const unwanted: FilterSpec = { op: 'in', operand: key, values: keysWhere(leaf, true, lookup) };
  return {
    op: 'or',
    of: [
      { op: 'in', operand: key, values: [null] },
      { op: 'not', of: unwanted },
    ],
  };
}

function keysWhere(
  leaf: FilterSpec & { operand: Formula },
  contrary: boolean,
  { key, attribute }: Lookup,
): Literal[] {
  const mask = new Uint8Array(attribute.length).fill(1);
  narrowLeaf(leaf as Parameters<typeof narrowLeaf>[0], contrary, mask, attribute);
  const keys: Literal[] = [];
  for (let row = 0; row < mask.length; row++) if (mask[row]) keys.push(literalAt(key, row));
  return keys;
}
