#!/usr/bin/env node
// The command line: starts what `vite build --mode store` made of store/cli/main.ts, building it first when missing.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, checkNode } from './setup.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const main = join(root, 'dist', 'store', 'main.js');

const complaint = checkNode();
if (complaint) {
  console.error(complaint);
  process.exit(1);
}
if (!existsSync(main)) build();

const { runCommand } = await import(pathToFileURL(main).href);
process.exitCode = await runCommand(process.argv.slice(2), { root });
