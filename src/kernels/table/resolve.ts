import { findColumn, findMeasure } from '../../protocol/column-names.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { Formula } from '../../protocol/formula.ts';
import { zoned } from '../../protocol/formula-functions.ts';
import { parseFormula } from '../../protocol/formula-parse.ts';
import { printFormula } from '../../protocol/formula-print.ts';
import { type ColumnTypes, typeOfFormula } from '../../protocol/formula-type.ts';
import type { Head } from '../../protocol/head.ts';
import type { Link, Measure } from '../../protocol/profile.ts';
import { rowColumn } from '../block.ts';
import { type LookupRequest, maxDimensionRows } from './lookup.ts';
import { columnsOf } from './operands.ts';

/** Data sets' heads by id; undefined for one that is not there (or not read yet). */
export type Heads = (dataset: string) => Head | undefined;

/** A reference resolved: a formula over stored columns, or what a link's dimension says of a key. */
export type Operand =
  | { readonly kind: 'own'; readonly formula: Formula }
  | { readonly kind: 'linked'; readonly key: Formula; readonly request: LookupRequest };

/** Names of one table as people use them. */
export interface Names {
  readonly head: Head;
  /** Types of the stored columns, and of `_row`. */
  readonly types: ColumnTypes;
  /** A column id, name, label, calculated column, `link.column` or `=formula`. Throws `missing` for an unknown one. */
  operand(reference: string): Operand;
  /** A formula with names resolved and calculated columns inlined. Throws `invalid` for linked ones and cycles. */
  inline(formula: Formula): Formula;
  /**
   * A measure's formula, likewise; it may name the profile's measures, though not itself. A linked table's column is what
   * `linked` makes of this table's key and what is read there.
   */
  measure(
    measure: Pick<Measure, 'id' | 'formula'>,
    linked: (key: Formula, request: LookupRequest) => Formula,
  ): Formula;
}

/** The head of a data set; throws `missing`. */
export function headOf(heads: Heads, dataset: string): Head {
  const head = heads(dataset);
  if (!head) throw new ExaError('missing', `There is no data set “${dataset}”.`, { facts: { dataset } });
  return head;
}

