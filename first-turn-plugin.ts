import { inlineRuntime } from './inlined-runtime.ts';

/** What a bundler tells of a file it writes. */
interface BuiltFile {
  readonly type: 'chunk' | 'asset';
  readonly fileName: string;
  readonly imports?: readonly string[];
  /** Absolute path of the module that a chunk is made for. */
  readonly facadeModuleId?: string | null;
  readonly moduleIds?: readonly string[];
  code?: string;
  source?: string | Uint8Array;
}

type Bundle = Record<string, BuiltFile>;

/** What {@link firstTurnPlugin} puts into the page. */
export interface FirstTurnOptions {
  /** A module of each view, by the view's name in an address. */
  readonly views: Readonly<Record<string, string>>;
  /** Tells the scripts of workers by their file names. */
  readonly isWorker: (fileName: string) => boolean;
  /** What tells this build from another, as in its scripts. */
  readonly build: string;
}

const placeholder = /\/\* files of the first turn \*\/ \{[^;]*\}(?=;)/;

/**
 * Has Chromium compile all of a script while it comes, beside the page's thread, instead of each function there when it is
 * first called: most of those of a first turn are, before the first number. A comment to others.
 */
const atOnce = '//# allFunctionsCalledOnLoad';

/**
 * Makes the page's first turn after itself its last: a browser asks a store for six files at a time, and on a train each
 * turn takes half a second. Styles and the entry's few lines stand in the page, and it knows which files its view and its
 * workers need. Throws when the page has no place for them.
 */
export function firstTurnPlugin({ views, isWorker, build }: FirstTurnOptions) {
  let brought: ReadonlySet<string> = new Set();
  return {
    name: 'exanalytics-first-turn',
    apply: 'build' as const,
    enforce: 'post' as const,
    transformIndexHtml: {
      order: 'post' as const,
      handler(html: string, { bundle }: { readonly bundle?: Bundle }) {
        if (!bundle || !placeholder.test(html)) return html;
        const first = Object.values(bundle).filter(
          (file) => file.type === 'chunk' && html.includes(`"${addressOf(file.fileName)}"`),
        );
        const ofViews = Object.values(views).map((module) => chunkOf(bundle, module));
        const runtime = inlineRuntime(bundle, [...first, ...ofViews]);
        const page = runtime === undefined ? html : withoutPreload(html, runtime);
        const files = {
          views: filesOfViews(bundle, page, views, runtime),
          workers: Object.keys(bundle).filter(isWorker).map(addressOf),
          build,
        };
        brought = new Set([...first, ...ofViews].map(({ fileName }) => fileName));
        return inlined(page, bundle).replace(placeholder, () => JSON.stringify(files));
      },
    },
    generateBundle: {
      // It counts only before all code, that of other plugins too.
      order: 'post' as const,
      handler(_: unknown, bundle: Bundle) {
        for (const { type, fileName, code } of Object.values(bundle))
          if (type === 'chunk' && brought.has(fileName)) bundle[fileName]!.code = `${atOnce}\n${code}`;
      },
    },
  };
}

/** Scripts of each view that the page does not name itself; `but` has become part of others. */
function filesOfViews(
  bundle: Bundle,
  html: string,
  views: FirstTurnOptions['views'],
  but: string | undefined,
): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(views).map(([view, module]) => [
      view,
      restsOn(bundle, chunkOf(bundle, module).fileName)
        .filter((name) => name !== but && !html.includes(`"${addressOf(name)}"`))
        .map(addressOf),
    ]),
  );
}

function chunkOf(bundle: Bundle, module: string): BuiltFile {
  const found = Object.values(bundle).find(({ moduleIds }) =>
    moduleIds?.some((id) => id.endsWith(`/${module}`)),
  );
  if (!found) throw new Error(`No file of the build has ${module}: its view would come a turn later.`);
  return found;
}

function withoutPreload(html: string, fileName: string): string {
  return html.replace(/\s*<link rel="modulepreload"[^>]* href="([^"]+)">/g, (tag, href) =>
    href === addressOf(fileName) ? '' : tag,
  );
}

function restsOn(bundle: Bundle, fileName: string, seen = new Set<string>()): string[] {
  if (seen.has(fileName)) return [];
  seen.add(fileName);
  return [fileName, ...(bundle[fileName]?.imports ?? []).flatMap((next) => restsOn(bundle, next, seen))];
}

/** The page with its style sheet and its entry inside; both are removed from the build. */
function inlined(html: string, bundle: Bundle): string {
  return html
    .replace(/<link rel="stylesheet"[^>]* href="\/([^"]+)">/, (tag, name: string) => {
      const source = bundle[name]?.source;
      if (source === undefined) return tag;
      delete bundle[name];
      return `<style>${String(source).trim()}</style>`;
    })
    .replace(/<script type="module"[^>]* src="\/([^"]+)"><\/script>/, (tag, name: string) => {
      const code = bundle[name]?.code;
      if (code === undefined || code.includes('</script')) return tag;
      delete bundle[name];
      const folder = addressOf(name.slice(0, name.lastIndexOf('/') + 1));
      const moved = code.replace(
        /(["'`])\.\/([\w.-]+)\1/g,
        (_, quote: string, file: string) => quote + folder + file + quote,
      );
      return `<script type="module">${moved.trim()}</script>`;
    });
}

function addressOf(fileName: string): string {
  return `/${fileName}`;
}
