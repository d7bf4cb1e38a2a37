import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { assemblyPlugin, contentHash } from './assembly-plugin.ts';
import { chunkGroups, viewModules, workerGroups } from './chunk-groups.ts';
import { embedEntryPlugin } from './embed-entry-plugin.ts';
import { firstTurnPlugin } from './first-turn-plugin.ts';
import { flatImportsPlugin } from './flat-imports-plugin.ts';
import { shellPlugin } from './src/workers/shell-plugin.ts';
import { workerAddressPlugin } from './src/workers/worker-address-plugin.ts';

const chromium = process.env.EXANALYTICS_CHROMIUM ?? '/usr/bin/chromium';

/** Files of `public/`, copied as they are, that belong to the shell. */
function copiedFiles(): Map<string, Uint8Array> {
  if (!existsSync('public')) return new Map();
  const names = readdirSync('public', { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => /\.(webmanifest|png|svg|ico|woff2|js)$/.test(name));
  return new Map(files.map((name) => [`/${name.replaceAll('\\', '/')}`, readFileSync(`public/${name}`)]));
}

const storeEntries: Record<string, string> = {
  main: 'store/cli/main.ts',
  ndarray: 'src/ndarray.ts',
  'evaluate-worker': 'store/drivers/chunks/evaluate-worker.ts',
};

/** The workbench, and what portals load; frames by a name that stays (the script of portals: embed-entry-plugin). */
const webEntries: Record<string, string> = {
  index: 'index.html',
  'portal-page': 'src/embed/page-portal.ts',
  frame: 'src/frame.ts',
  renderjs: 'src/renderjs.ts',
};

/** What tells one build from another: all it is made of. */
function buildHash(): string {
  const names = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.ts$/.test(name),
  );
  return contentHash(
    ['package-lock.json', ...names.sort().map((name) => `src/${name}`)].map((name) => readFileSync(name)),
  );
}

/** A person's first command builds: what it prints is for them. Sizes have their own check (`bench -- main`, `shell`). */
const quiet = {
  chunkSizeWarningLimit: 4096,
  reportCompressedSize: false,
  rollupOptions: { checks: { pluginTimings: false, ineffectiveDynamicImport: false } },
};

export default defineConfig(({ mode, command }) => ({
  define: {
    global: 'globalThis',
    ...(command === 'build' && { __EXANALYTICS_BUILD__: JSON.stringify(buildHash()) }),
  },
  worker: {
    format: 'es' as const,
    plugins: () => [assemblyPlugin()],
    rolldownOptions: { output: { codeSplitting: { groups: workerGroups() } } },
  },
  plugins:
    mode === 'store'
      ? [assemblyPlugin()]
      : [
          assemblyPlugin(),
          flatImportsPlugin('embed/v1/'),
          firstTurnPlugin({
            views: viewModules(),
            isWorker: (name) => /^assets\/data\.worker-[\w-]+\.js$/.test(name),
            build: command === 'build' ? buildHash() : '',
          }),
          workerAddressPlugin('embed/v1/worker.js'),
          embedEntryPlugin('embed/v1/embed.js'),
          shellPlugin({ entry: 'src/workers/shell.worker.ts', copied: copiedFiles, hash: contentHash }),
        ],
  build:
    mode === 'store'
      ? {
          ssr: true,
          outDir: 'dist/store',
          copyPublicDir: false,
          ...quiet,
          target: 'node20',
          rollupOptions: { ...quiet.rollupOptions, input: storeEntries },
        }
      : {
          outDir: 'dist/web',
          target: 'es2022',
          ...quiet,
          rollupOptions: {
            ...quiet.rollupOptions,
            input: webEntries,
            // What a portal exports is asked for by name.
            preserveEntrySignatures: 'exports-only',
            output: {
              codeSplitting: { groups: chunkGroups() },
              entryFileNames: ({ name }) =>
                name === 'frame' || name === 'renderjs' ? 'embed/v1/[name].js' : 'assets/[name]-[hash].js',
            },
          },
        },
  test: {
    projects: [
      {
        extends: true as const,
        test: {
          name: 'unit',
          environment: 'node',
          // By default one processor is left idle: half of what CI has.
          maxWorkers: '100%',
          // Loading every module anew for every file takes more than half of the time; tests undo what they change.
          isolate: false,
          // Kills, races and random cases of stores and workers: a second try is listed as such.
          retry: process.env.CI ? 1 : 0,
          include: ['src/**/*.test.ts', 'store/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts', '**/node_modules/**'],
          // Patience, not promises of speed: a busy machine is several times slower.
          testTimeout: 180_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
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
          // As above: a page a processor.
          maxWorkers: '100%',
          // After the others: projects that run together must have as many workers.
          sequence: { groupOrder: 1 },
          // Waits for pictures depend on how busy the machine is; a second try is listed as such.
          retry: process.env.CI ? 1 : 0,
          include: ['src/**/*.browser.test.ts'],
          testTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
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
