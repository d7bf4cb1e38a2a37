import { readdirSync, readFileSync } from 'node:fs';

/** Every process under `pid`, itself included. */
function processesUnder(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // Ended meanwhile.
    }
  }
  const found = [pid];
  for (const parent of found)
    for (const [child, itsParent] of parents) if (itsParent === parent) found.push(child);
  return found;
}

/** Proportional set size of a process and all it started, in MiB (Linux). */
export function pssUnder(pid: number): number {
  let kib = 0;
  for (const one of processesUnder(pid)) {
    try {
      kib += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // Ended meanwhile.
    }
  }
  return kib / 1024;
}

/** The store's process over a data folder. */
export function storeProcess(dataDir: string): number {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      if (words.includes('serve') && words.includes(dataDir)) return Number(name);
    } catch {
      // Ended meanwhile.
    }
  }
  throw new Error('The store that was started is not among the processes.');
}

/** Bytes a process has handed to the disk so far (Linux). */
export function bytesWritten(pid: number): number {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1] ?? Number.NaN);
}

/** The process whose command line holds `mark` and no `--type=`: a Chromium's first. */
export function browserProcess(mark: string): number {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const line = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      if (line.includes(mark) && !line.includes('--type=') && line.includes('chrom')) return Number(name);
    } catch {
      // Ended meanwhile.
    }
  }
  throw new Error('The browser that was started is not among the processes.');
}
