import { msg } from '@lit/localize';
import type { ColumnType } from '../protocol/column.ts';
import type { Head } from '../protocol/head.ts';
import type { Measure } from '../protocol/profile.ts';
import type { Asked } from '../protocol/query.ts';
import type { Formats, Formattable } from './format.ts';

/** What a gadget shows: a measure of the profile by id, or one of its host's own. */
export type MeasureProperty = string | Measure;

/** The id under which an answer has the measure's column. */
export function measureId(measure: MeasureProperty): string {
  return typeof measure === 'string' ? measure : measure.id;
}

/** A measure as questions ask for it. */
export function askedOf(measure: MeasureProperty): Asked {
  return typeof measure === 'string' ? { measure } : measure;
}

/** The measure in full; undefined while the head is not here or does not have it. */
export function measureOf(head: Head | undefined, measure: MeasureProperty | undefined): Measure | undefined {
  if (typeof measure === 'object') return measure;
  return head?.profile.measures.find(({ id }) => id === measure);
}

/** What a gadget shows whose host names no measure: the profile's first, else how many rows. */
export function firstMeasure(head: Head | undefined): Measure | undefined {
  if (!head) return undefined;
  return (
    head.profile.measures[0] ?? { id: 'x_count', label: msg('Rows'), formula: 'count()', format: 'count' }
  );
}

/** Whether empty calendar bins hold 0 (sums and counts) rather than nothing (means, minima, ratios). */
export function isAdditive(measure: Measure): boolean {
  return /^\s*(sum|count)\s*\([^/]*\)\s*$/.test(measure.formula);
}

/** A measure's value to read at a glance: "€1.24 M". */
export function compactMeasure(
  formats: Formats,
  measure: Measure,
  value: Formattable,
  currency: string | undefined,
): string {
  if (measure.format === 'percent') return formats.percent(value);
  return measure.format === 'money' ? formats.moneyCompact(value, currency) : formats.compact(value);
}

/** A measure's value with all its digits, as copied; money that is no decimal (a mean) is rounded to cents. */
export function exactMeasure(
  formats: Formats,
  measure: Measure,
  value: Formattable,
  currency: string | undefined,
  type?: ColumnType,
): string {
  if (measure.format === 'percent') return formats.percent(value, { digits: 2 });
  if (measure.format !== 'money') return formats.number(value);
  return formats.money(value, currency, type?.kind === 'decimal' ? type.scale : undefined);
}
