import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

const chromium = process.env.EXANALYTICS_CHROMIUM ?? '/usr/bin/chromium';

export default defineConfig(({ mode }) => ({
  define: { global: 'globalThis' },
  worker: { format: 'es' as const },
  build:
    mode === 'store'
      ? {
          ssr: true,
          outDir: 'dist/store',
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
