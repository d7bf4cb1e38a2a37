import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnType } from './column.ts';
import { isExaError } from './errors.ts';
import type { Formula, RowFunction } from './formula.ts';
import { parseFormula } from './formula-parse.ts';
import { printFormula } from './formula-print.ts';
import { typeOfFormula } from './formula-type.ts';

const name = fc.oneof(
  fc.constantFrom(
    'amount',
    'Quantity',
    'c1',
    'client.country',
    'Größe',
    'and',
    'Unit Price',
    'say "hi"',
    'true',
    '1st',
  ),
  fc.string({ minLength: 1, unit: 'grapheme' }),
);
const literal = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
  fc.string({ unit: 'grapheme' }),
  fc.boolean(),
  fc.constant(null),
);
const binary: readonly RowFunction[] = [
  '+',
  '-',
  '*',
  '/',
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  'startswith',
  'contains',
];
const formulas = fc.letrec<{ row: Formula; any: Formula }>((tie) => {
  const call = (part: 'row' | 'any'): fc.Arbitrary<Formula> =>
    fc.oneof(
      fc
        .tuple(fc.constantFrom(...binary), tie(part), tie(part))
        .map(([fn, a, b]): Formula => ({ op: 'call', fn, args: [a, b] })),
      fc
        .tuple(
          fc.constantFrom('and' as const, 'or' as const, 'coalesce' as const),
          fc.array(tie(part), { minLength: 2, maxLength: 4 }),
        )
        .map(([fn, args]): Formula => ({ op: 'call', fn, args })),
      fc
        .tuple(fc.constantFrom('not' as const, 'neg' as const), tie(part))
        .map(([fn, arg]): Formula => ({ op: 'call', fn, args: [arg] })),
      fc.tuple(tie(part), tie(part), tie(part)).map((args): Formula => ({ op: 'call', fn: 'if', args })),
    );
  const atom = fc.oneof(
    name.map((column): Formula => ({ op: 'column', column })),
    literal.map((value): Formula => ({ op: 'literal', value })),
  );
  return {
    row: fc.oneof({ depthSize: 'small' }, atom, call('row')),
    any: fc.oneof(
      { depthSize: 'small' },
      atom,
      call('any'),
      fc.constant<Formula>({ op: 'aggregate', fn: 'count' }),
      fc
        .tuple(
          fc.constantFrom('sum' as const, 'mean' as const, 'distinct' as const, 'max' as const),
          tie('row'),
        )
        .map(([fn, of]): Formula => ({ op: 'aggregate', fn, of })),
      fc
        .tuple(tie('row'), fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs))
        .map(([of, q]): Formula => ({ op: 'aggregate', fn: 'quantile', of, q })),
    ),
  };
});

describe('formulas', () => {
  it('reads what it prints', () => {
    fc.assert(
      fc.property(formulas.any, (formula) => {
        expect(parseFormula(printFormula(formula))).toEqual(formula);
      }),
      { numRuns: 500 },
    );
  });

  it('binds as people expect', () => {
    const samples: readonly (readonly [string, string])[] = [
      ['1+2*3', '1 + 2 * 3'],
      ['(1+2)*3', '(1 + 2) * 3'],
      ['a − b − c', 'a - b - c'],
      ['a - (b - c)', 'a - (b - c)'],
      ['-x * y', '-x * y'],
      ['not a = b and c', 'not a = b and c'],
      ['a or b and c', 'a or b and c'],
      ['(a or b) and c', '(a or b) and c'],
      ['SUM(Quantity × UnitPrice) ÷ Distinct(InvoiceNo)', 'sum(Quantity * UnitPrice) / distinct(InvoiceNo)'],
      ['x ≠ 1', 'x <> 1'],
      ["'it''s'", "'it''s'"],
      ['quantile(x, .5)', 'quantile(x, 0.5)'],
    ];
    for (const [written, printed] of samples) expect(printFormula(parseFormula(written))).toBe(printed);
  });

  it('keeps the digits a double would lose', () => {
    expect(parseFormula('9007199254740993')).toEqual({ op: 'literal', value: '9007199254740993' });
    expect(parseFormula('0.10')).toEqual({ op: 'literal', value: 0.1 });
    expect(parseFormula('123456789.123456789')).toEqual({ op: 'literal', value: '123456789.123456789' });
  });

  it.each([
    ['', 0],
    ['1 +', 3],
    ['sum(', 4],
    ['sum(a', 5],
    ["'open", 0],
    ['a b', 2],
    ['nosuch(a)', 0],
    ['constructor(a)', 0],
    ['a ; b', 2],
    ['quantile(a)', 0],
    ['quantile(a, 2)', 0],
    ['sum()', 0],
    ['mean(a, b)', 0],
    ['a < b < c', 6],
    ['('.repeat(300), 200],
    [`${'not '.repeat(300)}a`, 800],
  ])('says in one sentence what is wrong with %j', (text, at) => {
    try {
      parseFormula(text);
      expect.unreachable();
    } catch (error) {
      if (!isExaError(error, 'invalid')) throw error;
      expect(error.facts.at).toBe(at);
      expect(error.message).toMatch(/^[“A-Z].*\.$/);
    }
  });
});

describe('types', () => {
  const types: Record<string, ColumnType> = {
    i: { kind: 'int32' },
    l: { kind: 'int64' },
    m: { kind: 'decimal', precision: 18, scale: 2 },
    f: { kind: 'float64' },
    t: { kind: 'text' },
    b: { kind: 'bool' },
    day: { kind: 'date' },
    ts: { kind: 'timestamp' },
  };
  const decimal = (scale: number): ColumnType => ({ kind: 'decimal', precision: 18, scale });
  it.each<[string, ColumnType]>([
    ['i + i', { kind: 'int64' }],
    ['i * m', decimal(2)],
    ['m * m', decimal(4)],
    ['m - 0.125', decimal(3)],
    ['f + 0.5', { kind: 'float64' }],
    ['i / i', { kind: 'float64' }],
    ['m + f', { kind: 'float64' }],
    ['day - day', { kind: 'int32' }],
    ["day >= '2011-01-01'", { kind: 'bool' }],
    ['if(b, i, null)', { kind: 'int32' }],
    ['coalesce(i, m)', decimal(2)],
    ['sum(i)', { kind: 'int64' }],
    ['sum(m)', decimal(2)],
    ['mean(m)', { kind: 'float64' }],
    ['max(t)', { kind: 'text' }],
    ['sum(m) / distinct(t)', { kind: 'float64' }],
  ])('%s', (text, type) => {
    expect(typeOfFormula(parseFormula(text), types)).toEqual(type);
  });

  it.each([
    'i + t',
    'sum(t)',
    'not i',
    'if(i, 1, 2)',
    'if(b, 1, t)',
    't < i',
    'sum(sum(i))',
    'contains(i, t)',
    'nosuch + 1',
    'm * m * m * m * m * m * m * m * m * m',
    'neg(b)',
    'day < ts',
    'if(b, 1)',
  ])('refuses %s with a sentence', (text) => {
    expect(() => typeOfFormula(parseFormula(text), types)).toThrow(/^[“A-Z].*\.$/);
  });
});
