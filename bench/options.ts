import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Where the figures are written as JSON. */
  readonly json: string | undefined;
  /** Where they are written as a Markdown page. */
  readonly markdown: string | undefined;
  /** Share of every table's rows, `(0, 1]`. */
  readonly scale: number;
  readonly rounds: number;
  /** Parts to run; empty: all. */
  readonly only: readonly string[];
}

/** Reads `--json FILE --markdown FILE --scale S --rounds N --only PART,PART`. Throws a sentence for people. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'string' },
      markdown: { type: 'string' },
      scale: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '5' },
      only: { type: 'string', default: '' },
    },
  });
  const scale = Number(values.scale);
  const rounds = Number(values.rounds);
  if (!(scale > 0 && scale <= 1)) throw new Error('--scale must be above 0 and at most 1.');
  if (!(Number.isInteger(rounds) && rounds >= 1)) throw new Error('--rounds must be a whole number from 1.');
  return {
    json: values.json,
    markdown: values.markdown,
    scale,
    rounds,
    only: values.only.split(',').filter((part) => part !== ''),
  };
}
