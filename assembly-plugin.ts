import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { Plugin } from 'vite';

/** First 16 digits of the SHA-256 of all parts. */
export function contentHash(parts: Iterable<string | Uint8Array>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 16);
}

const assemblyFlags = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--importMemory'];

/** Files being compiled: the page's bundle and its workers' ask for the same ones at the same time. */
const compiling = new Map<string, Promise<void>>();

async function compile(file: string, kept: string): Promise<void> {
  mkdirSync(dirname(kept), { recursive: true });
  const making = `${kept}.${process.pid}`;
  const { main } = await import('assemblyscript/asc');
  const { error, stderr } = await main([relative('.', file), '--outFile', making, ...assemblyFlags]);
  if (error) throw new Error(`${basename(file)}: ${error.message}\n${stderr.toString()}`);
  renameSync(making, kept);
}

/** Compiles `x.as.ts?wasm` (AssemblyScript) to a module that exports the WebAssembly `bytes`; kept by content. */
export function assemblyPlugin(): Plugin {
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
        const running = compiling.get(kept) ?? compile(file, kept).finally(() => compiling.delete(kept));
        compiling.set(kept, running);
        await running;
      }
      const base64 = readFileSync(kept, 'base64');
      return `export const bytes = Uint8Array.from(atob('${base64}'), (c) => c.charCodeAt(0));`;
    },
  };
}
