import { plusPlus } from '../means/plus-plus.ts';
import { randomState } from '../means/random-state.ts';
import { rowsAt, type Samples } from '../samples.ts';
import type { Steps } from '../steps.ts';

const mostIterations = 300;

/** Gives each row its nearest centre (the first of equals); returns the summed squared distance and whether any changed. */
function assign(
  x: Samples,
  centers: Float64Array,
  labels: Int32Array,
): { inertia: number; changed: boolean } {
  const { columns: d, values } = x;
  const k = centers.length / d;
  let inertia = 0;
  let changed = false;
  for (let i = 0; i < x.rows; i++) {
    let best = Number.POSITIVE_INFINITY;
    let label = 0;
    for (let c = 0; c < k; c++) {
      let squared = 0;
      for (let m = 0; m < d; m++) {
        const difference = values[i * d + m]! - centers[c * d + m]!;
        squared += difference * difference;
      }
      if (squared < best) {
        best = squared;
        label = c;
      }
    }
    inertia += best;
    if (labels[i] !== label) changed = true;
    labels[i] = label;
  }
  return { inertia, changed };
}

/** Moves each centre to the mean of its rows; one without rows stays. */
function recentre(x: Samples, centers: Float64Array, labels: Int32Array): void {
  const { columns: d, values } = x;
  const counts = new Int32Array(centers.length / d);
  const sums = new Float64Array(centers.length);
  for (let i = 0; i < x.rows; i++) {
    const label = labels[i]!;
    counts[label] = counts[label]! + 1;
    for (let m = 0; m < d; m++) sums[label * d + m] = sums[label * d + m]! + values[i * d + m]!;
  }
  for (let at = 0; at < sums.length; at++) {
    const count = counts[Math.floor(at / d)]!;
    if (count > 0) centers[at] = sums[at]! / count;
  }
}

/** Labels of the best of `runs` runs of k-means in memory, for small matrices such as a spectral embedding. */
export function* lloyd(x: Samples, k: number, runs: number, seed: number): Steps<Int32Array> {
  let best: { inertia: number; labels: Int32Array } | undefined;
  const random = randomState(seed);
  for (let run = 0; run < runs; run++) {
    const centers = rowsAt(x, plusPlus(x, k, random)).values;
    const labels = new Int32Array(x.rows).fill(-1);
    let at = assign(x, centers, labels);
    for (let iteration = 0; at.changed && iteration < mostIterations; iteration++) {
      recentre(x, centers, labels);
      at = assign(x, centers, labels);
    }
    if (best === undefined || at.inertia < best.inertia) best = { inertia: at.inertia, labels };
    yield { phase: 'group', done: run + 1, total: runs };
  }
  return best?.labels ?? new Int32Array(x.rows);
}
