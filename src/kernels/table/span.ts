/** Least and greatest of some values; `low` above `high` when there are none. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

const spans = new WeakMap<object, Span>();

/** The span of integers, nulls' values included; remembered as long as the array lives. Do not change it after. */
export function spanOfInts(values: Int32Array | Uint8Array): Span {
  let span = spans.get(values);
  if (!span) {
    let low = 2 ** 31;
    let high = -(2 ** 31) - 1;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    span = { low, high };
    spans.set(values, span);
  }
  return span;
}

/** The span of doubles, as {@link spanOfInts}; NaN at both ends when one is NaN. */
export function spanOfDoubles(values: Float64Array): Span {
  let span = spans.get(values);
  if (!span) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < values.length; i++) {
      low = Math.min(low, values[i]!);
      high = Math.max(high, values[i]!);
    }
    span = { low, high };
    spans.set(values, span);
  }
  return span;
}
