/** What a bundler tells of a file it writes. */
interface BuiltFile {
  readonly type: 'chunk' | 'asset';
  readonly fileName: string;
  code?: string;
  source?: string | Uint8Array;
}

/** Effects of {@link shellPlugin}. */
export interface ShellPluginOptions {
  /** Where the service worker's source is. */
  readonly entry: string;
  /** Paths of files copied as they are (manifest, icons), each beginning with `/`, and their contents. */
  readonly copied: () => ReadonlyMap<string, Uint8Array>;
  /** Short hexadecimal hash. */
  readonly hash: (parts: Iterable<string | Uint8Array>) => string;
}

const placeholder = '__EXANALYTICS_SHELL__';

/**
 * Builds the service worker to `/sw.js` and tells it which files make the shell: all scripts, styles, fonts and pictures
 * of the build, and a version that changes when any of them does. Throws when the page itself is not among them.
 */
export function shellPlugin(options: ShellPluginOptions) {
  return {
    name: 'exanalytics-shell',
    apply: 'build' as const,
    enforce: 'post' as const,
    buildStart(this: { emitFile(file: { type: 'chunk'; id: string; fileName: string }): string }) {
      this.emitFile({ type: 'chunk', id: options.entry, fileName: 'sw.js' });
    },
    generateBundle: {
      order: 'post' as const,
      handler(_: unknown, bundle: Record<string, BuiltFile>) {
        const worker = bundle['sw.js'];
        if (worker?.type !== 'chunk' || worker.code === undefined) return;
        const files = Object.values(bundle).filter(
          ({ fileName }) => fileName !== 'sw.js' && !fileName.endsWith('.map'),
        );
        if (!files.some(({ fileName }) => fileName === 'index.html'))
          throw new Error('The service worker cannot be built: the build has no index.html.');
        const copied = options.copied();
        const paths = [...files.map(({ fileName }) => `/${fileName}`), ...copied.keys()].sort();
        const version = options.hash([
          ...paths,
          ...files.map((file) => file.code ?? file.source ?? ''),
          ...copied.values(),
        ]);
        worker.code = worker.code
          .replaceAll(placeholder, JSON.stringify({ version, paths }))
          .replace(/export\s*\{\s*\};?\s*$/, '');
      },
    },
  };
}
