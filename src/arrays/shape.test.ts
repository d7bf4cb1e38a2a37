import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dtypes } from '../protocol/array.ts';
import {
  bytesOf,
  fillValues,
  itemSize,
  literalOf,
  makeValues,
  numberAt,
  parseDtype,
  setLiteral,
  valuesOf,
} from './dtype.ts';
import { halfFromNumber, numberFromHalf } from './half.ts';
import { parseSelection } from './parse-selection.ts';
import { parseChunk, parseShape, parseShapeText, parseWhole } from './shape.ts';

describe('sizes', () => {
  it.each([
    ['1e18', 10n ** 18n],
    ['1_000', 1000n],
    ['2**40', 2n ** 40n],
    ['10^18', 10n ** 18n],
    ['1.5e3', 1500n],
    ['-2e3', -2000n],
    ['9223372036854775807', 2n ** 63n - 1n],
  ])('%s', (text, value) => expect(parseWhole(text)).toBe(value));

  it.each(['1.5', '1e-3', '', 'x', '0x10', '1e1.5', '__1'])('%s is no whole number', (text) =>
    expect(parseWhole(text)).toBeUndefined(),
  );

  it.each<[unknown, RegExp]>([
    [['-1'], /axis 0 is “-1”: a size cannot be negative/],
    [['1.5'], /axis 0 must be a whole number, zero or more; “1.5” is none/],
    [[0.5], /axis 0 must be a whole number/],
    [['9223372036854775808'], /at most 2\^63 − 1/],
    [[2 ** 60], /cannot hold exactly/],
    [[Number.NaN], /axis 0 must be a whole number/],
    ['7', /A shape is a list/],
    [new Array(33).fill(1), /at most 32 axes/],
  ])('%j is refused in a sentence', (shape, sentence) => {
    expect(() => parseShape(shape)).toThrow(sentence);
  });

  it('reads shapes as typed', () => {
    expect(parseShapeText('(1e18, 2)')).toEqual([10n ** 18n, 2n]);
    expect(parseShapeText('')).toEqual([]);
    expect(parseShapeText('5,')).toEqual([5n]);
  });

  it.each<[unknown, RegExp]>([
    [[1], /2 sizes, one an axis; 1 was given/],
    [[0, 1], /axis 0 must be a whole number from 1/],
    [[1.5, 1], /axis 0 must be/],
    [[2 ** 20, 2 ** 20], /takes 8796093022208 bytes/],
    [[64, 1], /at most 2\^53 − 1/],
  ])('chunk %j is refused in a sentence', (chunk, sentence) => {
    expect(() => parseChunk(chunk, [10n ** 18n, 2n], 8)).toThrow(sentence);
  });
});

describe('index expressions', () => {
  it('reads what NumPy reads', () => {
    expect(parseSelection('0:1e12, 0')).toEqual([
      { kind: 'slice', start: 0n, stop: 10n ** 12n, step: undefined },
      { kind: 'at', at: 0n },
    ]);
    expect(parseSelection('..., ::-2, newaxis')).toEqual([
      { kind: 'ellipsis' },
      { kind: 'slice', start: undefined, stop: undefined, step: -2n },
      { kind: 'newaxis' },
    ]);
    expect(parseSelection('[1, -5], [true, false]')).toEqual([
      { kind: 'list', at: [1n, -5n] },
      { kind: 'mask', mask: [true, false] },
    ]);
    expect(parseSelection('')).toEqual([]);
  });

  it.each(['a', '1.5', '1:2:3:4', '[1', '1]', '1,,2', '[[1]]', '1:x'])(
    '%s is refused in a sentence',
    (text) => {
      expect(() => parseSelection(text)).toThrow(/is not understood: use whole numbers/);
    },
  );
});

describe('elements', () => {
  it('halves are the doubles they stand for, and the nearest of any double', () => {
    for (let bits = 0; bits < 65_536; bits++) {
      const value = numberFromHalf(bits);
      if (Number.isNaN(value)) expect(halfFromNumber(value)).toBe(0x7e00);
      else expect(halfFromNumber(value)).toBe(bits);
    }
    fc.assert(
      fc.property(fc.double({ min: -70_000, max: 70_000, noNaN: true }), (value) => {
        const bits = halfFromNumber(value);
        const near = numberFromHalf(bits);
        if (!Number.isFinite(near)) return Math.abs(value) >= 65_520;
        const error = Math.abs(near - value);
        return [bits - 1, bits + 1].every((other) => {
          const neighbour = numberFromHalf(other & 0xffff);
          return !Number.isFinite(neighbour) || Math.abs(neighbour - value) >= error;
        });
      }),
    );
  });

  it.each(dtypes)('%s: literals come back as they went in', (dtype) => {
    const special = dtype.startsWith('float')
      ? ['NaN', 'Infinity', '-Infinity', '-0', 1.5]
      : dtype === 'bool'
        ? [true, false]
        : dtype.endsWith('64')
          ? ['9223372036854775807', 7]
          : [7, 0];
    const values = makeValues(dtype, 1);
    for (const literal of special) {
      setLiteral(dtype, values, 0, literal);
      expect(literalOf(dtype, values, 0)).toBe(literal);
    }
    expect(valuesOf(dtype, bytesOf(values))).toEqual(values);
    expect(values.byteLength).toBe(itemSize(dtype));
  });

  it('refuses what a type cannot hold', () => {
    expect(() => fillValues('int8', 128)).toThrow('128 is not a value of int8.');
    expect(() => fillValues('uint64', -1)).toThrow('-1 is not a value of uint64.');
    expect(() => fillValues('int32', 1.5)).toThrow('1.5 is not a value of int32.');
    expect(() => fillValues('float64', 'x')).toThrow('“x” is not a value of float64.');
    expect(() => fillValues('bool', 2)).toThrow('2 is not a value of bool.');
    expect(() => parseDtype('complex128')).toThrow(/no element type "complex128" here: it is one of bool/);
    expect(() => valuesOf('int32', new Uint8Array(3))).toThrow('3 bytes are not whole elements of int32.');
  });

  it('not a time is no number', () => {
    const values = fillValues('datetime64[ns]', 'NaT');
    expect(numberAt('datetime64[ns]', values, 0)).toBeNaN();
    expect(literalOf('datetime64[ns]', values, 0)).toBe('NaT');
  });
});
