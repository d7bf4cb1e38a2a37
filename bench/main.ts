import type { build as viteBuild } from 'vite';
import { buildPages } from './build-pages.ts';
import { benchClients } from './clients-bench.ts';
import { Figures } from './figures.ts';
import { writeSection } from './markdown-page.ts';
import { readOptions } from './options.ts';
import { benchPainted } from './painted-bench.ts';
import { benchRefresh } from './refresh-bench.ts';
import { benchScroll } from './scroll-bench.ts';
import { benchShell } from './shell-bench.ts';
import { openStage, type Stage } from './stage.ts';
import { benchStream } from './stream-bench.ts';

/** What issue 2 asks of each figure. */
const asks: Readonly<Record<string, string>> = {
  'crossfilter/first-vs-duckdb': '≤ 0.4',
  'crossfilter/first-vs-perspective': '≤ 0.02',
  'crossfilter/cube-build-vs-duckdb': '≤ 1.3',
  'crossfilter/brush-vs-duckdb': '≤ 0.02',
  'crossfilter/brush-p95-ms': '≤ 4',
  'crossfilter/brush-painted-p95-ms': '≤ 33',
  'load/question-vs-duckdb': '≤ 0.5',
  'refresh/one-vs-cold': '≤ 0.01',
  'refresh/one-kb': '≤ 16',
  'refresh/thousand-kb': '≤ 256',
  'stream/warm-vs-bare-fetch': '≥ 0.7',
  'stream/cold-vs-bare-fetch': '≥ 0.2',
  'shell/script-kb': '≤ 100',
  'shell/worker-kb': '≤ 150',
  'scroll/memory-mb': '≤ 350',
};

/** Each part on a stage of its own, named as `--only` names it. */
const parts: Readonly<
  Record<string, (stage: Stage, figures: Figures, options: ReturnType<typeof readOptions>) => Promise<void>>
> = {
  shell: benchShell,
  crossfilter: benchClients,
  load: benchClients,
  painted: benchPainted,
  refresh: benchRefresh,
  stream: benchStream,
  scroll: benchScroll,
};

/** Measures every figure of issue 2, or `--only` some of its parts. */
export async function run(args: readonly string[], { build }: { build: typeof viteBuild }): Promise<void> {
  const options = readOptions(args);
  const figures = new Figures(asks);
  const pages = await buildPages(build);
  const chosen = new Set(
    Object.entries(parts)
      .filter(([name]) => options.only.length === 0 || options.only.includes(name))
      .map(([, part]) => part),
  );
  for (const part of chosen) {
    const stage = await openStage(pages);
    try {
      await part(stage, figures, options);
    } finally {
      await stage.close();
    }
    // After each part: what was measured is kept though a later part fails.
    if (options.json) figures.write(options.json);
    if (options.markdown) writeSection(options.markdown, 'main', figures, options);
  }
}
