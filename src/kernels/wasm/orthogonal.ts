import { apartStart, loadApart } from './load-apart.ts';
import { bytes } from './orthogonal.as.ts?wasm';

interface Exports {
  products(v: number, rows: number, groups: number, size: number, out: number): void;
  takeAway(v: number, rows: number, groups: number, size: number, scratch: number): void;
}

/** Vectors of `n` doubles at right angles to each other. */
export interface Orthogonal {
  readonly count: number;
  /** Vector `k`: a view until the next {@link Orthogonal.add}. */
  at(k: number): Float64Array;
  /** Adds a vector as it is. */
  add(v: Float64Array): void;
  /** The dot products of `v` with every vector: a view that the next call overwrites. */
  products(v: Float64Array): Float64Array;
  /** `v` less its projections on every vector, taken away one group of four after another. */
  rest(v: Float64Array): Float64Array;
}

/** Vectors there is room for at first. */
const roomAtFirst = 64;

/** Room for up to `n` vectors of `n` doubles; bits as {@link plainOrthogonal}. */
export function openOrthogonal(n: number): Orthogonal {
  const stride = Math.ceil(n / 4) * 4;
  const size = 8 * stride;
  const loaded = loadApart<Exports>(bytes, size * (2 + roomAtFirst));
  if (loaded === undefined) return plainOrthogonal(n);
  const { exports, memory } = loaded;
  const outAt = apartStart + size;
  const rowsAt = outAt + size;
  const view = (at: number, length: number) => new Float64Array(memory.buffer, at, length);
  let count = 0;
  const groups = () => Math.ceil(count / 4);
  return {
    get count() {
      return count;
    },
    at: (k) => view(rowsAt + k * size, n),
    add(v) {
      const missing = rowsAt + size * (4 * groups() + 4) - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil((missing + size * count) / 65_536));
      view(rowsAt + count * size, n).set(v);
      count += 1;
    },
    products(v) {
      view(apartStart, n).set(v);
      exports.products(apartStart, rowsAt, groups(), size, outAt);
      return view(outAt, count);
    },
    rest(v) {
      view(apartStart, n).set(v);
      exports.takeAway(apartStart, rowsAt, groups(), size, outAt);
      return view(apartStart, n).slice();
    },
  };
}

/** The TypeScript twin of {@link openOrthogonal}: sums in four lanes, joined (0+1)+(2+3). */
export function plainOrthogonal(n: number): Orthogonal {
  const rows: Float64Array[] = [];
  const zeros = new Float64Array(n);
  function dot(a: Float64Array, b: Float64Array): number {
    const lanes = new Float64Array(4);
    for (let j = 0; j < n; j++) lanes[j & 3] = lanes[j & 3]! + a[j]! * b[j]!;
    return lanes[0]! + lanes[1]! + (lanes[2]! + lanes[3]!);
  }
  return {
    get count() {
      return rows.length;
    },
    at: (k) => rows[k]!,
    add(v) {
      rows.push(v.slice());
    },
    products: (v) => Float64Array.from(rows, (row) => dot(v, row)),
    rest(v) {
      const left = v.slice();
      for (let i = 0; i < rows.length; i += 4) {
        const [r0, r1, r2, r3] = [0, 1, 2, 3].map((k) => rows[i + k] ?? zeros) as [
          Float64Array,
          Float64Array,
          Float64Array,
          Float64Array,
        ];
        const [p0, p1, p2, p3] = [dot(left, r0), dot(left, r1), dot(left, r2), dot(left, r3)];
        for (let j = 0; j < n; j++)
          left[j] = left[j]! - (p0 * r0[j]! + p1 * r1[j]! + (p2 * r2[j]! + p3 * r3[j]!));
      }
      return left;
    },
  };
}
