import type { FileFormat } from '../import/detect.ts';
import { type GuessInput, guessProfile, keyProblem } from '../import/guess-profile.ts';
import type { ImportOptions } from '../import/import-options.ts';
import { type Inspection, inspectFile } from '../import/inspect-file.ts';
import { knownTable } from '../import/known-profile.ts';
import { labelOf } from '../import/names.ts';
import type { RowNotes } from '../import/raw-rows.ts';
import { readBatches } from '../import/read-batches.ts';
import { isWorkbook, readWorkbook, type WorkbookSource } from '../import/read-workbook.ts';
import type { ImportSource } from '../import/source.ts';
import { type TypedBatch, textAt } from '../import/typed-batch.ts';
import type { ColumnType } from '../protocol/column.ts';
import { sameType } from '../protocol/column-words.ts';
import type { Head } from '../protocol/head.ts';
import type { ImportDecisions, ImportPreview, ImportProgress } from '../protocol/import.ts';
import type { Profile, Role } from '../protocol/profile.ts';

/** Rows shown before anything is stored. */
const sampleRows = 12;

/** What reading may be told on the way. */
export interface Reading {
  readonly signal: AbortSignal;
  readonly progress: (progress: ImportProgress) => void;
}

/** A file and what was found out about it; a pass over all its rows is made again only when it must be. */
export interface ImportFile {
  preview(decisions: ImportDecisions, reading: Reading): Promise<ImportPreview>;
  /** As decided; of types already stored, by column name, where the file goes into a data set that is there. */
  inspect(
    decisions: ImportDecisions,
    reading: Reading,
    stored?: Readonly<Record<string, ColumnType>>,
  ): Promise<Inspected>;
  profile(inspected: Inspected, decisions: ImportDecisions, heads: readonly Head[]): Profile;
  batches(
    inspected: Inspected,
    decisions: ImportDecisions,
    reading: Reading,
    notes?: RowNotes,
  ): AsyncIterable<TypedBatch>;
}

export interface Inspected {
  readonly source: ImportSource;
  readonly inspection: Inspection;
  /** Types the data say, before decisions. */
  readonly inferred: readonly ColumnType[];
  readonly types: Readonly<Record<string, ColumnType>>;
  readonly workbook?: WorkbookSource;
}

export function importFile(file: ImportSource): ImportFile {
  let known: { readonly key: string; readonly inspection: Inspection } | undefined;
  let workbook: { readonly sheet: string | undefined; readonly read: WorkbookSource } | undefined;
  let isArchive: boolean | undefined;

  const sourceOf = async (sheet: string | undefined): Promise<WorkbookSource | undefined> => {
    isArchive ??= await isWorkbook(file);
    if (!isArchive) return undefined;
    if (!workbook || (sheet !== undefined && workbook.read.sheet !== sheet))
      workbook = { sheet, read: await readWorkbook(file, sheet) };
    return workbook.read;
  };

  const inspect: ImportFile['inspect'] = async (decisions, { signal, progress }, stored = {}) => {
    const read = await sourceOf(decisions.sheet);
    const source = read?.source ?? file;
    const options = optionsOf(decisions, read !== undefined);
    const key = JSON.stringify([options, stored, read?.sheet]);
    if (known?.key !== key) {
      known = undefined;
      const inspection = await inspectFile(source, {
        ...options,
        types: stored,
        signal,
        progress: ({ rows }) => progress({ phase: 'read', rows }),
      });
      known = { key, inspection };
    }
    const { inspection } = known;
    const types = { ...stored, ...decisions.types };
    return {
      source,
      inspection: withTypes(inspection, types),
      inferred: inspection.columns.map(({ type }) => type),
      types,
      workbook: read,
    };
  };

  const profile: ImportFile['profile'] = ({ inspection }, decisions, heads) =>
    guessed({ inspection }, decisions, nameOf(file.name), heads).profile;

  const batches: ImportFile['batches'] = (
    { source, inspection, types, workbook: read },
    decisions,
    { signal },
    notes,
  ) => readBatches(source, inspection, { ...optionsOf(decisions, read !== undefined), types, signal }, notes);

  return {
    inspect,
    profile,
    batches,
    async preview(decisions, reading) {
      const inspected = await inspect(decisions, reading);
      const { inspection, inferred, workbook: read } = inspected;
      const { profile: made, notes } = guessed(inspected, decisions, nameOf(file.name), []);
      const roleOf = new Map(Object.entries(made.roles).map(([role, column]) => [column, role as Role]));
      const keys = keyProblem(made.keys, inspection.columns, inspection.pairs);
      return {
        name: decisions.name ?? nameOf(file.name),
        format: read ? 'excel' : (inspection.format satisfies FileFormat),
        sheets: read?.sheets,
        sheet: read?.sheet,
        rows: inspection.rows,
        columns: inspection.columns.map(({ name, type, nulls }, i) => ({
          name,
          type,
          inferred: inferred[i]!,
          role: roleOf.get(name),
          nulls,
        })),
        sample: await sampleOf(inspected, decisions, reading),
        doubts: inspection.doubts.map(({ kind, column, row, value }) => ({ kind, column, row, value })),
        notes: [
          ...(read?.notes ?? []),
          ...(read && read.sheets.length > 1
            ? [`The workbook has ${read.sheets.length} sheets: ${read.sheet} is read.`]
            : []),
          ...inspection.notes,
          ...notes,
          ...(keys === undefined ? [] : [keys]),
        ],
        profile: made,
      };
    },
  };
}

