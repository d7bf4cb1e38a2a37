import { guessProfile, keyProblem } from '../../src/import/guess-profile.ts';
import type { ImportOptions } from '../../src/import/import-options.ts';
import type { Doubt } from '../../src/import/infer.ts';
import { type Inspection, inspectFile } from '../../src/import/inspect-file.ts';
import { knownTable, linksTo, profileByNames } from '../../src/import/known-profile.ts';
import { counted, several } from '../../src/import/raw-rows.ts';
import { readBatches } from '../../src/import/read-batches.ts';
import { type ImportStore, importStore } from '../../src/import/store-session.ts';
import { ExaError, isExaError } from '../../src/protocol/errors.ts';
import type { Head } from '../../src/protocol/head.ts';
import type { ImportMode } from '../../src/protocol/import-columns.ts';
import type { Profile } from '../../src/protocol/profile.ts';
import { fileSource } from './file-source.ts';
import { type ImportCommand, importHelp, readImportCommand } from './import-options.ts';
import { progressLine } from './progress-line.ts';

/** What the command touches of the world. */
export interface ImportEffects {
  readonly print?: (line: string) => void;
  /** Shown while at work; `done` ends the line. */
  readonly progress?: { show(line: string): void; done(): void };
  readonly fetch?: typeof globalThis.fetch;
  /** Aborts the import; the store then holds nothing of it. Default: Ctrl-C. */
  readonly signal?: AbortSignal;
}

