import { msg, str } from '@lit/localize';
import type { Json } from '../../../protocol/fit.ts';
import { parseCovariance } from './covariance.ts';
import type { Param, ParamRange } from './param.ts';

/** What is wrong with a value, as a sentence; undefined when nothing is. */
export function paramFault(param: Param, value: Json): string | undefined {
  return allows(param.range, value) ? undefined : msg(str`${param.name} must be ${rangeWords(param.range)}.`);
}

/** Whether a range holds a value. */
export function allows(range: ParamRange, value: Json): boolean {
  switch (range.kind) {
    case 'flag':
      return typeof value === 'boolean';
    case 'choice':
      return range.of.some((one) => one === value);
    case 'covariance':
      return typeof value === 'object' && value !== null;
    case 'number':
      if (typeof value !== 'number') return (range.words ?? []).some((word) => word === value);
      return (
        Number.isFinite(value) &&
        (!range.whole || Number.isInteger(value)) &&
        (range.min === undefined || value >= range.min) &&
        (range.above === undefined || value > range.above) &&
        (range.max === undefined || value <= range.max) &&
        (range.below === undefined || value < range.below)
      );
  }
}

/** A range in words: "a whole number of 1 or more", "above 0 and at most 0.5, or auto". */
export function rangeWords(range: ParamRange): string {
  if (range.kind === 'flag') return msg('true or false');
  if (range.kind === 'covariance') return msg('a covariance');
  if (range.kind === 'choice') return range.of.map((one) => one ?? 'None').join(msg(' or '));
  const { min, above, max, below } = range;
  const low =
    min !== undefined
      ? msg(str`at least ${min}`)
      : above !== undefined
        ? msg(str`above ${above}`)
        : undefined;
  const high =
    max !== undefined ? msg(str`at most ${max}`) : below !== undefined ? msg(str`below ${below}`) : undefined;
  const ends = [low, high].filter((end) => end !== undefined).join(msg(' and '));
  const kind = range.whole ? msg('a whole number') : msg('a number');
  const words = (range.words ?? []).map((word) => word ?? 'None');
  const number = ends === '' ? kind : `${kind} ${ends}`;
  return words.length === 0 ? number : msg(str`${number}, or ${words.join(', ')}`);
}

/** What people typed as a value of a range; the text itself when it is no number: {@link allows} then says no. */
export function readParam(range: ParamRange, text: string): Json {
  if (range.kind === 'flag') return text === 'true';
  if (range.kind === 'choice') return choiceOf(range.of, text);
  if (range.kind === 'covariance') return (parseCovariance(text) as Json | undefined) ?? text;
  const trimmed = text.trim();
  const word = (range.words ?? []).find((one) => (one ?? 'None').toLowerCase() === trimmed.toLowerCase());
  if (word !== undefined) return word;
  if (trimmed === '') return text;
  const value = Number(trimmed.replace(',', '.'));
  return Number.isNaN(value) ? text : value;
}

function choiceOf(of: readonly (string | number | null)[], text: string): Json {
  const found = of.find((one) => String(one ?? 'None') === text);
  return found === undefined ? text : found;
}
