import { apartStart, loadApart } from './load-apart.ts';
import { bytes } from './working-set.as.ts?wasm';

interface Exports {
  carry(
    v: number,
    rise: number,
    first: number,
    second: number,
    stride: number,
    copies: number,
    byFirst: number,
    bySecond: number,
  ): number;
  choose(
    v: number,
    fall: number,
    row: number,
    diagonal: number,
    stride: number,
    copies: number,
    own: number,
    high: number,
  ): number;
  lowest(): number;
}

/** Stands for a curvature that is 0 or below, so that a step stays finite (libsvm's TAU). */
export const leastCurvature = 1e-12;

/** The variables of an SMO problem: their values v, and which may rise or fall. Variable t is of kernel row `t mod rows`. */
export interface WorkingSet {
  value(t: number): number;
  put(t: number, value: number): void;
  allow(t: number, mayRise: boolean, mayFall: boolean): void;
  /**
   * v_t −= first_k·byFirst + second_k·bySecond of every variable; the last of those with the highest v that may rise, −1
   * when none may.
   */
  carry(first: Float32Array, second: Float32Array, byFirst: number, bySecond: number): number;
  /** Of those that may fall and lie below `high`: the last with the greatest (high − v)² ÷ (own + diagonal − 2·row); −1. */
  choose(row: Float32Array, own: number, high: number): number;
  /** The lowest v that may fall, as the last choice found it. */
  lowest(): number;
}

/** All values 0, none may rise or fall. The bits are those of {@link plainWorkingSet}. */
export function workingSet(diagonal: Float64Array, copies: 1 | 2): WorkingSet {
  const rows = diagonal.length;
  const stride = Math.ceil(rows / 8) * 8;
  const count = copies * stride;
  const loaded = loadApart<Exports>(bytes, 8 * (3 * count + stride) + 8 * stride);
  if (loaded === undefined) return plainWorkingSet(diagonal, copies);
  const { exports, memory } = loaded;
  const vAt = apartStart;
  const riseAt = vAt + 8 * count;
  const fallAt = riseAt + 8 * count;
  const diagonalAt = fallAt + 8 * count;
  const firstAt = diagonalAt + 8 * stride;
  const secondAt = firstAt + 4 * stride;
  const v = new Float64Array(memory.buffer, vAt, count);
  const rise = new Float64Array(memory.buffer, riseAt, count).fill(Number.NEGATIVE_INFINITY);
  const fall = new Float64Array(memory.buffer, fallAt, count).fill(Number.POSITIVE_INFINITY);
  new Float64Array(memory.buffer, diagonalAt, rows).set(diagonal);
  const firstRow = new Float32Array(memory.buffer, firstAt, rows);
  const secondRow = new Float32Array(memory.buffer, secondAt, rows);
  const placeOf = (t: number) => (t < rows ? t : t - rows + stride);
  const variableAt = (place: number) => (place < stride ? place : place - stride + rows);
  return {
    value: (t) => v[placeOf(t)]!,
    put(t, value) {
      v[placeOf(t)] = value;
    },
    allow(t, mayRise, mayFall) {
      rise[placeOf(t)] = mayRise ? 0 : Number.NEGATIVE_INFINITY;
      fall[placeOf(t)] = mayFall ? 0 : Number.POSITIVE_INFINITY;
    },
    carry(first, second, byFirst, bySecond) {
      firstRow.set(first);
      secondRow.set(second);
      return variableAt(exports.carry(vAt, riseAt, firstAt, secondAt, stride, copies, byFirst, bySecond));
    },
    choose(row, own, high) {
      firstRow.set(row);
      return variableAt(exports.choose(vAt, fallAt, firstAt, diagonalAt, stride, copies, own, high));
    },
    lowest: () => exports.lowest(),
  };
}

/** The TypeScript twin of {@link workingSet}. */
export function plainWorkingSet(diagonal: Float64Array, copies: 1 | 2): WorkingSet {
  const rows = diagonal.length;
  const count = copies * rows;
  const v = new Float64Array(count);
  const rise = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  const fall = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  let lowest = 0;
  return {
    value: (t) => v[t]!,
    put(t, value) {
      v[t] = value;
    },
    allow(t, mayRise, mayFall) {
      rise[t] = mayRise ? 0 : Number.NEGATIVE_INFINITY;
      fall[t] = mayFall ? 0 : Number.POSITIVE_INFINITY;
    },
    carry(first, second, byFirst, bySecond) {
      let best = Number.NEGATIVE_INFINITY;
      let at = -1;
      for (let t = 0; t < count; t++) {
        const k = t < rows ? t : t - rows;
        v[t] = v[t]! - (first[k]! * byFirst + second[k]! * bySecond);
        const value = v[t]! + rise[t]!;
        if (value >= best && value > Number.NEGATIVE_INFINITY) {
          best = value;
          at = t;
        }
      }
      return at;
    },
    choose(row, own, high) {
      let best = 0;
      let at = -1;
      lowest = Number.POSITIVE_INFINITY;
      for (let t = 0; t < count; t++) {
        const k = t < rows ? t : t - rows;
        const value = v[t]! + fall[t]!;
        if (value < lowest) lowest = value;
        const difference = high - value;
        if (!(difference > 0)) continue;
        const curvature = own + diagonal[k]! - (row[k]! + row[k]!);
        const gain = (difference * difference) / (curvature > 0 ? curvature : leastCurvature);
        if (gain >= best) {
          best = gain;
          at = t;
        }
      }
      return at;
    },
    lowest: () => lowest,
  };
}