/** The names of a data set. A reference is tried as an id, then a name, then a label, then in any case. */
export function namesOf(head: Head, heads: Heads): Names {
  const { profile } = head;
  const types: Record<string, ColumnTypes[string]> = { [rowColumn]: { kind: 'float64' } };
  for (const { id, type } of head.columns) types[id] = type;

  const find = (reference: string) =>
    reference === rowColumn ? { stored: rowColumn } : findColumn(head, reference);

  const inline = (formula: Formula, within: readonly string[], far: Far = refuse): Formula => {
    switch (formula.op) {
      case 'literal':
      case 'lookup':
        return formula;
      case 'aggregate':
        return formula.of ? { ...formula, of: inline(formula.of, within, far) } : formula;
      case 'window':
        return { ...formula, of: inline(formula.of, within, far) };
      case 'call':
        return clocked({ ...formula, args: formula.args.map((arg) => inline(arg, within, far)) });
      case 'column':
        return own(formula.column, within, far);
    }
  };

  /** A part of a time is a part of it on the profile's clock. */
  const clocked = (call: Extract<Formula, { op: 'call' }>): Formula => {
    const zone = profile.zone === 'UTC' ? undefined : head.zones[profile.zone];
    if (!zone || call.zone || !zoned.has(call.fn)) return call;
    const isTime = (arg: Formula): boolean =>
      arg.op === 'literal'
        ? String(arg.value).includes('T')
        : !readsFar(arg) && typeOfFormula(arg, types).kind !== 'date';
    return call.args.some(isTime) ? { ...call, zone } : call;
  };

  const own = (reference: string, within: readonly string[], far: Far = refuse): Formula => {
    const found = find(reference);
    if (found?.stored) return { op: 'column', column: found.stored };
    if (!found?.calculated) {
      const linked = linkOf(reference);
      const copy = linked && copyOf(linked.link, linked.column);
      if (copy !== undefined) return own(copy, within, far);
      if (linked) return far(reference, linked);
      const measure = within[0] === inMeasure ? findMeasure(profile, reference) : undefined;
      if (measure) return measureOf(measure, within, far);
      throw missing(head, reference);
    }
    const id = found.calculated;
    if (within.includes(id))
      throw new ExaError('invalid', `The calculated column “${id}” is defined by itself.`, {
        facts: { column: id },
      });
    const column = profile.calculated.find((known) => known.id === id)!;
    return inline(parseFormula(column.formula), [...within, id], far);
  };

  const measureOf = (
    measure: Pick<Measure, 'id' | 'formula'>,
    within: readonly string[],
    far: Far,
  ): Formula => {
    const name = `measure ${measure.id}`;
    if (within.includes(name))
      throw new ExaError('invalid', `The measure “${measure.id}” is defined by itself.`, {
        facts: { measure: measure.id },
      });
    return inline(parseFormula(measure.formula), [...within, name], far);
  };

  const linkOf = (reference: string): { link: Link; column: string } | undefined => {
    const dot = reference.indexOf('.');
    if (dot < 0) return undefined;
    const name = reference.slice(0, dot);
    const link = profile.links.find(({ id, label }) => id === name || label === name);
    return link && { link, column: reference.slice(dot + 1) };
  };

  /** The column kept here of one of the linked table, named by its id or, where that table is known, by its names. */
  const copyOf = ({ dataset, copies = [] }: Link, column: string): string | undefined => {
    const direct = copies.find((copy) => copy.column === column);
    if (direct || copies.length === 0) return direct?.as;
    const far = heads(dataset);
    const named = far?.columns.find(({ id, name }) => name === column || far.profile.labels[id] === column);
    return named && copies.find((copy) => copy.column === named.id)?.as;
  };

  const operand = (reference: string): Operand => {
    // Columns of a linked table stand as themselves first; then either all of a formula is there, or nothing of it.
    const links = new Set<Link>();
    const keep: Far = (_, { link, column }) => {
      links.add(link);
      return { op: 'column', column: `${farMark}${column}` };
    };
    const formula = inline(formulaOf(reference), [], keep);
    const [link, another] = links;
    if (!link) {
      typeOfFormula(formula, types);
      return { kind: 'own', formula };
    }
    const attribute = another ? undefined : farFormula(formula);
    if (!attribute) return { kind: 'own', formula: inline(formulaOf(reference), []) };
    return linkedOperand(reference, link, attribute);
  };

  const formulaOf = (reference: string): Formula =>
    reference.startsWith('=') ? parseFormula(reference.slice(1)) : { op: 'column', column: reference };

  const linkedOperand = (
    reference: string,
    link: Link,
    of: Formula,
  ): Extract<Operand, { kind: 'linked' }> => {
    const dimension = headOf(heads, link.dataset);
    if (dimension.allocated > maxDimensionRows)
      throw new ExaError(
        'refused',
        `“${reference}” cannot be used: “${dimension.name}” has more than 65,536 rows, too many to join.`,
        { facts: { column: reference, dataset: link.dataset } },
      );
    // Links do not chain: a dimension's own links are not followed.
    const there = namesOf(dimension, () => undefined);
    const key = there.inline({ op: 'column', column: link.key });
    const attribute = there.inline(of);
    const columns = Object.fromEntries(columnsOf([key, attribute]).map((id) => [id, there.types[id]!]));
    return {
      kind: 'linked',
      key: own(link.column, []),
      request: {
        id: `${link.dataset}/${link.key}/${printFormula(of)}`,
        dataset: link.dataset,
        columns,
        key,
        attribute,
        type: typeOfFormula(attribute, there.types),
      },
    };
  };

  return {
    head,
    types,
    operand,
    inline: (formula) => inline(formula, []),
    measure: (measure, linked) =>
      measureOf(measure, [inMeasure], (reference, { link, column }) => {
        const { key, request } = linkedOperand(reference, link, { op: 'column', column });
        return linked(key, request);
      }),
  };
}

/** First of the names a measure is within. */
const inMeasure = 'measures';

/** Before the name of a linked table's column, while it is not known whether a formula has others. */
const farMark = '\0';

function readsFar(formula: Formula): boolean {
  if (formula.op === 'column') return formula.column.startsWith(farMark);
  return formula.op === 'call' && formula.args.some(readsFar);
}

/** The formula over the linked table's own columns; undefined where it reads any of this one. */
function farFormula(formula: Formula): Formula | undefined {
  switch (formula.op) {
    case 'column':
      return formula.column.startsWith(farMark)
        ? { op: 'column', column: formula.column.slice(farMark.length) }
        : undefined;
    case 'call': {
      const args = formula.args.map(farFormula);
      return args.every((arg) => arg !== undefined) ? { ...formula, args } : undefined;
    }
    case 'literal':
      return formula;
    default:
      return undefined;
  }
}

type Far = (reference: string, linked: { readonly link: Link; readonly column: string }) => Formula;

const refuse: Far = (reference) => {
  throw new ExaError(
    'invalid',
    `“${reference}” belongs to another table: a formula reads columns of one table, this one's or the other's.`,
    { facts: { column: reference } },
  );
};

function missing(head: Head, reference: string): ExaError {
  return new ExaError('missing', `“${head.name}” has no column “${reference}”.`, {
    facts: { column: reference, dataset: head.id },
  });
}
