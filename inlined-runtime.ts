/** What is needed of a script that a bundler writes. */
interface BuiltChunk {
  readonly fileName: string;
  code?: string;
}

const isRuntime = (fileName: string): boolean => /(?:^|\/)rolldown-runtime-[\w-]+\.js$/.test(fileName);

/**
 * Puts the bundler's own few lines into each of `chunks` that imports them: they would be a file by themselves, which many
 * share, and a request on a line where each counts. They keep nothing, so that there may be several copies. Gives the name
 * of the file that `chunks` no longer need.
 */
export function inlineRuntime(
  bundle: Readonly<Record<string, BuiltChunk>>,
  chunks: readonly BuiltChunk[],
): string | undefined {
  const runtime = Object.values(bundle).find(({ fileName }) => isRuntime(fileName));
  if (runtime?.code === undefined) return undefined;
  const [, body, names] = /^(.*)export\{([^}]*)\};?\s*(?:\/\/.*)?$/s.exec(runtime.code) ?? [];
  if (body === undefined || names === undefined) throw new Error(`${runtime.fileName} is not as it was.`);
  const made = `(()=>{${body}return{${renamed(names, (from, to) => `${to}:${from}`)}}})()`;
  for (const chunk of chunks)
    chunk.code = chunk.code?.replace(
      /import\{([^}]*)\}from["']\.\/rolldown-runtime-[\w-]+\.js["'];?/,
      (_, used: string) => `const{${renamed(used, (from, to) => `${from}:${to}`)}}=${made};`,
    );
  return runtime.fileName;
}

/** `a as b, c` with each pair written anew. */
function renamed(names: string, write: (from: string, to: string) => string): string {
  return names
    .split(',')
    .map((name) => {
      const [from, to = from] = name.trim().split(/\s+as\s+/);
      return write(from!, to!);
    })
    .join(',');
}
