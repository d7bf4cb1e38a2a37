import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { build as viteBuild } from 'vite';
import { assemblyPlugin } from '../assembly-plugin.ts';
import { benchSlice, benchSum, benchWrite, benchZoom } from './arrays-bench.ts';
import { Figures } from './figures.ts';
import { writeSection } from './markdown-page.ts';
import { readOptions } from './options.ts';
import { openStage, type Stage } from './stage.ts';

/** What issue 4 asks of each figure. */
const asks: Readonly<Record<string, string>> = {
  'zoom/p95-1e18-vs-1e6': '≤ 1.2',
  'zoom/max-pages': '≤ 8',
  'zoom/p95-kb': '≤ 1024',
  'zoom/first-coarse-ms': '≤ 33',
  'slice/vs-bare-fetch': '≥ 0.8',
  'slice/vs-zarrita': '≥ 1',
  'slice/cached-offline-vs-cold': '≥ 1',
  'sum/vs-two-thread-loop': '≥ 0.8',
  'sum/store-memory-mb': '≤ 1000',
  'write/scattered-kb': '≤ 2048',
};

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const parts: Readonly<
  Record<string, (stage: Stage, figures: Figures, options: ReturnType<typeof readOptions>) => Promise<void>>
> = { zoom: benchZoom, slice: benchSlice, sum: benchSum, write: benchWrite };

/** Measures every figure of issue 4, or `--only` some of its parts. */
export async function run(args: readonly string[], { build }: { build: typeof viteBuild }): Promise<void> {
  const options = readOptions(args);
  const figures = new Figures(asks);
  const pages = join(root, 'dist', 'bench');
  await build({
    configFile: false,
    root: join(root, 'bench', 'pages'),
    logLevel: 'warn',
    define: { global: 'globalThis' },
    plugins: [assemblyPlugin()],
    worker: { format: 'es', plugins: () => [assemblyPlugin()] },
    build: { outDir: pages, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 100_000 },
  });
  for (const [name, part] of Object.entries(parts)) {
    if (options.only.length > 0 && !options.only.includes(name)) continue;
    const stage = await openStage(pages);
    try {
      await part(stage, figures, options);
    } finally {
      await stage.close();
    }
    // After each part: what was measured is kept though a later part fails.
    if (options.json) figures.write(options.json);
    if (options.markdown) writeSection(options.markdown, 'arrays', figures, options);
  }
}
