import { ExaError } from '../../protocol/errors.ts';
import type { Formula } from '../../protocol/formula.ts';
import { parseFormula } from '../../protocol/formula-parse.ts';
import { type ColumnTypes, typeOfFormula } from '../../protocol/formula-type.ts';
import type { Head } from '../../protocol/head.ts';
import type { Link } from '../../protocol/profile.ts';
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
  /** A column id, name, label, calculated column or `link.column`. Throws `missing` for an unknown one. */
  operand(reference: string): Operand;
  /** A formula with names resolved and calculated columns inlined. Throws `invalid` for linked ones and cycles. */
  inline(formula: Formula): Formula;
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

  const find = (reference: string): { stored?: string; calculated?: string } | undefined => {
    if (reference === rowColumn) return { stored: rowColumn };
    const stored = head.columns.map(({ id, name }) => ({
      stored: id,
      names: [id, name, profile.labels[id]],
    }));
    const calculated = profile.calculated.map(({ id, label }) => ({
      calculated: id,
      names: [id, id, profile.labels[id] ?? label],
    }));
    const all: { stored?: string; calculated?: string; names: (string | undefined)[] }[] = [
      ...stored,
      ...calculated,
    ];
    for (const place of [0, 1, 2]) {
      const found = all.find(({ names }) => names[place] === reference);
      if (found) return found;
    }
    const folded = reference.toLowerCase();
    return all.find(({ names }) => names.some((name) => name?.toLowerCase() === folded));
  };

  const inline = (formula: Formula, within: readonly string[]): Formula => {
    switch (formula.op) {
      case 'literal':
        return formula;
      case 'aggregate':
        return formula.of ? { ...formula, of: inline(formula.of, within) } : formula;
      case 'call':
        return { ...formula, args: formula.args.map((arg) => inline(arg, within)) };
      case 'column':
        return own(formula.column, within);
    }
  };

  const own = (reference: string, within: readonly string[]): Formula => {
    const found = find(reference);
    if (found?.stored) return { op: 'column', column: found.stored };
    if (!found?.calculated) {
      const linked = linkOf(reference);
      const copy = linked && copyOf(linked.link, linked.column);
      if (copy !== undefined) return own(copy, within);
      if (linked)
        throw new ExaError(
          'invalid',
          `“${reference}” belongs to another table: group or filter by it, formulas reach this table's columns only.`,
          { facts: { column: reference } },
        );
      throw missing(head, reference);
    }
    const id = found.calculated;
    if (within.includes(id))
      throw new ExaError('invalid', `The calculated column “${id}” is defined by itself.`, {
        facts: { column: id },
      });
    const column = profile.calculated.find((known) => known.id === id)!;
    return inline(parseFormula(column.formula), [...within, id]);
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
    const linked = find(reference) ? undefined : linkOf(reference);
    if (!linked) {
      const formula = own(reference, []);
      typeOfFormula(formula, types);
      return { kind: 'own', formula };
    }
    const { link, column } = linked;
    const copy = copyOf(link, column);
    if (copy !== undefined) {
      const formula = own(copy, []);
      typeOfFormula(formula, types);
      return { kind: 'own', formula };
    }
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
    const attribute = there.inline({ op: 'column', column });
    const columns = Object.fromEntries(columnsOf([key, attribute]).map((id) => [id, there.types[id]!]));
    return {
      kind: 'linked',
      key: own(link.column, []),
      request: {
        id: `${link.dataset}/${link.key}/${column}`,
        dataset: link.dataset,
        columns,
        key,
        attribute,
        type: typeOfFormula(attribute, there.types),
      },
    };
  };

  return { head, types, operand, inline: (formula) => inline(formula, []) };
}

function missing(head: Head, reference: string): ExaError {
  return new ExaError('missing', `“${head.name}” has no column “${reference}”.`, {
    facts: { column: reference, dataset: head.id },
  });
}
