import type { Head } from './head.ts';
import type { Measure, Profile } from './profile.ts';

/** Which column a reference means. */
export type FoundColumn =
  | { readonly stored: string; readonly calculated?: undefined }
  | { readonly stored?: undefined; readonly calculated: string };

/**
 * The column of a table a reference means: tried as an id, then a name, then a label, then in any case. Undefined for
 * none of its own (a linked one, or an unknown one).
 */
export function findColumn(
  { columns, profile }: Pick<Head, 'columns' | 'profile'>,
  reference: string,
): FoundColumn | undefined {
  const all: { readonly found: FoundColumn; readonly names: readonly (string | undefined)[] }[] = [
    ...columns.map(({ id, name }) => ({ found: { stored: id }, names: [id, name, profile.labels[id]] })),
    ...profile.calculated.map(({ id, label }) => ({
      found: { calculated: id },
      names: [id, id, profile.labels[id] ?? label],
    })),
  ];
  return pick(all, reference)?.found;
}

/** The measure of a profile a reference means, by id, then label, then in any case. */
export function findMeasure({ measures }: Pick<Profile, 'measures'>, reference: string): Measure | undefined {
  return pick(
    measures.map((measure) => ({ measure, names: [measure.id, measure.label] })),
    reference,
  )?.measure;
}

function pick<T extends { readonly names: readonly (string | undefined)[] }>(
  all: readonly T[],
  reference: string,
): T | undefined {
  for (const place of [0, 1, 2]) {
    const found = all.find(({ names }) => names[place] === reference);
    if (found) return found;
  }
  const folded = reference.toLowerCase();
  return all.find(({ names }) => names.some((name) => name?.toLowerCase() === folded));
}
