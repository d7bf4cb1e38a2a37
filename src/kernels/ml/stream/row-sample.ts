import { blockRows } from '../../../protocol/column.ts';
import { ExaError } from '../../../protocol/errors.ts';
import { smallest } from '../outliers/smallest.ts';
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
  /** Rows left out: without a value, with an infinite one. */
  readonly missing: number;
  readonly infinite: number;
}

/**
 * The `size` used rows of least priority, features then target; a row's priority is a hash of seed, block and
 * position, so the sample does not depend on who reads what.
 */
export function rowSampleKernel(spec: RowsSpec): FitKernel<RowSample> {
  const { reader, size, seed, ids = false } = spec;
  return {
    spec,
    map(input) {
      const { rows, columns, target, positions, missing, infinite } = readMatrix(input, reader);
      const all = target ? [...columns, target] : [...columns];
      if (ids) {
        const first = input.block * blockRows;
        const numbers = new Float64Array(rows);
        for (let i = 0; i < rows; i++) numbers[i] = first + (positions ? positions[i]! : i);
        all.push(numbers);
      }
      const salt = mix32(mix32(seed) + input.block);
      const priority = new Float64Array(rows);
      for (let i = 0; i < rows; i++) priority[i] = mix32(salt + (positions ? positions[i]! : i));
      const chosen = size < rows ? smallest(priority, size) : Int32Array.from(priority.keys());
      const order = chosen.sort((a, b) => priority[a]! - priority[b]!);
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
        missing,
        infinite,
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
      return {
        width,
        priorities,
        values,
        seen: a.seen + b.seen,
        missing: a.missing + b.missing,
        infinite: a.infinite + b.infinite,
      };
    },
    encode: ({ width, priorities, values, seen, missing, infinite }) =>
      encodeArrays([Float64Array.of(width, seen, missing, infinite), priorities, values]),
    decode(bytes) {
      const [head, priorities, values] = decodeArrays(bytes);
      if (head?.length !== 4 || !priorities || values?.length !== priorities.length * head[0]!)
        throw new ExaError('corrupt', 'A kept sample cannot be read; it is drawn again.');
      return { width: head[0]!, priorities, values, seen: head[1]!, missing: head[2]!, infinite: head[3]! };
    },
    byteSize: ({ priorities, values }) => priorities.byteLength + values.byteLength,
  };
}
