import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { build as viteBuild } from 'vite';
import { assemblyPlugin } from '../assembly-plugin.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Builds the pages the benchmarks measure in, and gives their directory. */
export async function buildPages(build: typeof viteBuild): Promise<string> {
  const outDir = join(root, 'dist', 'bench');
  await build({
    configFile: false,
    root: join(root, 'bench', 'pages'),
    logLevel: 'warn',
    define: { global: 'globalThis' },
    plugins: [assemblyPlugin()],
    worker: { format: 'es', plugins: () => [assemblyPlugin()] },
    build: { outDir, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 100_000 },
  });
  return outDir;
}
