import { ExaError } from '../../../protocol/errors.ts';
import { squaredDistance } from '../../wasm/nearest.ts';
import { decodeArrays, encodeArrays } from '../stream/bundle.ts';
import type { FitSpec } from '../stream/fit-spec.ts';
import { type Matrix, readMatrix } from '../stream/matrix.ts';
import type { FitKernel } from '../stream/pass.ts';
import { labelled } from './labelled.ts';

type MeansSpec = Extract<FitSpec, { kernel: 'means' }>;
type FarthestSpec = Extract<FitSpec, { kernel: 'farthest' }>;

/** Of the rows nearest each centre: sums less the origin (row-major), how many, and Σ distance² where asked for. */
export interface MeansPartial {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  readonly inertia: number;
}

/** One step of Lloyd's algorithm over the blocks (Lloyd 1982). */
export function meansKernel(spec: MeansSpec): FitKernel<MeansPartial> {
  const { reader, centers, origin, inertia } = spec;
  function assign(matrix: Matrix): MeansPartial {
    const { sums, counts, labels } = labelled(matrix.columns, matrix.rows, centers, origin, inertia);
    return { sums, counts, inertia: inertia ? squaredDistance(matrix.columns, centers, labels) : 0 };
  }
  return {
    spec,
    map(input) {
      const fast = assign(readMatrix(input, reader, true));
      return fast.sums.every(Number.isFinite) ? fast : assign(readMatrix(input, reader));
    },
    merge: (a, b) => ({
      sums: a.sums.map((sum, i) => sum + b.sums[i]!),
      counts: a.counts.map((count, i) => count + b.counts[i]!),
      inertia: a.inertia + b.inertia,
    }),
    encode: (partial) => encodeArrays([partial.sums, partial.counts, Float64Array.of(partial.inertia)]),
    decode(bytes) {
      const [sums, counts, tail] = decodeArrays(bytes);
      if (!sums || counts?.length !== centers.length || tail?.length !== 1)
        throw new ExaError('corrupt', 'A kept step of k-means cannot be read; it is computed again.');
      return { sums, counts, inertia: tail[0]! };
    },
    byteSize: ({ sums, counts }) => sums.byteLength + counts.byteLength + 8,
  };
}

/** Rows farthest from their centres, farthest first: `values` are label, distance², then the row. */
export interface FarthestPartial {
  readonly width: number;
  readonly values: Float64Array;
}

/** The `count` rows farthest from their nearest centre; of equals the first. What empty clusters are moved to. */
export function farthestKernel(spec: FarthestSpec): FitKernel<FarthestPartial> {
  const { reader, origin, centers, count } = spec;
  const width = 2 + centers[0]!.length;
  return {
    spec,
    map(input) {
      const { rows, columns } = readMatrix(input, reader);
      const { labels } = labelled(columns, rows, centers, origin, false);
      const far = Float64Array.from(labels, (label, i) =>
        columns.reduce((sum, x, j) => sum + (x[i]! - centers[label]![j]!) ** 2, 0),
      );
      const order = Array.from(far.keys()).sort((a, b) => far[b]! - far[a]! || a - b);
      return {
        width,
        values: Float64Array.from(
          order.slice(0, count).flatMap((i) => [labels[i]!, far[i]!, ...columns.map((x) => x[i]!)]),
        ),
      };
    },
    merge(a, b) {
      const out: number[] = [];
      let [i, j] = [0, 0];
      while (out.length < count * width && (i < a.values.length || j < b.values.length)) {
        const left = j >= b.values.length || (i < a.values.length && a.values[i + 1]! >= b.values[j + 1]!);
        if (left) {
          out.push(...a.values.subarray(i, i + width));
          i += width;
        } else {
          out.push(...b.values.subarray(j, j + width));
          j += width;
        }
      }
      return { width, values: Float64Array.from(out) };
    },
    encode: ({ values }) => encodeArrays([values]),
    decode(bytes) {
      const [values] = decodeArrays(bytes);
      if (!values || values.length % width)
        throw new ExaError('corrupt', 'Kept rows cannot be read; they are sought again.');
      return { width, values };
    },
    byteSize: ({ values }) => values.byteLength,
  };
}
