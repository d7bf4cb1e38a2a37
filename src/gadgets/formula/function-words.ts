import { msg } from '@lit/localize';
import type { ColumnType } from '../../protocol/column.ts';
import type { Unit } from '../../protocol/formula-unit.ts';

/** How a function is written, and what it does, in a few words. `docs/formulas.md` has it all. */
export function functionWords(name: string): { readonly signature: string; readonly about: string } {
  const words = table[name];
  return words ? { signature: words[0], about: words[1]() } : { signature: `${name}(…)`, about: '' };
}

const table: Readonly<Record<string, readonly [signature: string, about: () => string]>> = {
  if: ['if(condition, a, b)', () => msg('a where the condition holds, else b')],
  coalesce: ['coalesce(a, b, …)', () => msg('the first that is not missing')],
  isnull: ['isnull(x)', () => msg('whether it is missing')],
  abs: ['abs(x)', () => msg('without its sign')],
  round: ['round(x, digits)', () => msg('to the nearest, halves away from 0')],
  floor: ['floor(x)', () => msg('whole, downwards')],
  ceil: ['ceil(x)', () => msg('whole, upwards')],
  sqrt: ['sqrt(x)', () => msg('square root')],
  exp: ['exp(x)', () => msg('e to the power of x')],
  ln: ['ln(x)', () => msg('natural logarithm')],
  power: ['power(a, b)', () => msg('a to the power of b')],
  lower: ['lower(text)', () => msg('in small letters')],
  upper: ['upper(text)', () => msg('in capitals')],
  trim: ['trim(text)', () => msg('without white space at the ends')],
  length: ['length(text)', () => msg('its characters')],
  left: ['left(text, n)', () => msg('its first n characters')],
  right: ['right(text, n)', () => msg('its last n characters')],
  contains: ['contains(text, part)', () => msg('whether the part is in it, in either case')],
  startswith: ['startswith(text, part)', () => msg('whether it begins so')],
  endswith: ['endswith(text, part)', () => msg('whether it ends so')],
  replace: ['replace(text, old, new)', () => msg('with every old one replaced')],
  concat: ['concat(text, …)', () => msg('one after the other')],
  text: ['text(x)', () => msg('as it is written')],
  year: ['year(date)', () => msg('its year')],
  quarter: ['quarter(date)', () => msg('1 to 4')],
  month: ['month(date)', () => msg('1 to 12')],
  week: ['week(date)', () => msg('1 to 53, as ISO counts them')],
  weekday: ['weekday(date)', () => msg('1 (Monday) to 7')],
  day: ['day(date)', () => msg('1 to 31')],
  hour: ['hour(time)', () => msg('0 to 23')],
  minute: ['minute(time)', () => msg('0 to 59')],
  date: ['date(time)', () => msg('its day')],
  startof: ["startof('month', date)", () => msg('the first day of its week, month, quarter or year')],
  datediff: ["datediff('day', from, to)", () => msg('how many days, weeks, months, … lie between')],
  count: ['count()', () => msg('how many rows, or values that are not missing')],
  sum: ['sum(x)', () => msg('total')],
  mean: ['mean(x)', () => msg('average')],
  min: ['min(x)', () => msg('the least')],
  max: ['max(x)', () => msg('the greatest')],
  variance: ['variance(x)', () => msg('variance of a sample')],
  stddev: ['stddev(x)', () => msg('standard deviation of a sample')],
  distinct: ['distinct(x)', () => msg('how many different ones')],
  quantile: ['quantile(x, 0.9)', () => msg('the value that a part of all are below')],
  median: ['median(x)', () => msg('the middle value')],
  share: ['share(sum(x))', () => msg('part of the whole')],
  running: ['running(sum(x))', () => msg('total so far')],
  moving: ['moving(sum(x), 3)', () => msg('average of the last groups')],
  previous: ['previous(sum(x))', () => msg('of the group before')],
};

/** A type as people call it. */
export function typeWords(type: ColumnType): string {
  switch (type.kind) {
    case 'bool':
      return msg('Yes or no');
    case 'int32':
    case 'int64':
      return msg('Whole number');
    case 'decimal':
      return msg('Decimal number');
    case 'float64':
      return msg('Number');
    case 'date':
      return msg('Date');
    case 'timestamp':
      return msg('Time');
    case 'text':
      return msg('Text');
  }
}

/** A unit as people call it; empty for plain numbers. */
export function unitWords(unit: Unit): string {
  switch (unit.kind) {
    case 'money':
      return unit.currency;
    case 'days':
      return msg('days');
    case 'hours':
      return msg('hours');
    case 'minutes':
      return msg('minutes');
    case 'percent':
      return msg('percent');
    case 'count':
      return msg('count');
    case 'none':
      return '';
  }
}
