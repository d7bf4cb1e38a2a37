import type { Step } from './step.ts';

/** Feature columns of one block, each of at least `rows` values. Results are new arrays; the given ones stay. */
export function applyStep(columns: readonly Float64Array[], rows: number, step: Step): Float64Array[] {
  switch (step.step) {
    case 'scale':
      return columns.map((x, j) => scaled(x, rows, step.center[j]!, step.scale[j]!));
    case 'impute':
      return columns.map((x, j) => filled(x, rows, step.fill[j]!));
    case 'normalize':
      return normalized(columns, rows, step.norm);
    case 'onehot':
      return columns.flatMap((x, j) => indicators(x, rows, step.sizes[j]!, step.drop?.[j]));
    case 'polynomial':
      return step.powers.map((powers) => product(columns, rows, powers));
    case 'select':
      return step.indices.map((j) => columns[j]!);
    case 'project':
      return step.components.map((component, k) =>
        projected(columns, rows, step.mean, component, step.scale?.[k] ?? 1),
      );
  }
}

/** How many columns a step makes of `columns`. */
export function widthAfter(columns: number, step: Step): number {
  switch (step.step) {
    case 'onehot':
      return step.sizes.reduce(
        (sum, size, j) => sum + (size === 0 ? 1 : size - ((step.drop?.[j] ?? -1) >= 0 ? 1 : 0)),
        0,
      );
    case 'polynomial':
      return step.powers.length;
    case 'select':
      return step.indices.length;
    case 'project':
      return step.components.length;
    default:
      return columns;
  }
}

function scaled(x: Float64Array, rows: number, center: number, scale: number): Float64Array {
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) out[i] = (x[i]! - center) / scale;
  return out;
}

function filled(x: Float64Array, rows: number, fill: number): Float64Array {
  const out = x.slice(0, rows);
  for (let i = 0; i < rows; i++) if (Number.isNaN(out[i]!)) out[i] = fill;
  return out;
}

function normalized(
  columns: readonly Float64Array[],
  rows: number,
  norm: 'l1' | 'l2' | 'max',
): Float64Array[] {
  const size = new Float64Array(rows);
  for (const x of columns)
    for (let i = 0; i < rows; i++) {
      const magnitude = Math.abs(x[i]!);
      if (norm === 'l1') size[i]! += magnitude;
      else if (norm === 'l2') size[i]! += magnitude * magnitude;
      else size[i] = Math.max(size[i]!, magnitude);
    }
  for (let i = 0; i < rows; i++) {
    if (norm === 'l2') size[i] = Math.sqrt(size[i]!);
    if (size[i] === 0) size[i] = 1;
  }
  return columns.map((x) => {
    const out = new Float64Array(rows);
    for (let i = 0; i < rows; i++) out[i] = x[i]! / size[i]!;
    return out;
  });
}

function indicators(x: Float64Array, rows: number, size: number, drop = -1): Float64Array[] {
  if (size === 0) return [x];
  const out = Array.from({ length: size }, () => new Float64Array(rows));
  for (let i = 0; i < rows; i++) {
    const code = x[i]!;
    if (code >= 0) out[code]![i] = 1;
    else if (Number.isNaN(code)) for (const column of out) column[i] = Number.NaN;
  }
  return out.filter((_, code) => code !== drop);
}

function product(columns: readonly Float64Array[], rows: number, powers: readonly number[]): Float64Array {
  const out = new Float64Array(rows).fill(1);
  powers.forEach((power, j) => {
    const x = columns[j]!;
    for (let p = 0; p < power; p++) for (let i = 0; i < rows; i++) out[i]! *= x[i]!;
  });
  return out;
}

function projected(
  columns: readonly Float64Array[],
  rows: number,
  mean: readonly number[],
  component: readonly number[],
  scale: number,
): Float64Array {
  const out = new Float64Array(rows);
  columns.forEach((x, j) => {
    const [m, c] = [mean[j]!, component[j]!];
    for (let i = 0; i < rows; i++) out[i]! += (x[i]! - m) * c;
  });
  if (scale !== 1) for (let i = 0; i < rows; i++) out[i]! /= scale;
  return out;
}
