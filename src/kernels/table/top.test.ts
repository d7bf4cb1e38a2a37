import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TopSpec } from '../../protocol/kernel.ts';
import { orderCases, valueAt } from './order-page.testing.ts';
import { type TopPartial, topKernel } from './top.ts';

test('merged in any grouping, encoded and decoded: the first rows of everything sorted plainly', () => {
  fc.assert(
    fc.property(orderCases, fc.nat({ max: 40 }), fc.nat({ max: 4 }), (c, limit, split) => {
      const names = ['t', 'd', '_row', 'f'];
      const spec: TopSpec = {
        kernel: 'top',
        columns: c.columns,
        where: c.where,
        order: c.order,
        take: names.map((column) => ({ op: 'column', column })),
        limit,
      };
      const kernel = topKernel(spec);
      const inputs = [...c.inputs].sort((a, b) => a.block - b.block);
      const partials = inputs.map((input) => kernel.decode(kernel.encode(kernel.map(input))));
      if (partials.length === 0) return;
      const fold = (parts: TopPartial[]) => parts.reduce((a, b) => kernel.merge(a, b));
      const at = Math.min(split, partials.length - 1);
      const [one, two] = [partials.slice(0, at), partials.slice(at)];
      const merged = one.length === 0 ? fold(two) : kernel.merge(fold(one), fold(two));
      expect(kernel.encode(merged)).toEqual(kernel.encode(fold(partials)));
      const result = kernel.decode(kernel.encode(merged));
      const expected = c.expected.slice(0, limit);
      expect(result.matching).toBe(c.expected.length);
      expect([...result.rows]).toEqual(expected);
      names.forEach((name, n) => {
        const column = result.take[n]!;
        expect(column.length).toBe(expected.length);
        expected.forEach((row, i) => {
          const value = name === '_row' ? row : c.values.get(row)![name];
          expect(valueAt(column, i)).toEqual(value);
        });
      });
    }),
    { numRuns: 100 },
  );
});
