// npm run bench -- NAME [--json FILE] [--scale S]: loads bench/NAME.ts through Vite (Node 20 has no type stripping).
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const [name, ...rest] = process.argv.slice(2);
if (!name || !/^[a-z-]+$/.test(name) || !existsSync(join(here, `${name}.ts`))) {
  console.error('Which benchmark? For example: npm run bench -- main --json figures.json --scale 0.1');
  process.exit(2);
}
if (!existsSync(join(here, 'node_modules')))
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, stdio: 'inherit' });
execFileSync(process.execPath, [join(here, '../store/cli/setup.mjs'), 'start'], { stdio: 'inherit' });

const { createServer, build } = await import('vite');
const server = await createServer({
  root: join(here, '..'),
  appType: 'custom',
  logLevel: 'warn',
  server: { middlewareMode: true, hmr: false, watch: null },
  optimizeDeps: { noDiscovery: true, include: [] },
});
try {
  const { run } = await server.ssrLoadModule(`/bench/${name}.ts`);
  await run(rest, { build });
} finally {
  await server.close();
}
process.exit(0);