/** `exanalytics import FILE --as NAME …`; resolves to the exit code. Throws `UsageError` or `ExaError`. */
export async function importCommand(args: readonly string[], effects: ImportEffects = {}): Promise<number> {
  const command = await readImportCommand(args);
  const { print = console.log } = effects;
  if (command.help) {
    print(importHelp);
    return 0;
  }
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  if (!effects.signal) process.once('SIGINT', onInterrupt);
  const signal = effects.signal ?? interrupt.signal;
  const progress = effects.progress ?? progressLine(process.stderr);
  try {
    return await runImport(command, { print, progress, signal, fetch: effects.fetch });
  } catch (error) {
    progress.done();
    if (signal.aborted) {
      print('The import was cancelled: nothing of it is stored.');
      return 130;
    }
    throw withHint(error);
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

interface Tools {
  readonly print: (line: string) => void;
  readonly progress: { show(line: string): void; done(): void };
  readonly signal: AbortSignal;
  readonly fetch: typeof globalThis.fetch | undefined;
}

async function runImport(command: ImportCommand, tools: Tools): Promise<number> {
  const { print, progress, signal } = tools;
  const source = await fileSource(command.file);
  const store = importStore(command.store, {
    fetch: tools.fetch,
    signal,
    advice: 'start it with npm start, or give --store URL',
  });
  const heads = await store.datasets().then(
    (datasets) => Promise.all(datasets.map((dataset) => store.head(dataset.id))),
    (error: unknown) => {
      if (command.dryRun && isExaError(error, 'offline')) return [];
      throw error;
    },
  );
  const existing = heads.find((head) => head.name === command.name);
  const mode = modeOf(command, existing);
  const merging = existing && (mode === 'append' || mode === 'upsert') ? existing : undefined;
  const reading: ImportOptions = {
    ...command.reading,
    signal,
    types: merging && Object.fromEntries(merging.columns.map(({ name, type }) => [name, type])),
    progress: ({ phase, rows }) => {
      if (phase === 'inspect') progress.show(`Reading: ${counted(rows)} rows`);
    },
  };
  const inspection = await inspectFile(source, reading);
  const doubt = inspection.doubts[0];
  if (doubt && !command.dryRun) throw doubtError(doubt);
  const { profile, notes } = profileFor(command, inspection, mode, existing, heads);
  progress.done();
  if (command.dryRun) {
    const columns = inspection.columns.map(({ name, type }) => ({ name, type }));
    const { format, rows, doubts } = inspection;
    const said = [...inspection.notes, ...notes];
    print(
      JSON.stringify(
        { name: command.name, mode, format, rows, columns, doubts, notes: said, profile },
        null,
        2,
      ),
    );
    return 0;
  }
  for (const note of [...inspection.notes, ...notes]) print(note);
  const left = { skipped: 0, padded: 0 };
  const receipt = await store.run(
    {
      name: command.name,
      mode,
      columns: inspection.columns.map(({ name, type }) => ({ name, type })),
      profile,
    },
    readBatches(source, inspection, reading, left),
    (rows) => progress.show(`${counted(rows)} of ${counted(inspection.rows)} rows`),
  );
  progress.done();
  if (left.skipped > 0) print(`${several(left.skipped, 'row')} left out: something in them did not fit.`);
  print(
    `${command.name}: ${[
      receipt.appended > 0 || receipt.updated === 0 ? `${several(receipt.appended, 'row')} added` : '',
      receipt.updated > 0 ? `${several(receipt.updated, 'row')} updated` : '',
    ]
      .filter(Boolean)
      .join(', ')}, version ${receipt.version}.`,
  );
  if (!merging) await linkOthers(store, receipt.dataset, command.name, inspection, profile, heads, print);
  return 0;
}

/** Throws one sentence that lists the choices when the name is taken, or free where it must not be. */
function modeOf({ name, mode, dryRun }: ImportCommand, existing: Head | undefined): ImportMode {
  if (existing && (mode === undefined || mode === 'create') && !dryRun)
    throw new ExaError(
      'conflict',
      `There is a data set called ${name} already: give --mode replace, append or upsert, or another name with --as.`,
      { facts: { dataset: existing.id } },
    );
  if (!existing && (mode === 'append' || mode === 'upsert'))
    throw new ExaError(
      'missing',
      `There is no data set called ${name} to ${mode} to: leave --mode out to create it.`,
    );
  return existing ? (mode ?? 'create') : 'create';
}

/** The profile given, the one the data set has, or a guess; in terms of column names. */
function profileFor(
  command: ImportCommand,
  inspection: Inspection,
  mode: ImportMode,
  existing: Head | undefined,
  heads: readonly Head[],
): { readonly profile: Profile; readonly notes: readonly string[] } {
  const { keys, zone, name } = command;
  const declared = keys ?? command.profile?.keys;
  if (declared && (mode === 'create' || mode === 'replace')) {
    const problem = keyProblem(declared, inspection.columns, inspection.pairs);
    if (problem) throw new ExaError('invalid', problem);
  }
  if (command.profile) return { profile: { ...command.profile, ...(keys ? { keys } : {}) }, notes: [] };
  const kept = existing && mode !== 'create' ? profileByNames(existing, inspection.columns) : undefined;
  if (kept) return { profile: { ...kept, ...(keys ? { keys } : {}), ...(zone ? { zone } : {}) }, notes: [] };
  const others = heads.filter((head) => head.name !== name).map(knownTable);
  return guessProfile({ ...inspection, name, keys, zone, others });
}

/** Tables that were here before may point at the new one: their profiles get those links, and it is said. */
async function linkOthers(
  store: ImportStore,
  dataset: string,
  name: string,
  { columns }: Inspection,
  { keys }: Profile,
  heads: readonly Head[],
  print: (line: string) => void,
): Promise<void> {
  for (const { head, profile, links } of linksTo({ id: dataset, name, columns, keys }, heads)) {
    await store.saveProfile(head.id, profile);
    for (const link of links) print(`${head.name}.${link.column} now points at ${name}.${link.key}.`);
  }
}

const hints: Readonly<Record<Doubt['kind'], string>> = {
  'date-order': 'Give --date-order dmy or --date-order mdy.',
  'decimal-mark': 'Give --decimal , or --decimal .',
  'not-a-date': 'Give --on-bad skip or --on-bad text.',
};

function doubtError({ kind, message, column, row, value }: Doubt): ExaError {
  return new ExaError('invalid', `${message} ${hints[kind]}`, { facts: { doubt: kind, column, row, value } });
}

/** Adds the option that helps to the sentence of a row that does not fit. */
function withHint(error: unknown): unknown {
  if (!isExaError(error, 'invalid')) return error;
  const { facts } = error;
  const hint =
    'expected' in facts && 'cells' in facts
      ? 'Give --ragged skip or --ragged pad.'
      : 'value' in facts && !('doubt' in facts)
        ? 'Give --on-bad skip.'
        : undefined;
  return hint ? new ExaError('invalid', `${error.message} ${hint}`, { facts, cause: error }) : error;
}
