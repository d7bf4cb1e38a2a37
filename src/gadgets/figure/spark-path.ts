/** A line through values at even distances, in a box of 100 × 100 units, y down; breaks where a value is missing. */
export interface SparkPath {
  readonly line: string;
  /** The line closed down to the bottom. */
  readonly area: string;
}

/** The paths of a series; empty with fewer than two values. Values reach from the bottom (0, or the least) to the top. */
export function sparkPath(values: readonly (number | null)[]): SparkPath {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length < 2) return { line: '', area: '' };
  const low = Math.min(0, ...known);
  const height = Math.max(...known, low) - low || 1;
  const x = (i: number): string => short((100 * i) / (values.length - 1));
  const y = (value: number): string => short(100 - (100 * (value - low)) / height);
  const runs: number[][] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    const run = runs[runs.length - 1];
    if (run && run[run.length - 1] === i - 1) run.push(i);
    else runs.push([i]);
  }
  const lines = runs.map((run) => `M${run.map((i) => `${x(i)} ${y(values[i]!)}`).join('L')}`);
  const areas = runs.map((run, r) => `${lines[r]}L${x(run[run.length - 1]!)} 100L${x(run[0]!)} 100Z`);
  return { line: lines.join(''), area: areas.join('') };
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
