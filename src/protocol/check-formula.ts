import type { ColumnType } from './column.ts';
import { findColumn, findMeasure } from './column-names.ts';
import { ExaError, isExaError } from './errors.ts';
import type { Formula } from './formula.ts';
import { parseWithSpans } from './formula-parse.ts';
import { typeOfFormula } from './formula-type.ts';
import { type Unit, unitOfFormula } from './formula-unit.ts';
import type { Head } from './head.ts';
import type { Link } from './profile.ts';

/** Where a formula is to stand. */
export interface FormulaPlace {
  readonly kind: 'column' | 'measure';
  readonly head: Head;
  /** Heads of linked tables, as far as they are here. */
  readonly linked?: readonly Head[];
  /** The calculated column or measure it defines, which it may not name. */
  readonly id?: string;
}

export interface CheckedFormula {
  readonly formula: Formula;
  readonly type: ColumnType;
  readonly unit: Unit;
}

/** What a name in a formula means. `far`: a column of a linked table that is not kept here. */
interface Meaning {
  readonly type: ColumnType;
  readonly unit: Unit;
  readonly is: 'own' | 'far' | 'measure';
  readonly link?: Link;
}

/**
 * Reads and checks a formula before it is kept: names, types, currencies, circles, and that a column has a value a row and
 * a measure one for many rows. Throws an {@link ExaError} whose `facts` hold `at` and `end`, the place of what is wrong.
 */
export function checkFormula(
  text: string,
  place: FormulaPlace,
  within: readonly string[] = [],
): CheckedFormula {
  const { formula, spans } = parseWithSpans(text);
  const { kind } = place;
  const trail = place.id === undefined ? within : [...within, `${kind} ${place.id}`];
  const types: Record<string, ColumnType> = {};
  const links = new Set<Link>();
  let own = false;

  const at = (part: Formula, run: () => void): void => {
    try {
      run();
    } catch (error) {
      if (!isExaError(error)) throw error;
      const { at, end } = spans.get(part) ?? { at: 0, end: text.length };
      throw new ExaError(error.tag, error.message, { facts: { ...error.facts, at, end }, cause: error });
    }
  };

  const column = (part: Extract<Formula, { op: 'column' }>, inside: boolean): Unit => {
    const name = part.column;
    const meaning = meaningOf(name, place, trail);
    types[name] = meaning.type;
    if (meaning.is === 'measure') {
      if (inside) throw invalid(`“${name}” is a measure already: no total can be taken of it.`);
      return meaning.unit;
    }
    if (kind === 'measure' && !inside)
      throw invalid(`Say what becomes of the many values of “${name}”: their sum, mean, count, ….`);
    if (meaning.is === 'far') {
      if (meaning.link) links.add(meaning.link);
    } else own = true;
    if (kind === 'column' && (links.size > 1 || (links.size > 0 && own)))
      throw invalid(
        `“${name}” belongs to another table than the rest: a formula reads columns of one table.`,
      );
    return meaning.unit;
  };

  const visit = (part: Formula, inside: boolean): Unit => {
    let unit: Unit = { kind: 'none' };
    if (part.op === 'column') {
      at(part, () => {
        unit = column(part, inside);
      });
      return unit;
    }
    if (part.op === 'literal') return unit;
    if (kind === 'column' && (part.op === 'aggregate' || part.op === 'window'))
      at(part, () => {
        throw invalid(
          `“${part.fn}” speaks of many rows; a calculated column has a value a row. Make it a measure.`,
        );
      });
    const parts = part.op === 'call' ? part.args : part.of ? [part.of] : [];
    const units = parts.map((child) => visit(child, inside || part.op === 'aggregate'));
    at(part, () => {
      typeOfFormula(part, types);
      unit = unitOfFormula(part, units, (index) => {
        const child = parts[index];
        const found = child && child.op !== 'literal' ? typeOfFormula(child, types).kind : undefined;
        return found === 'date' || found === 'timestamp' || child?.op === 'literal';
      });
    });
    return unit;
  };

  const unit = visit(formula, false);
  let type: ColumnType | undefined;
  at(formula, () => {
    type = typeOfFormula(formula, types);
  });
  return { formula, type: type!, unit };
}

