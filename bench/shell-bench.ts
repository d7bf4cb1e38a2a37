import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import type { Figures } from './figures.ts';
import type { BenchOptions } from './options.ts';
import type { Stage } from './stage.ts';

const web = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'web');
/** The script that coordinator and compute workers share, fetched once. */
const isWorker = (name: string) => name.includes('data.worker');

/** Brotli kilobytes of the scripts the workbench's page asked for until its first contentful paint. */
export async function benchShell(stage: Stage, figures: Figures, _options: BenchOptions): Promise<void> {
  const profile = await stage.profile();
  const { page, close } = await profile.open('about:blank');
  try {
    await page.goto(stage.store.url);
    const names = await page.evaluate(async () => {
      let paint: number | undefined;
      while (paint === undefined) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
      }
      const first = paint;
      return performance
        .getEntriesByType('resource')
        .filter((entry) => entry.name.endsWith('.js') && entry.startTime <= first)
        .map((entry) => new URL(entry.name).pathname.slice(1));
    });
    const scripts = [...new Set(names)].filter((name) => !isWorker(name));
    const size = (name: string) => brotliCompressSync(readFileSync(join(web, name))).byteLength / 1024;
    const total = scripts.reduce((sum, name) => sum + size(name), 0);
    figures.set(
      'shell/script-kb',
      total,
      'kB',
      `${scripts.length} scripts: ${scripts.map((name) => name.replace(/^assets\/|-[\w-]{8}\.js$/g, '')).join(', ')}`,
    );
    const workers = readdirSync(join(web, 'assets'))
      .filter(isWorker)
      .map((name) => `assets/${name}`);
    figures.set(
      'shell/worker-kb',
      workers.reduce((sum, name) => sum + size(name), 0),
      'kB',
      'coordinator and compute workers share it',
    );
  } finally {
    await close();
    await profile.remove();
  }
}
