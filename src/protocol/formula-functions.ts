/**
 * What a function wants in a place: `day` a date or a time, `whole` a whole number, `any` whatever there is;
 * `unit` one of {@link calendarUnits} and `digits` a whole number of −15 to 15, both as written, not computed.
 */
export type Parameter = 'any' | 'day' | 'digits' | 'number' | 'text' | 'unit' | 'whole';

/** `…` after the last parameter: one or more of them. `?`: may be left out. */
interface Signature {
  readonly parameters: readonly Parameter[];
  readonly optional?: boolean;
  readonly rest?: boolean;
}

/** Functions of one row by name, with what they take. What they give: see `typeOfFormula`. */
export const signatures = {
  isnull: { parameters: ['any'] },
  abs: { parameters: ['number'] },
  round: { parameters: ['number', 'digits'], optional: true },
  floor: { parameters: ['number'] },
  ceil: { parameters: ['number'] },
  sqrt: { parameters: ['number'] },
  exp: { parameters: ['number'] },
  ln: { parameters: ['number'] },
  power: { parameters: ['number', 'number'] },
  lower: { parameters: ['text'] },
  upper: { parameters: ['text'] },
  trim: { parameters: ['text'] },
  length: { parameters: ['text'] },
  left: { parameters: ['text', 'whole'] },
  right: { parameters: ['text', 'whole'] },
  contains: { parameters: ['text', 'text'] },
  startswith: { parameters: ['text', 'text'] },
  endswith: { parameters: ['text', 'text'] },
  replace: { parameters: ['text', 'text', 'text'] },
  concat: { parameters: ['text'], rest: true },
  text: { parameters: ['any'] },
  year: { parameters: ['day'] },
  quarter: { parameters: ['day'] },
  month: { parameters: ['day'] },
  week: { parameters: ['day'] },
  weekday: { parameters: ['day'] },
  day: { parameters: ['day'] },
  hour: { parameters: ['day'] },
  minute: { parameters: ['day'] },
  date: { parameters: ['day'] },
  startof: { parameters: ['unit', 'day'] },
  datediff: { parameters: ['unit', 'day', 'day'] },
} as const satisfies Record<string, Signature>;

export type NamedFunction = keyof typeof signatures;

export const namedFunctions = Object.keys(signatures) as readonly NamedFunction[];

export function isNamed(fn: string): fn is NamedFunction {
  return Object.hasOwn(signatures, fn);
}

export function signatureOf(fn: NamedFunction): Signature {
  return signatures[fn];
}

/** Units of `startof` and `datediff`; weeks begin on Monday. `datediff` counts hours and minutes too. */
export const calendarUnits = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type CalendarUnit = (typeof calendarUnits)[number];
export const spanUnits = [...calendarUnits, 'hour', 'minute'] as const;
export type SpanUnit = (typeof spanUnits)[number];

/** Functions whose value depends on where the clock stands. */
export const zoned: ReadonlySet<string> = new Set<NamedFunction>([
  'year',
  'quarter',
  'month',
  'week',
  'weekday',
  'day',
  'hour',
  'minute',
  'date',
  'startof',
  'datediff',
]);

/** Other names people know functions by. */
export const otherNames: Readonly<Record<string, string>> = {
  average: 'mean',
  avg: 'mean',
  ceiling: 'ceil',
  len: 'length',
  starts: 'startswith',
  ends: 'endswith',
  stdev: 'stddev',
  var: 'variance',
};
