import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ValueCounter } from './value-counter.ts';

test('counts like a set, and finds the first repeat', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 3000 }), (values) => {
      const counter = new ValueCounter();
      values.forEach((value, i) => {
        counter.add(value, i + 1);
      });
      const seen = new Set<string>();
      const repeat = values.findIndex((value) => seen.size === seen.add(value).size);
      const found = counter.result();
      expect(found.distinct).toBe(new Set(values).size);
      expect(found.unique).toBe(repeat < 0);
      if (repeat >= 0) expect(found.repeated).toEqual({ row: repeat + 1, value: values[repeat] });
    }),
  );
});

test('growing ids are unique however many there are, shuffled ones are not known to be', () => {
  const growing = new ValueCounter();
  const shuffled = new ValueCounter();
  const count = 2_200_000;
  for (let i = 0; i < count; i++) {
    growing.add(String(i), i + 1);
    shuffled.add(String((i * 7919) % count), i + 1);
  }
  expect(growing.result()).toEqual({ distinct: Number.POSITIVE_INFINITY, unique: true });
  expect(shuffled.result()).toEqual({ distinct: Number.POSITIVE_INFINITY, unique: undefined });
});