function meaningOf(name: string, place: FormulaPlace, within: readonly string[]): Meaning {
  const { head, kind } = place;
  const found = findColumn(head, name);
  if (found?.stored !== undefined) return storedMeaning(found.stored, place);
  if (found) {
    const column = head.profile.calculated.find(({ id }) => id === found.calculated)!;
    return { ...nested(column, 'column', place, within), is: isFar(column.formula, place) ? 'far' : 'own' };
  }
  const far = farMeaning(name, place);
  if (far) return far;
  const measure = kind === 'measure' ? findMeasure(head.profile, name) : undefined;
  if (measure) {
    const { type, unit } = nested(measure, 'measure', place, within);
    const { currency } = head.profile;
    return {
      type,
      unit: measure.format === 'money' && currency ? { kind: 'money', currency } : unit,
      is: 'measure',
    };
  }
  throw new ExaError('missing', `“${head.profile.label || head.name}” has no column “${name}”.`, {
    facts: { column: name },
  });
}

function storedMeaning(id: string, { head, linked = [] }: FormulaPlace): Meaning {
  const { type } = head.columns.find((column) => column.id === id)!;
  const { roles, currency, links } = head.profile;
  for (const { dataset, copies = [] } of links) {
    const copy = copies.find(({ as }) => as === id);
    const source = copy && linked.find((one) => one.id === dataset);
    if (source?.columns.some((column) => column.id === copy!.column))
      return { ...storedMeaning(copy!.column, { kind: 'column', head: source }), is: 'own' };
  }
  const isMoney = currency !== undefined && (roles.amount === id || roles.price === id);
  return { type, unit: isMoney ? { kind: 'money', currency } : { kind: 'none' }, is: 'own' };
}

function farMeaning(name: string, { head, linked = [] }: FormulaPlace): Meaning | undefined {
  const dot = name.indexOf('.');
  const [from, column] = [name.slice(0, dot), name.slice(dot + 1)];
  const link =
    dot < 0 ? undefined : head.profile.links.find(({ id, label }) => id === from || label === from);
  if (!link) return undefined;
  const target = linked.find(({ id }) => id === link.dataset);
  if (!target) throw new ExaError('missing', `The table behind “${from}” is not here yet.`);
  const there = meaningOf(column, { kind: 'column', head: target }, []);
  const isCopied = link.copies?.some((copy) => copy.column === findColumn(target, column)?.stored);
  return { type: there.type, unit: there.unit, is: isCopied ? 'own' : 'far', link };
}

/** The type and unit of another calculated column or measure; what is wrong in there is said of here. */
function nested(
  { id, formula }: { readonly id: string; readonly formula: string },
  kind: FormulaPlace['kind'],
  place: FormulaPlace,
  within: readonly string[],
): CheckedFormula {
  if (within.includes(`${kind} ${id}`))
    throw invalid(
      within.at(-1) === `${kind} ${id}`
        ? `“${id}” names itself.`
        : `“${id}” comes back to itself: a formula cannot go in a circle.`,
    );
  return checkFormula(formula, { kind, head: place.head, linked: place.linked, id }, within);
}

/** Whether a calculated column reads a linked table's columns (then it reads no others). */
function isFar(formula: string, place: FormulaPlace): boolean {
  const reads = (part: Formula): boolean => {
    if (part.op === 'column')
      return !findColumn(place.head, part.column) && farMeaning(part.column, place)?.is === 'far';
    return part.op === 'call' && part.args.some(reads);
  };
  return reads(parseWithSpans(formula).formula);
}

function invalid(sentence: string): ExaError {
  return new ExaError('invalid', sentence);
}
