import { ExaError } from '../../../protocol/errors.ts';
import { mix32 } from '../sample/random.ts';
import { decodeArrays, encodeArrays } from './bundle.ts';
import type { FitSpec } from './fit-spec.ts';
import { readMatrix } from './matrix.ts';
import type { FitKernel } from './pass.ts';

type RowsSpec = Extract<FitSpec, { kernel: 'rows' }>;

/** A uniform sample without replacement: `values` row-major, by ascending `priorities`; `seen` rows were there. */
export interface RowSample {
  readonly width: number;
  readonly priorities: Float64Array;
  readonly values: Float64Array;
  readonly seen: number;
}

/**
 * The `size` used rows of least priority, features then target; a row's priority is a hash of seed, block and
 * position, so the sample does not depend on who reads what.
 */
export function rowSampleKernel(spec: RowsSpec): FitKernel<RowSample> {
  const { reader, size, seed } = spec;
  return {
    spec,
    map(input) {
      const { rows, columns, target, positions } = readMatrix(input, reader);
      const all = target ? [...columns, target] : columns;
      const salt = mix32(mix32(seed) + input.block);
      const priority = Float64Array.from({ length: rows }, (_, i) => mix32(salt + (positions?.[i] ?? i)));
      const order = Array.from(priority.keys())
        .sort((a, b) => priority[a]! - priority[b]! || a - b)
        .slice(0, size);
      const values = new Float64Array(order.length * all.length);
      order.forEach((row, at) => {
        all.forEach((x, j) => {
          values[at * all.length + j] = x[row]!;
        });
      });
      return {
        width: all.length,
        priorities: Float64Array.from(order, (row) => priority[row]!),
        values,
        seen: rows,
      };
    },
    merge(a, b) {
      const count = Math.min(size, a.priorities.length + b.priorities.length);
      const { width } = a;
      const priorities = new Float64Array(count);
      const values = new Float64Array(count * width);
      let [i, j] = [0, 0];
      for (let at = 0; at < count; at++) {
        const left =
          j >= b.priorities.length || (i < a.priorities.length && a.priorities[i]! <= b.priorities[j]!);
        const from = left ? a : b;
        const row = left ? i++ : j++;
        priorities[at] = from.priorities[row]!;
        values.set(from.values.subarray(row * width, (row + 1) * width), at * width);
      }
      return { width, priorities, values, seen: a.seen + b.seen };
    },
    encode: ({ width, priorities, values, seen }) =>
      encodeArrays([Float64Array.of(width, seen), priorities, values]),
    decode(bytes) {
      const [head, priorities, values] = decodeArrays(bytes);
      if (head?.length !== 2 || !priorities || values?.length !== priorities.length * head[0]!)
        throw new ExaError('corrupt', 'A kept sample cannot be read; it is drawn again.');
      return { width: head[0]!, priorities, values, seen: head[1]! };
    },
    byteSize: ({ priorities, values }) => priorities.byteLength + values.byteLength,
  };
}
