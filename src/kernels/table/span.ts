/** Least and greatest of some values; `low` above `high` when there are none. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

const spans = new WeakMap<object, Span>();

/** A span that holds the selected values: of all of them where that is known or as cheap, else of just those. */
export function spanOfRows(
  values: Int32Array | Uint8Array | Float64Array,
  rows: Uint16Array | undefined,
): Span {
  const known = spans.get(values);
  if (known) return known;
  if (values instanceof Float64Array)
    return !rows || 2 * rows.length > values.length ? spanOfDoubles(values) : selectedDoubles(values, rows);
  return !rows || 2 * rows.length > values.length ? spanOfInts(values) : selectedInts(values, rows);
}

function selectedInts(values: Int32Array | Uint8Array, rows: Uint16Array): Span {
  let low = 2 ** 31;
  let high = -(2 ** 31) - 1;
  for (let n = 0; n < rows.length; n++) {
    const value = values[rows[n]!]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

function selectedDoubles(values: Float64Array, rows: Uint16Array): Span {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < rows.length; n++) {
    const value = values[rows[n]!]!;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, high };
}

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