function optionsOf(decisions: ImportDecisions, isComma: boolean): ImportOptions {
  const { dateOrder, decimal, bad, ragged } = decisions;
  return {
    ...(dateOrder ? { dateOrder } : {}),
    ...(decimal ? { decimal } : {}),
    ...(bad ? { onBad: bad } : {}),
    ...(ragged ? { ragged } : {}),
    ...(isComma ? { delimiter: ',' } : {}),
  };
}

/** The inspection with types as decided; a doubt about a column whose type was decided is one no more. */
function withTypes(inspection: Inspection, types: Readonly<Record<string, ColumnType>>): Inspection {
  const typed = <T extends { readonly name: string; readonly type: ColumnType }>(column: T): T => {
    const type = types[column.name];
    return type && !sameType(type, column.type) ? { ...column, type } : column;
  };
  return {
    ...inspection,
    columns: inspection.columns.map(typed),
    ...(inspection.readings ? { readings: inspection.readings.map(typed) } : {}),
    doubts: inspection.doubts.filter(({ column, kind }) => {
      const type = types[column];
      if (!type) return true;
      return kind === 'date-order' && (type.kind === 'date' || type.kind === 'timestamp');
    }),
  };
}

function guessed(
  { inspection }: Pick<Inspected, 'inspection'>,
  { roles, part, keys, name }: ImportDecisions,
  fileName: string,
  heads: readonly Head[],
): ReturnType<typeof guessProfile> {
  const { rows, columns, pairs } = inspection;
  const called = name ?? fileName;
  const others = heads.filter((head) => head.name !== called).map(knownTable);
  return guessProfile({ name: called, rows, columns, pairs, keys, part, roles, others } satisfies GuessInput);
}

/** The first rows as they would be stored; rows with values that do not fit are not among them. */
async function sampleOf(
  { source, inspection, types, workbook }: Inspected,
  decisions: ImportDecisions,
  { signal }: Reading,
): Promise<(string | null)[][]> {
  const few = { ...inspection, doubts: [], rows: Math.min(sampleRows, inspection.rows) };
  const options = { ...optionsOf(decisions, workbook !== undefined), types, signal };
  for await (const batch of readBatches(source, few, { ...options, onBad: 'skip', ragged: 'skip' })) {
    const columns = inspection.columns.map(({ name }) => batch.columns[name]!);
    return Array.from({ length: Math.min(sampleRows, batch.rows) }, (_, row) =>
      columns.map((data) => textAt(data, row)),
    );
  }
  return [];
}

/** A file's name without its endings, as people write names: `online_retail.csv.gz` is `Online retail`. */
function nameOf(file: string): string {
  const stem = file
    .replace(/^.*[\\/]/, '')
    .replace(/\.gz$/i, '')
    .replace(/\.(csv|tsv|txt|tab|ndjson|jsonl|json|parquet|arrow|arrows|feather|ipc|xlsx|xlsm)$/i, '');
  return labelOf(stem) || stem || 'Data';
}
