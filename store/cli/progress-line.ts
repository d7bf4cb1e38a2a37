/** Where progress is shown. */
interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** One line that is written over on a terminal; elsewhere nothing, so that logs stay short. */
export function progressLine(
  terminal: Terminal,
  clock: () => number = Date.now,
): { show(line: string): void; done(): void } {
  let shown = '';
  let last = Number.NEGATIVE_INFINITY;
  return {
    show(line) {
      if (!terminal.isTTY || clock() - last < 100) return;
      last = clock();
      terminal.write(`\r${line.padEnd(shown.length)}`);
      shown = line;
    },
    done() {
      if (shown) terminal.write(`\r${' '.repeat(shown.length)}\r`);
      shown = '';
    },
  };
}
