import { posix } from 'node:path';

export interface BuiltChunk {
  readonly type: 'chunk' | 'asset';
  readonly fileName: string;
  readonly imports?: readonly string[];
  code?: string;
  readonly moduleIds?: readonly string[];
}

/**
 * Has each entry under `folder` import all scripts it rests on itself, so that a browser learns of them at once and not one
 * layer after the other. They run in the order in which they would have.
 */
export function flatImportsPlugin(folder: string) {
  return {
    name: 'exanalytics-flat-imports',
    apply: 'build' as const,
    enforce: 'post' as const,
    generateBundle(_: unknown, bundle: Record<string, BuiltChunk>) {
      for (const entry of Object.values(bundle)) {
        if (entry.type !== 'chunk' || !entry.fileName.startsWith(folder) || entry.code === undefined)
          continue;
        const from = posix.dirname(entry.fileName);
        const lines = restsOn(bundle, entry).map((name) => `import"${posix.relative(from, name)}";`);
        entry.code = `${lines.join('')}${entry.code}`;
      }
    },
  };
}

/** Scripts that `entry` imports, through others too, each after those it imports itself. */
export function restsOn(bundle: Readonly<Record<string, BuiltChunk>>, entry: BuiltChunk): string[] {
  const seen = new Set([entry.fileName]);
  const inOrder: string[] = [];
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const next of importsOf(bundle[name])) visit(next);
    inOrder.push(name);
  };
  for (const name of importsOf(entry)) visit(name);
  return inOrder;
}

/** What a script still imports: some has become part of it. */
function importsOf({ imports = [], code = '' }: Partial<BuiltChunk> = {}): readonly string[] {
  const said = new Set(
    Array.from(code.matchAll(/(?:from|import)\s*["']([^"']+)["']/g), ([, path]) => posix.basename(path!)),
  );
  return imports.filter((name) => said.has(posix.basename(name)));
}
