/**
 * Summaries of a level chunk's cells, by their place in its C order; only cells with something written are there.
 * `counts` are written elements that are numbers, `nans` those that are NaN (or not a time); what a cell holds beyond
 * both was never written. Extremes of no numbers are +∞ and −∞; 64-bit integers are rounded to doubles.
 */
export interface Cells {
  readonly places: Int32Array;
  readonly counts: BigInt64Array;
  readonly nans: BigInt64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly sum: Float64Array;
  /** Sum of squared distances from the cell's mean. */
  readonly m2: Float64Array;
  /** Highest revision among the data chunks the cell was made from. */
  readonly revisions: Float64Array;
}

/** Cells in the making, one slot for each place of the chunk. */
export class CellBuffer {
  readonly counts: BigInt64Array;
  readonly nans: BigInt64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly sum: Float64Array;
  readonly m2: Float64Array;
  readonly revisions: Float64Array;

  constructor(size: number) {
    this.counts = new BigInt64Array(size);
    this.nans = new BigInt64Array(size);
    this.min = new Float64Array(size).fill(Infinity);
    this.max = new Float64Array(size).fill(-Infinity);
    this.sum = new Float64Array(size);
    this.m2 = new Float64Array(size);
    this.revisions = new Float64Array(size);
  }

  /**
   * Joins cell `i` of `other` to slot `place`, which goes first: the order of joins decides a float's last bits, so
   * callers join in C order. Squares by Chan, Golub and LeVeque (1979), eq. 2.1b.
   */
  join(place: number, other: Omit<Cells, 'places'>, i: number): void {
    const left = Number(this.counts[place]!);
    const right = Number(other.counts[i]!);
    if (right > 0) {
      const sum = this.sum[place]!;
      const added = other.sum[i]!;
      if (left === 0) this.m2[place] = other.m2[i]!;
      else {
        const apart = added / right - sum / left;
        this.m2[place] = this.m2[place]! + other.m2[i]! + apart * apart * ((left * right) / (left + right));
      }
      this.sum[place] = left === 0 ? added : sum + added;
      if (isBelow(other.min[i]!, this.min[place]!)) this.min[place] = other.min[i]!;
      if (isBelow(this.max[place]!, other.max[i]!)) this.max[place] = other.max[i]!;
      this.counts[place] = this.counts[place]! + other.counts[i]!;
    }
    this.nans[place] = this.nans[place]! + other.nans[i]!;
    if (other.revisions[i]! > this.revisions[place]!) this.revisions[place] = other.revisions[i]!;
  }

  /** The cells with something written. */
  finish(): Cells {
    const kept: number[] = [];
    for (let i = 0; i < this.counts.length; i++)
      if (this.counts[i] !== 0n || this.nans[i] !== 0n) kept.push(i);
    const places = Int32Array.from(kept);
    const pick = (values: Float64Array) => Float64Array.from(places, (place) => values[place]!);
    return {
      places,
      counts: BigInt64Array.from(kept, (place) => this.counts[place]!),
      nans: BigInt64Array.from(kept, (place) => this.nans[place]!),
      min: pick(this.min),
      max: pick(this.max),
      sum: pick(this.sum),
      m2: pick(this.m2),
      revisions: pick(this.revisions),
    };
  }
}

/** −0 is below +0. */
export function isBelow(left: number, right: number): boolean {
  return left < right || (left === 0 && right === 0 && Object.is(left, -0) && !Object.is(right, -0));
}
