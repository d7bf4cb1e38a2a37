import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type Figures, machine } from './figures.ts';
import type { BenchOptions } from './options.ts';

/** Puts one benchmark's figures into a Markdown page as a section of its own; the sections of others stay. */
export function writeSection(
  file: string,
  name: string,
  figures: Figures,
  { scale, rounds }: Pick<BenchOptions, 'scale' | 'rounds'>,
): void {
  const heading = `## ${name}`;
  const section = `${heading}\n\n\`npm run bench -- ${name}\` on ${new Date().toISOString().slice(0, 10)}, ${machine()}, scale ${scale}, ${rounds} rounds.\n\n${figures.markdown()}\n`;
  const page = existsSync(file) ? readFileSync(file, 'utf8') : '# Benchmarks\n';
  const others = page.split(/\n(?=## )/).filter((part) => part.split('\n', 1)[0] !== heading);
  writeFileSync(file, `${[...others.map((part) => part.trimEnd()), section.trimEnd()].join('\n\n')}\n`);
}
