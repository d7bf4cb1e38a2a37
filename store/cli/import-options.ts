import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Delimiter } from '../../src/import/delimiter.ts';
import type { ImportOptions } from '../../src/import/import-options.ts';
import type { ImportMode } from '../../src/protocol/import-columns.ts';
import { parseProfile } from '../../src/protocol/parse-profile.ts';
import type { Profile } from '../../src/protocol/profile.ts';
import { readOptions } from './options.ts';
import { UsageError } from './print.ts';

export const importHelp = `exanalytics import FILE --as NAME [options]

  Imports a CSV, TSV, NDJSON, Parquet or Arrow file (gzipped or not) through the running store.

    --as NAME            the data set's name
    --mode MODE          create (default), replace, append or upsert
    --key COL,…          the columns that name a row; upsert needs a key
    --profile FILE.json  what the table means, instead of a guess (columns by name)
    --date-order ORDER   dmy or mdy, where the dates leave it open
    --decimal MARK       the decimal mark, “,” or “.”
    --delimiter MARK     “,” “;” “|” or tab
    --zone ZONE          of times written without one, and of days and months (Europe/Paris)
    --null TEXT          a text that means a missing value; may be given several times
    --on-bad POLICY      values that do not fit their column: stop (default), skip the row, text (keep the column as text)
    --ragged POLICY      rows with too many or too few cells: stop (default), skip or pad
    --dry-run            prints types and profile as JSON; stores nothing
    --store URL          the running store (http://127.0.0.1:8090)
`;

/** What `exanalytics import` was asked. */
export interface ImportCommand {
  readonly help: boolean;
  readonly file: string;
  readonly name: string;
  readonly mode: ImportMode | undefined;
  readonly keys: readonly string[] | undefined;
  readonly profile: Profile | undefined;
  readonly zone: string | undefined;
  readonly reading: Omit<ImportOptions, 'types' | 'progress' | 'signal'>;
  readonly dryRun: boolean;
  readonly store: string;
}

/** Reads the command's words. Throws `UsageError` with one sentence. */
export async function readImportCommand(args: readonly string[]): Promise<ImportCommand> {
  const text = { type: 'string' } as const;
  const options = readOptions(args, {
    as: text,
    mode: text,
    key: text,
    profile: text,
    'date-order': text,
    decimal: text,
    delimiter: text,
    zone: text,
    null: { type: 'string', multiple: true },
    'on-bad': text,
    ragged: text,
    'dry-run': { type: 'boolean' },
    store: text,
    help: { type: 'boolean', short: 'h' },
  });
  const oneOf = <T extends string>(name: string, values: readonly T[]): T | undefined => {
    const given = options.text(name);
    if (given === undefined) return undefined;
    const found = values.find((value) => value === given);
    if (found) return found;
    throw new UsageError(`--${name} is ${values.join(', ')}; “${given}” is none of them.`);
  };
  const help = options.flag('help');
  const [file, ...more] = options.rest;
  if (!help && (file === undefined || more.length > 0))
    throw new UsageError('Name one file: exanalytics import FILE --as NAME.');
  const dryRun = options.flag('dry-run');
  const name =
    options.text('as') ?? (dryRun || help ? basename(file ?? 'table').replace(/\..*$/, '') : undefined);
  if (name === undefined)
    throw new UsageError('Give the data set a name: exanalytics import FILE --as NAME.');
  const path = options.text('profile');
  const delimiter = options.text('delimiter');
  const nulls = options.texts('null');
  const mark = delimiter === 'tab' || delimiter === '\\t' ? '\t' : delimiter;
  if (mark !== undefined && ![',', ';', '\t', '|'].includes(mark))
    throw new UsageError(`--delimiter is “,” “;” “|” or tab; “${mark}” is none of them.`);
  const zone = options.text('zone');
  return {
    help,
    file: file ?? '',
    name,
    mode: oneOf('mode', ['create', 'replace', 'append', 'upsert']),
    keys: options
      .text('key')
      ?.split(',')
      .map((key) => key.trim())
      .filter(Boolean),
    profile: path === undefined ? undefined : await readProfile(path),
    zone,
    reading: {
      onBad: oneOf('on-bad', ['stop', 'skip', 'text']),
      ragged: oneOf('ragged', ['stop', 'skip', 'pad']),
      dateOrder: oneOf('date-order', ['dmy', 'mdy']),
      decimal: oneOf('decimal', [',', '.']),
      delimiter: mark as Delimiter | undefined,
      zone,
      ...(nulls.length > 0 ? { nulls: ['', ...nulls] } : {}),
    },
    dryRun,
    store: readUrl(options.text('store') ?? 'http://127.0.0.1:8090'),
  };
}

async function readProfile(path: string): Promise<Profile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new UsageError(`The profile ${path} cannot be read: check the path.`);
  }
  try {
    const value: unknown = JSON.parse(text);
    const profile = typeof value === 'object' && value !== null && 'profile' in value ? value.profile : value;
    return parseProfile(profile, 'profile');
  } catch (error) {
    throw new UsageError(
      `${path} is not a profile (${error instanceof Error ? error.message : String(error)}): start from the one --dry-run prints.`,
    );
  }
}

function readUrl(text: string): string {
  try {
    return new URL(text).href;
  } catch {
    throw new UsageError(`--store must be an address such as http://127.0.0.1:8090; “${text}” is none.`);
  }
}
