import { describe, expect, it } from 'vitest';
import { columnFromLiterals, literalAt } from '../../arrow/build-column.ts';
import type { ColumnType, Literal } from '../../protocol/column.ts';
import { parseFormula } from '../../protocol/formula-parse.ts';
import type { FilterSpec } from '../../protocol/kernel.ts';
import type { BlockInput } from '../block.ts';
import { evaluate } from './evaluate.ts';
import { maskOf } from './mask.ts';
import { selector } from './selection.ts';

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

const literals: Record<string, Literal[]> = {
  i: [2_147_483_647, -2_147_483_648, 0, null],
  l: ['9007199254740993', '-9223372036854775808', 0, 7],
  m: ['12.50', '-0.01', '0.00', null],
  f: [-0, 'NaN', 'Infinity', 2.5],
  t: ['Été', 'ab', '', null],
  b: [true, false, null, null],
  day: ['9999-12-31', '1969-12-31', null, '2024-02-29'],
  ts: ['2024-02-29T00:00:00.000Z', '1969-12-31T23:59:59.999Z', null, '9999-12-31T23:59:59.999Z'],
};

const input: BlockInput = {
  block: 2,
  length: 4,
  columns: Object.fromEntries(
    Object.entries(types).map(([id, type]) => [id, columnFromLiterals(type, literals[id]!)]),
  ),
};

const of = (text: string): Literal[] => {
  const data = evaluate(parseFormula(text), input, types);
  return [0, 1, 2, 3].map((row) => literalAt(data, row));
};

describe('evaluate', () => {
  it.each<[string, Literal[]]>([
    ['i + 1', [2_147_483_648, -2_147_483_647, 1, null]],
    ['i * i', ['4611686014132420609', '4611686018427387904', 0, null]],
    ['-i', [-2_147_483_647, 2_147_483_648, 0, null]],
    ['l - 1', []],
    ['m * 2', ['25.00', '-0.02', '0.00', null]],
    ['m + 0.125', ['12.625', '0.115', '0.125', null]],
    ['m / 0', [null, null, null, null]],
    ['7 / m', [0.56, -700, null, null]],
    ['f = 0', [true, false, false, false]],
    ['f < 0', [false, false, false, false]],
    ['f > 1000', [false, true, true, false]],
    ['f = f', [true, true, true, true]],
    ['m < 12.505', [true, true, true, null]],
    ['l > 9007199254740992', [true, false, false, false]],
    ['l = 9007199254740993', [true, false, false, false]],
    ["day >= '2024-01-01'", [true, false, null, true]],
    ["ts < '2024-02-29T00:00:00Z'", [false, true, null, false]],
    ["contains(t, 'éT')", [true, false, false, null]],
    ["startswith(t, 'a')", [false, true, false, null]],
    ["t < 'b'", [false, true, true, null]],
    ['b and i > 0', [true, false, false, null]],
    ['b or i > 0', [true, false, null, null]],
    ['not b', [false, true, null, null]],
    ['if(b, i, m)', ['2147483647.00', '-0.01', '0.00', null]],
    ['coalesce(m, i, 3)', ['12.50', '-0.01', '0.00', '3.00']],
    ["coalesce(t, 'none')", ['Été', 'ab', '', 'none']],
    ["endswith(t, 'b')", [false, true, false, null]],
    ['isnull(t)', [false, false, false, true]],
    ['abs(i)', [2_147_483_647, 2_147_483_648, 0, null]],
    ['abs(f)', [0, 'NaN', 'Infinity', 2.5]],
    ['round(m * 0.1)', ['1', '0', '0', null]],
    ['round(m, 1)', ['12.5', '0.0', '0.0', null]],
    ['round(i, -3)', [2_147_484_000, -2_147_484_000, 0, null]],
    ['round(f)', [0, 'NaN', 'Infinity', 3]],
    ['round(-f)', [0, 'NaN', '-Infinity', -3]],
    ['floor(m)', ['12', '-1', '0', null]],
    ['ceil(m)', ['13', '0', '0', null]],
    ['floor(-f)', [0, 'NaN', '-Infinity', -3]],
    ['sqrt(m)', [Math.sqrt(12.5), null, 0, null]],
    ['ln(f)', [null, 'NaN', 'Infinity', Math.log(2.5)]],
    ['power(i, 0)', [1, 1, 1, null]],
    ['power(0, -1)', [null, null, null, null]],
    ['lower(t)', ['été', 'ab', '', null]],
    ['upper(t)', ['ÉTÉ', 'AB', '', null]],
    ["trim(concat('  ', t, ' '))", ['Été', 'ab', '', null]],
    ['length(t)', [3, 2, 0, null]],
    ['left(t, 2)', ['Ét', 'ab', '', null]],
    ['right(t, 1)', ['é', 'b', '', null]],
    ['left(t, i)', ['Été', '', '', null]],
    ["left('\u{1f600}bc', 2)", ['\u{1f600}b', '\u{1f600}b', '\u{1f600}b', '\u{1f600}b']],
    ["replace(t, 't', '$&')", ['É$&é', 'ab', '', null]],
    ["concat(t, '/', t)", ['Été/Été', 'ab/ab', '/', null]],
    ['text(m)', ['12.50', '-0.01', '0.00', null]],
    ['text(day)', ['9999-12-31', '1969-12-31', null, '2024-02-29']],
    ['year(day)', [9999, 1969, null, 2024]],
    ['quarter(day)', [4, 4, null, 1]],
    ['month(ts)', [2, 12, null, 12]],
    ['week(day)', [52, 1, null, 9]],
    ['weekday(day)', [5, 3, null, 4]],
    ['day(ts)', [29, 31, null, 31]],
    ['hour(ts)', [0, 23, null, 23]],
    ['minute(ts)', [0, 59, null, 59]],
    ['hour(day)', [0, 0, null, 0]],
    ['date(ts)', ['2024-02-29', '1969-12-31', null, '9999-12-31']],
    ["startof('week', day)", ['9999-12-27', '1969-12-29', null, '2024-02-26']],
    ["startof('quarter', ts)", ['2024-01-01', '1969-10-01', null, '9999-10-01']],
    ["datediff('month', '2023-12-31', day)", [95_712, -648, null, 2]],
    ["datediff('week', '2024-02-25', day)", [416_160, -2825, null, 1]],
    ["datediff('hour', '2024-02-28T23:30:00Z', ts)", [1, -474_768, null, 69_914_760]],
    ['day + 1', ['+010000-01-01', '1970-01-01', null, '2024-03-01']],
    ['day + i', []],
    ['ts - ts', [0, 0, null, 0]],
    ['_row', [131_072, 131_073, 131_074, 131_075]],
    ['null', [null, null, null, null]],
  ])('%s', (text, expected) => {
    if (text === 'l - 1') expect(() => of(text)).toThrow('2^63');
    else if (text === 'day + i') expect(() => of(text)).toThrow('outside the calendar');
    else expect(of(text)).toEqual(expected);
  });

  it('says in a sentence that an exact result does not fit', () => {
    expect(() => of('l * l')).toThrow('A calculated whole number passes 2^63: divide its parts first.');
    expect(() => of('if(b, l, 0.5)')).toThrow('more than 18 digits');
    expect(() => of('nosuch')).toThrow('is not here');
    expect(() => of('sum(i)')).toThrow('row by row');
  });
});

