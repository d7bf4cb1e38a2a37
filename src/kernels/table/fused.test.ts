import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ColumnData } from '../../arrow/column-data.ts';
import type { AggregateSpec, GroupSpec } from '../../protocol/kernel.ts';
import { aggregateKernel } from './aggregate.ts';
import { fused } from './fused.ts';

const rows = fc.array(
  fc.record({
    small: fc.integer({ min: -20, max: 20 }),
    double: fc.double({ min: -50, max: 50, noNaN: true }),
    addend: fc.oneof(fc.double(), fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY)),
  }),
  { minLength: 1, maxLength: 200 },
);
const column = (name: string) => ({ op: 'column' as const, column: name });
const bins = fc.record({
  origin: fc.double({ min: -5, max: 5, noNaN: true }),
  width: fc.double({ min: 0.1, max: 9, noNaN: true }),
});
const groups: fc.Arbitrary<GroupSpec> = fc.oneof(
  fc.constantFrom<GroupSpec>(
    { by: 'value', operand: column('small') },
    { by: 'value', operand: column('day') },
  ),
  fc
    .tuple(fc.constantFrom('small', 'double'), bins)
    .map(([name, bin]): GroupSpec => ({ by: 'number', operand: column(name), ...bin })),
);

it('counts and adds with the same bits as the general way', () => {
  fc.assert(
    fc.property(rows, groups, fc.option(fc.integer({ min: -25, max: 25 })), (data, group, from) => {
      const { length } = data;
      const small = Int32Array.from(data, (row) => row.small);
      const columns: Record<string, ColumnData> = {
        small: { kind: 'int32', length, values: small },
        day: { kind: 'date', length, values: small },
        double: { kind: 'float64', length, values: Float64Array.from(data, (row) => row.double) },
        addend: { kind: 'float64', length, values: Float64Array.from(data, (row) => row.addend) },
      };
      // With a validity bitmap, though all of it is set, the key is no longer plain.
      const validity = new Uint8Array(Math.ceil(length / 8)).fill(255);
      const general = Object.fromEntries(
        Object.entries(columns).map(([id, one]) => [id, { ...one, validity } as ColumnData]),
      );
      const spec: AggregateSpec = {
        kernel: 'aggregate',
        columns: {
          small: { kind: 'int32' },
          day: { kind: 'date' },
          double: { kind: 'float64' },
          addend: { kind: 'float64' },
        },
        groupBy: [group],
        states: [
          { state: 'rows' },
          { state: 'sum', operand: column('addend') },
          { state: 'count', operand: column('addend') },
        ],
        ...(from === null ? {} : { where: { op: 'range', operand: column('small'), from } }),
      };
      expect(fused(spec, { block: 0, length, columns }, undefined)).toBeDefined();
      expect(fused(spec, { block: 0, length, columns: general }, undefined)).toBeUndefined();
      const kernel = aggregateKernel(spec);
      expect(kernel.encode(kernel.map({ block: 0, length, columns }))).toEqual(
        kernel.encode(kernel.map({ block: 0, length, columns: general })),
      );
    }),
  );
});
