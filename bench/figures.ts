import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

/** One number of a benchmark, with what it was asked to be. */
export interface Figure {
  readonly value: number;
  readonly unit: string;
  readonly note: string;
}

/** Collects figures by name; asks are for printing beside them, never a gate. */
export class Figures {
  private readonly figures = new Map<string, Figure>();

  constructor(private readonly asks: Readonly<Record<string, string>>) {}

  set(name: string, value: number, unit: string, note = ''): void {
    this.figures.set(name, { value: Number(value.toPrecision(4)), unit, note });
    console.log(
      `  ${name.padEnd(36)} ${this.figures.get(name)!.value} ${unit}  (ask ${this.asks[name] ?? '—'})`,
    );
  }

  markdown(): string {
    const rows = [...this.figures].map(
      ([name, { value, unit, note }]) =>
        `| \`${name}\` | ${this.asks[name] ?? ''} | ${value} ${unit} | ${note} |`,
    );
    return ['| figure | ask | here | note |', '|---|---|---|---|', ...rows].join('\n');
  }

  write(file: string): void {
    const figures = Object.fromEntries(this.figures);
    writeFileSync(
      file,
      `${JSON.stringify({ machine: machine(), date: new Date().toISOString(), figures }, null, 2)}\n`,
    );
  }
}

export function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Nearest-rank quantile of a non-empty list. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN;
}

/** Ratios ours ÷ peer's, round by round: a machine that drifts drifts for both. */
export function medianRatio(ours: readonly number[], peers: readonly number[]): number {
  return median(ours.map((value, i) => value / peers[i]!));
}
