import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Dtype } from '../../protocol/array.ts';
import { formatsOf } from '../format.ts';
import { elementOf, elementText, parseElement } from './element-text.ts';

const formats = formatsOf('en');

function shown(text: string, dtype: Dtype): string {
  return elementText(elementOf(parseElement(text, dtype), dtype, 0), dtype, formats);
}

test('elements are written whole, and read back', () => {
  expect(shown('9223372036854775807', 'int64')).toBe('9,223,372,036,854,775,807');
  expect(shown('-1', 'int8')).toBe('−1');
  expect(shown('0.1', 'float32')).toBe('0.1');
  expect(shown('0.1', 'float64')).toBe('0.1');
  expect(shown('nan', 'float64')).toBe('NaN');
  expect(shown('-inf', 'float32')).toBe('−∞');
  expect(shown('TRUE', 'bool')).toBe('true');
  expect(shown('2026-03-14T12:34:56.000000001Z', 'datetime64[ns]')).toBe('2026-03-14T12:34:56.000000001Z');
  expect(shown('NaT', 'datetime64[D]')).toBe('NaT');
  expect(shown('2026-03-14', 'datetime64[D]')).toBe('2026-03-14');
});

test('what does not fit is refused in a sentence', () => {
  expect(() => parseElement('256', 'uint8')).toThrow(
    '“256” is too large or too small: this array holds uint8.',
  );
  expect(() => parseElement('1.5', 'int32')).toThrow('no whole number');
  expect(() => parseElement('', 'float64')).toThrow('no number');
  expect(() => parseElement('<b>', 'float64')).toThrow('no number');
  expect(() => parseElement('31/02/2011', 'datetime64[s]')).toThrow('no time');
  expect(() => parseElement('maybe', 'bool')).toThrow('neither true nor false');
});

test('every half float survives its text', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 65_535 }), (bits) => {
      const value = elementOf(Uint16Array.of(bits), 'float16', 0);
      const again = parseElement(String(value), 'float16');
      if (Number.isNaN(value)) expect(Number.isNaN(elementOf(again, 'float16', 0))).toBe(true);
      else
        expect(Object.is(elementOf(again, 'float16', 0), value) || (value === 0 && again[0] === 0)).toBe(
          true,
        );
    }),
  );
});