describe('masks', () => {
  const mask = (where: FilterSpec, live?: Uint8Array): number[] => [
    ...maskOf(where, { ...input, live }, types)!,
  ];
  const operand = (column: string) => ({ op: 'column', column }) as const;

  it.each<[string, FilterSpec, number[]]>([
    ['−0 is in [0, 1)', { op: 'range', operand: operand('f'), from: 0, to: 1 }, [1, 0, 0, 0]],
    ['NaN is past +∞', { op: 'range', operand: operand('f'), from: 'Infinity' }, [0, 1, 1, 0]],
    ['NaN is below nothing', { op: 'range', operand: operand('f'), to: 'NaN' }, [1, 0, 1, 1]],
    ['NaN is itself', { op: 'in', operand: operand('f'), values: ['NaN'] }, [0, 1, 0, 0]],
    ['half a cent', { op: 'range', operand: operand('m'), from: '-0.015', to: '12.505' }, [1, 1, 1, 0]],
    ['no such cent', { op: 'in', operand: operand('m'), values: ['12.505', 0] }, [0, 0, 1, 0]],
    ['past 2^53', { op: 'in', operand: operand('l'), values: ['9007199254740993'] }, [1, 0, 0, 0]],
    ['past 2^53, a range', { op: 'range', operand: operand('l'), from: '9007199254740993' }, [1, 0, 0, 0]],
    ['past 2^31', { op: 'range', operand: operand('i'), from: -1e12, to: 1e12 }, [1, 1, 1, 0]],
    ['nothing', { op: 'range', operand: operand('i'), from: 5, to: 5 }, [0, 0, 0, 0]],
    ['year 9999', { op: 'range', operand: operand('day'), from: '9999-12-31' }, [1, 0, 0, 0]],
    [
      'a day of times',
      { op: 'range', operand: operand('ts'), from: '2024-02-29', to: '2024-03-01' },
      [1, 0, 0, 0],
    ],
    ['null asked for', { op: 'in', operand: operand('t'), values: ['ab', null] }, [0, 1, 0, 1]],
    [
      'not null, not ab',
      { op: 'not', of: { op: 'in', operand: operand('t'), values: ['ab', null] } },
      [1, 0, 1, 0],
    ],
    ['not ab', { op: 'not', of: { op: 'in', operand: operand('t'), values: ['ab'] } }, [1, 0, 1, 0]],
    ['any of none', { op: 'or', of: [] }, [0, 0, 0, 0]],
    ['all of none', { op: 'and', of: [] }, [1, 1, 1, 1]],
  ])('%s', (_, where, expected) => {
    expect(mask(where)).toEqual(expected);
    const rows = selector(where, types)(input);
    expect([...(rows ?? [0, 1, 2, 3])]).toEqual(expected.flatMap((bit, row) => (bit ? [row] : [])));
    expect(mask(where, Uint8Array.of(0, 0, 1, 1))).toEqual(expected.map((bit, row) => (row < 2 ? 0 : bit)));
  });
});
