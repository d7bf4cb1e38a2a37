import { ExaError } from '../../../protocol/errors.ts';
import { log } from '../../math/log.ts';
import { checkSamples, type Samples } from '../samples.ts';
import type { RandomState } from './random-state.ts';

/**
 * Row numbers of `k` first centres: greedy k-means++ (Arthur and Vassilvitskii 2007) with 2 + ⌊ln k⌋ candidates a
 * centre, drawing from `random` in scikit-learn 1.2's order. Throws `invalid` for fewer rows than centres.
 */
export function plusPlus(x: Samples, k: number, random: RandomState): Int32Array {
  checkSamples(x, 'k-means');
  if (x.rows < k)
    throw new ExaError('invalid', `${k} clusters need at least ${k} rows; there are ${x.rows}.`, {
      facts: { rows: x.rows, clusters: k },
    });
  const trials = 2 + Math.floor(log(k));
  const chosen = new Int32Array(k);
  chosen[0] = random.randint(x.rows);
  let closest = distances(x, chosen[0]!);
  for (let c = 1; c < k; c++) {
    const cumulative = new Float64Array(x.rows);
    let total = 0;
    for (let i = 0; i < x.rows; i++) {
      total += closest[i]!;
      cumulative[i] = total;
    }
    const draws = Array.from({ length: trials }, () => random.uniform() * total);
    let best: { pot: number; row: number; closest: Float64Array } | undefined;
    for (const draw of draws) {
      const row = Math.min(lowerBound(cumulative, draw), x.rows - 1);
      const to = distances(x, row);
      let pot = 0;
      for (let i = 0; i < x.rows; i++) {
        to[i] = Math.min(to[i]!, closest[i]!);
        pot += to[i]!;
      }
      if (!best || pot < best.pot) best = { pot, row, closest: to };
    }
    chosen[c] = best!.row;
    closest = best!.closest;
  }
  return chosen;
}

function distances(x: Samples, row: number): Float64Array {
  const { rows, columns, values } = x;
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      const off = values[i * columns + j]! - values[row * columns + j]!;
      sum += off * off;
    }
    out[i] = sum;
  }
  return out;
}

function lowerBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
