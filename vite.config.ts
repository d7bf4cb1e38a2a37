import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { shellPlugin } from './src/workers/shell-plugin.ts';

const chromium = process.env.EXANALYTICS_CHROMIUM ?? '/usr/bin/chromium';

/** Files of `public/`, copied as they are, that belong to the shell. */
function copiedFiles(): Map<string, Uint8Array> {
  if (!existsSync('public')) return new Map();
  const names = readdirSync('public', { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => /\.(webmanifest|png|svg|ico|woff2)$/.test(name));
  return new Map(files.map((name) => [`/${name.replaceAll('\\', '/')}`, readFileSync(`public/${name}`)]));
}

function contentHash(parts: Iterable<string | Uint8Array>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 16);
}

export default defineConfig(({ mode }) => ({
  define: { global: 'globalThis' },
  worker: { format: 'es' as const },
  plugins:
    mode === 'store'
      ? []
      : [shellPlugin({ entry: 'src/workers/shell.worker.ts', copied: copiedFiles, hash: contentHash })],
  build:
    mode === 'store'
      ? {
          ssr: true,
          outDir: 'dist/store',
          copyPublicDir: false,
          target: 'node20',
          rollupOptions: { input: { main: 'store/cli/main.ts' } },
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
