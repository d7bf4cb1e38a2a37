import { findColumn, findMeasure } from '../../protocol/column-names.ts';
import type { Formula } from '../../protocol/formula.ts';
import { parseFormula } from '../../protocol/formula-parse.ts';
import type { Head } from '../../protocol/head.ts';
import type { CalculatedColumn, Measure, Profile } from '../../protocol/profile.ts';

/** A calculated column or a measure of a profile. */
export type Definition =
  | { readonly kind: 'column'; readonly value: CalculatedColumn }
  | { readonly kind: 'measure'; readonly value: Measure };

/** What a profile defines, columns first. */
export function definitionsOf(profile: Profile): readonly Definition[] {
  return [
    ...profile.calculated.map((value) => ({ kind: 'column' as const, value })),
    ...profile.measures.map((value) => ({ kind: 'measure' as const, value })),
  ];
}

export function definitionOf(profile: Profile, kind: Definition['kind'], id: string): Definition | undefined {
  return definitionsOf(profile).find((one) => one.kind === kind && one.value.id === id);
}

/** The profile with a definition in the place of the one of its id, else after the others. */
export function withDefinition(profile: Profile, definition: Definition): Profile {
  return definition.kind === 'column'
    ? { ...profile, calculated: put(profile.calculated, definition.value) }
    : { ...profile, measures: put(profile.measures, definition.value) };
}

export function withoutDefinition(profile: Profile, kind: Definition['kind'], id: string): Profile {
  const others = <T extends { readonly id: string }>(list: readonly T[]) =>
    list.filter((one) => one.id !== id);
  if (kind === 'measure') return { ...profile, measures: others(profile.measures) };
  const { [id]: _, ...labels } = profile.labels;
  return {
    ...profile,
    labels,
    calculated: others(profile.calculated),
    dimensions: profile.dimensions.filter((reference) => reference !== id),
    roles: Object.fromEntries(Object.entries(profile.roles).filter(([, reference]) => reference !== id)),
  };
}

function put<T extends { readonly id: string }>(list: readonly T[], value: T): readonly T[] {
  return list.some(({ id }) => id === value.id)
    ? list.map((one) => (one.id === value.id ? value : one))
    : [...list, value];
}

/** Labels of the definitions whose formulas name one: it cannot go before them. */
export function usersOf(
  head: Pick<Head, 'columns' | 'profile'>,
  kind: Definition['kind'],
  id: string,
): readonly string[] {
  const isIt = (name: string): boolean =>
    kind === 'column'
      ? findColumn(head, name)?.calculated === id
      : !findColumn(head, name) && findMeasure(head.profile, name)?.id === id;
  const names = (formula: Formula): boolean => {
    if (formula.op === 'column') return isIt(formula.column);
    if (formula.op === 'call') return formula.args.some(names);
    return formula.op !== 'literal' && formula.of !== undefined && names(formula.of);
  };
  return definitionsOf(head.profile)
    .filter((one) => one.value.id !== id || one.kind !== kind)
    .filter(({ value }) => {
      try {
        return names(parseFormula(value.formula));
      } catch {
        return false;
      }
    })
    .map(({ value }) => value.label);
}

/** An id for a new definition: its label in small letters, digits and `_`, numbered where that is taken. */
export function freshId(label: string, { columns, profile }: Pick<Head, 'columns' | 'profile'>): string {
  const taken = new Set(
    [
      ...columns.flatMap(({ id, name }) => [id, name]),
      ...definitionsOf(profile).map(({ value }) => value.id),
    ].map((name) => name.toLowerCase()),
  );
  const plain = label
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
  const base = /^\p{L}/u.test(plain) ? plain : `f_${plain || 'formula'}`;
  let id = base;
  for (let n = 2; taken.has(id); n++) id = `${base}_${n}`;
  return id;
}

/** Whether a column or another definition has this name already, in any case of letters. */
export function isNameTaken(
  label: string,
  { columns, profile }: Pick<Head, 'columns' | 'profile'>,
  id: string | undefined,
): boolean {
  const folded = label.trim().toLowerCase();
  return (
    columns.some((column) =>
      [column.name, profile.labels[column.id]].some((name) => name?.toLowerCase() === folded),
    ) || definitionsOf(profile).some(({ value }) => value.id !== id && value.label.toLowerCase() === folded)
  );
}
