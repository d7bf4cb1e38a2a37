import { posix } from 'node:path';

/**
 * Writes a script at `fileName` that imports the data workers' script, whose own name changes with every build: what a portal's
 * copy imports, or its proxy passes on. Throws when the build has no such script.
 */
export function workerAddressPlugin(fileName: string) {
  return {
    name: 'exanalytics-worker-address',
    apply: 'build' as const,
    enforce: 'post' as const,
    generateBundle: {
      order: 'post' as const,
      handler(
        this: { emitFile(file: { type: 'asset'; fileName: string; source: string }): string },
        _: unknown,
        bundle: Record<string, unknown>,
      ) {
        const script = Object.keys(bundle).find((name) => /\/data\.worker-[\w-]+\.js$/.test(name));
        if (!script) throw new Error('The build has no script of data workers.');
        const from = posix.dirname(fileName);
        this.emitFile({ type: 'asset', fileName, source: `import"${posix.relative(from, script)}";\n` });
      },
    },
  };
}
