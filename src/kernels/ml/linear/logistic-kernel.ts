import { ExaError } from '../../../protocol/errors.ts';
import { log1p } from '../../math/log.ts';
import { expEach } from '../../wasm/exp.ts';
import { shiftedGram } from '../../wasm/gram.ts';
import { decodeArrays, encodeArrays } from '../stream/bundle.ts';
import type { FitSpec } from '../stream/fit-spec.ts';
import { type Matrix, readMatrix } from '../stream/matrix.ts';
import type { FitKernel } from '../stream/pass.ts';

type LogisticSpec = Extract<FitSpec, { kernel: 'logistic' }>;

/**
 * Sums over rows at given weights, of the loss −Σ log p(class), per row of weights: `loss`; `gradient` (row-major, a
 * row of p + 1 a row of weights, the intercept last); `curvature`: for every pair a ≤ b of weight rows (only a = b one
 * against the rest) Σ weight · z·zᵀ, z = (x − center, 1). `counts` a class.
 */
export interface LogisticPartial {
  readonly loss: Float64Array;
  readonly gradient: Float64Array;
  readonly curvature: readonly Float64Array[];
  readonly counts: Float64Array;
}

/** Pairs of weight rows whose curvature is kept, in order. */
export function curvaturePairs(rows: number, ovr: boolean): [number, number][] {
  const pairs: [number, number][] = [];
  for (let a = 0; a < rows; a++) for (let b = a; b < rows; b++) if (a === b || !ovr) pairs.push([a, b]);
  return pairs;
}

/**
 * One Newton step's sums: loss, gradient and weighted Grams of logistic regression. With `ovr` each row of weights is
 * one class against the rest (of two classes: the second); else the rows share a softmax.
 */
export function logisticKernel(spec: LogisticSpec): FitKernel<LogisticPartial> {
  const { reader, weights, center, classes, ovr } = spec;
  const pairs = spec.curvature ? curvaturePairs(weights.length, ovr) : [];
  const shapes = [weights.length, weights.length * (center.length + 1)];
  return {
    spec,
    map: (input) => mapRows(readMatrix(input, reader), spec, pairs),
    merge: (a, b) => ({
      loss: sum(a.loss, b.loss),
      gradient: sum(a.gradient, b.gradient),
      curvature: a.curvature.map((matrix, i) => sum(matrix, b.curvature[i]!)),
      counts: sum(a.counts, b.counts),
    }),
    encode: ({ loss, gradient, curvature, counts }) => encodeArrays([loss, gradient, counts, ...curvature]),
    decode(bytes) {
      const [loss, gradient, counts, ...curvature] = decodeArrays(bytes);
      if (
        !loss ||
        !gradient ||
        !counts ||
        loss.length !== shapes[0] ||
        gradient.length !== shapes[1] ||
        counts.length !== classes ||
        curvature.length !== pairs.length
      )
        throw new ExaError('corrupt', 'A kept step of a fit cannot be read; it is computed again.');
      return { loss, gradient, counts, curvature };
    },
    byteSize: ({ gradient, curvature }) =>
      gradient.byteLength + curvature.reduce((bytes, matrix) => bytes + matrix.byteLength, 0),
  };
}

function sum(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value + b[i]!);
}

function mapRows(
  { rows, columns, target }: Matrix,
  { weights, center, classes, ovr }: LogisticSpec,
  pairs: readonly [number, number][],
): LogisticPartial {
  const p = center.length;
  const y = target ?? new Float64Array(rows);
  const centred = columns.map((x, j) => {
    const out = new Float64Array(rows);
    for (let i = 0; i < rows; i++) out[i] = x[i]! - center[j]!;
    return out;
  });
  const z = [...centred, new Float64Array(rows).fill(1)];
  const scores = weights.map((row) => {
    const out = new Float64Array(rows);
    row.forEach((w, j) => {
      const x = z[j]!;
      for (let i = 0; i < rows; i++) out[i]! += w * x[i]!;
    });
    return out;
  });
  const counts = new Float64Array(classes);
  for (let i = 0; i < rows; i++) counts[y[i]!]!++;
  const wanted = (k: number) => (ovr && weights.length === 1 ? 1 : k);
  const loss = new Float64Array(weights.length);
  const shares = ovr ? scores.map((s, k) => sigmoids(s, y, wanted(k), loss, k)) : softmax(scores, y, loss);
  const gradient = new Float64Array(weights.length * (p + 1));
  shares.forEach((share, k) => {
    const off = share.map((value, i) => value - (y[i] === wanted(k) ? 1 : 0));
    z.forEach((x, j) => {
      let total = 0;
      for (let i = 0; i < rows; i++) total += off[i]! * x[i]!;
      gradient[k * (p + 1) + j] = total;
    });
  });
  const zero = new Float64Array(p + 1);
  const curvature = pairs.map(([a, b]) => {
    const root = shares[a]!.map((share, i) => Math.sqrt(share * (a === b ? 1 - share : shares[b]![i]!)));
    const scaled = z.map((x) => x.map((value, i) => value * root[i]!));
    const { products } = shiftedGram(scaled, 0, rows, zero);
    return a === b ? products : products.map((value) => -value);
  });
  return { loss, gradient, curvature, counts };
}

/** 1 ÷ (1 + e^−s); adds log(1 + e^−|s|) and what the class adds to `loss[k]`. */
function sigmoids(
  s: Float64Array,
  y: Float64Array,
  wanted: number,
  loss: Float64Array,
  k: number,
): Float64Array {
  const tails = s.map((score) => -Math.abs(score));
  expEach(tails);
  let total = 0;
  const out = s.map((score, i) => {
    const tail = tails[i]!;
    const toward = y[i] === wanted ? score : -score;
    total += log1p(tail) + (toward < 0 ? -toward : 0);
    return score >= 0 ? 1 / (1 + tail) : tail / (1 + tail);
  });
  loss[k] = total;
  return out;
}

/** Shares e^s_k ÷ Σ e^s; the whole loss goes to `loss[0]`. */
function softmax(scores: readonly Float64Array[], y: Float64Array, loss: Float64Array): Float64Array[] {
  const rows = y.length;
  const top = scores[0]!.slice();
  for (const s of scores) for (let i = 0; i < rows; i++) if (s[i]! > top[i]!) top[i] = s[i]!;
  const shares = scores.map((s) => s.map((score, i) => score - top[i]!));
  const own = new Float64Array(rows);
  for (let i = 0; i < rows; i++) own[i] = shares[y[i]!]![i]!;
  for (const share of shares) expEach(share);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    let whole = 0;
    for (const share of shares) whole += share[i]!;
    for (const share of shares) share[i]! /= whole;
    // One of the terms is e^0 = 1: the rest is what log1p takes.
    total += log1p(whole - 1) - own[i]!;
  }
  loss[0] = total;
  return shares;
}
