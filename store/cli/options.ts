import { parseArgs } from 'node:util';
import { UsageError } from './print.ts';

interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly short?: string;
}

/** Options as typed; every value is a list, empty where the option was not given. */
export interface Typed {
  /** The last value given. Throws `UsageError` when one was given and is empty. */
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  flag(name: string): boolean;
  readonly rest: readonly string[];
}

/** Reads options, `--name value` or `--name=value`. Throws {@link UsageError} with one sentence. */
export function readOptions(args: readonly string[], options: Readonly<Record<string, OptionSpec>>): Typed {
  const known = Object.keys(options).map((name) => `--${name}`);
  const { tokens } = parseArgs({ args: [...args], options: { ...options }, strict: false, tokens: true });
  const values = new Map<string, string[]>();
  const flags = new Set<string>();
  const rest: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') rest.push(token.value);
    if (token.kind !== 'option') continue;
    const spec = options[token.name];
    if (!spec)
      throw new UsageError(`There is no option ${token.rawName}: the options here are ${known.join(', ')}.`);
    if (spec.type === 'boolean') {
      if (token.value !== undefined) throw new UsageError(`${token.rawName} takes no value.`);
      flags.add(token.name);
      continue;
    }
    if (token.value === undefined || token.value === '')
      throw new UsageError(`${token.rawName} needs a value after it.`);
    values.set(token.name, [...(values.get(token.name) ?? []), token.value]);
  }
  return {
    text: (name) => values.get(name)?.at(-1),
    texts: (name) => values.get(name) ?? [],
    flag: (name) => flags.has(name),
    rest,
  };
}
