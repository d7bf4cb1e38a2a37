import { readFileSync } from 'node:fs';
import { dirname, posix, resolve } from 'node:path';
import { build, type Rollup } from 'vite';
import { type BuiltChunk, restsOn } from './flat-imports-plugin.ts';

/** Where the tags of gadgets stand beside the code of each. */
const registry = 'src/gadgets/registry.ts';
/** Its exports are what portals import. */
const source = 'src/embed.ts';

/**
 * Writes the script a portal loads, at `fileName`: one file that needs no other to begin, with the names of all others it
 * will want, which change with every build. Throws when the build lacks one of them.
 */
export function embedEntryPlugin(fileName: string) {
  return {
    name: 'exanalytics-embed-entry',
    apply: 'build' as const,
    enforce: 'post' as const,
    generateBundle: {
      order: 'post' as const,
      async handler(
        this: { emitFile(file: { type: 'asset'; fileName: string; source: string }): string },
        _: unknown,
        bundle: Record<string, BuiltChunk>,
      ) {
        const from = posix.dirname(fileName);
        const address = (name: string): string => posix.relative(from, name);
        const chunks = Object.values(bundle).filter(({ type }) => type === 'chunk');
        const chunkOf = (file: string): BuiltChunk => {
          const path = resolve(file);
          const found = chunks.find(({ moduleIds }) => moduleIds?.includes(path));
          if (!found) throw new Error(`The build has no script with ${file}.`);
          return found;
        };
        const portal = chunks.find(({ fileName: name }) => /\/portal-page-[\w-]+\.js$/.test(name));
        const worker = Object.keys(bundle).find((name) => /\/data\.worker-[\w-]+\.js$/.test(name));
        if (!portal || !worker) throw new Error('The build lacks the script of portals or that of workers.');
        const names = [...restsOn(bundle, portal), portal.fileName];
        const portalCount = names.length;
        const gadgets: Record<string, number[]> = {};
        for (const [, tag, file] of readFileSync(registry, 'utf8').matchAll(
          /^ +'(exa-[\w-]+)': .*import\('(\.[^']+)'\)/gm,
        )) {
          const chunk = chunkOf(resolve(dirname(registry), file!));
          const needed = [...restsOn(bundle, chunk), chunk.fileName];
          for (const name of needed) if (!names.includes(name)) names.push(name);
          const places = needed.map((name) => names.indexOf(name));
          gadgets[tag!] = places.filter((place) => place >= portalCount);
        }
        const scripts = {
          names: names.map((name) => address(name)),
          portal: portalCount - 1,
          worker: address(worker),
          gadgets,
        };
        this.emitFile({ type: 'asset', fileName, source: await selfContained(scripts) });
      },
    },
  };
}

/** The entry with all it imports in it. */
async function selfContained(scripts: object): Promise<string> {
  const built = await build({
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    define: { __EXANALYTICS_SCRIPTS__: JSON.stringify(scripts) },
    build: {
      write: false,
      target: 'es2022',
      rollupOptions: { input: source, preserveEntrySignatures: 'exports-only' },
    },
  });
  const { output } = built as Rollup.RollupOutput;
  if (output.length !== 1) throw new Error(`${source} is more than one script.`);
  return output[0].code;
}
