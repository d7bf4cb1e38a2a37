import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { playwright } from '@vitest/browser-playwright';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { shellPlugin } from './src/workers/shell-plugin.ts';

const chromium = process.env.EXANALYTICS_CHROMIUM ?? '/usr/bin/chromium';

/** Files of `public/`, copied as they are, that belong to the shell. */
function copiedFiles(): Map<string, Uint8Array> {
  if (!existsSync('public')) return new Map();
  const names = readdirSync('public', { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => /\.(webmanifest|png|svg|ico|woff2|js)$/.test(name));
  return new Map(files.map((name) => [`/${name.replaceAll('\\', '/')}`, readFileSync(`public/${name}`)]));
}

function contentHash(parts: Iterable<string | Uint8Array>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 16);
}

const assemblyFlags = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--importMemory'];

/** Compiles `x.as.ts?wasm` (AssemblyScript) to a module that exports the WebAssembly `bytes`; kept by content. */
function assemblyPlugin(): Plugin {
  return {
    name: 'assemblyscript',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith('.as.ts?wasm')) return undefined;
      const file = id.slice(0, -'?wasm'.length);
      const folder = dirname(file);
      const sources = readdirSync(folder).filter((name) => name.endsWith('.as.ts'));
      for (const name of sources) this.addWatchFile(join(folder, name));
      const hash = contentHash([
        basename(file),
        ...assemblyFlags,
        ...sources.map((name) => readFileSync(join(folder, name))),
      ]);
      const kept = join('node_modules/.cache/assembly', `${hash}.wasm`);
      if (!existsSync(kept)) {
        mkdirSync(dirname(kept), { recursive: true });
        const making = `${kept}.${process.pid}`;
        const { main } = await import('assemblyscript/asc');
        const { error, stderr } = await main([relative('.', file), '--outFile', making, ...assemblyFlags]);
        if (error) this.error(`${basename(file)}: ${error.message}\n${stderr.toString()}`);
        renameSync(making, kept);
      }
      const base64 = readFileSync(kept, 'base64');
      return `export const bytes = Uint8Array.from(atob('${base64}'), (c) => c.charCodeAt(0));`;
    },
  };
}

export default defineConfig(({ mode }) => ({
  define: { global: 'globalThis' },
  worker: { format: 'es' as const, plugins: () => [assemblyPlugin()] },
  plugins:
    mode === 'store'
      ? [assemblyPlugin()]
      : [
          assemblyPlugin(),
          shellPlugin({ entry: 'src/workers/shell.worker.ts', copied: copiedFiles, hash: contentHash }),
        ],
  build:
    mode === 'store'
      ? {
          ssr: true,
          outDir: 'dist/store',
          copyPublicDir: false,
          target: 'node20',
          rollupOptions: {
            input: {
              main: 'store/cli/main.ts',
              ndarray: 'src/ndarray.ts',
              'evaluate-worker': 'store/drivers/chunks/evaluate-worker.ts',
            },
          },
        }
      : { outDir: 'dist/web', target: 'es2022' },
  test: {
    projects: [
      {
        extends: true as const,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['src/**/*.test.ts', 'store/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts', '**/node_modules/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true as const,
        // Found late (a lazy import), they would reload a running test.
        optimizeDeps: {
          include: [
            'plotly.js/lib/bar',
            'plotly.js/lib/core',
            'axe-core',
            'lit/directives/class-map.js',
            'lit/directives/guard.js',
            'lit/directives/repeat.js',
            'lit/directives/style-map.js',
            'lit/directives/unsafe-svg.js',
            '@awesome.me/webawesome/dist/components/copy-button/copy-button.js',
            '@awesome.me/webawesome/dist/components/dialog/dialog.js',
            '@awesome.me/webawesome/dist/components/icon/library.js',
            'read-excel-file/universal',
          ],
        },
        test: {
          name: 'browser',
          include: ['src/**/*.browser.test.ts'],
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: chromium,
                args: [
                  '--no-sandbox',
                  '--disable-background-networking',
                  '--disable-component-update',
                  '--disable-sync',
                  '--no-first-run',
                ],
              },
            }),
            instances: [{ browser: 'chromium' as const }],
          },
        },
      },
    ],
  },
}));
