import type { Coverage } from './answer.ts';
import type { ExportColumn } from './export.ts';
import { misread, type Reader, readAnything, readObject, readRecord, readText } from './parse-shape.ts';
import type { AggregateQuestion, RowsQuestion } from './query.ts';

/** A workspace with a name. */
export interface SavedView {
  /** Made by whoever saves it first: 8 to 64 of `a-z0-9-`. Saving under the same id replaces. */
  readonly id: string;
  readonly name: string;
  /** The workspace as a fragment of a URL. */
  readonly workspace: string;
  /** What the columns it names were called then, by data set and reference: to say which one is gone. */
  readonly columns: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** ISO time it was saved. */
  readonly at: string;
}

export type KeptPlace = 'device' | 'store';

/** A saved view in a list. `pinned` is this device's own. */
export interface KeptView extends SavedView {
  readonly place: KeptPlace;
  readonly pinned: boolean;
}

/** What is cited: a question, as it stands on the page. */
export interface CiteRequest {
  readonly question: AggregateQuestion | RowsQuestion;
  readonly title: string;
  readonly columns: readonly ExportColumn[];
  /** Where it was asked, as a fragment of a URL. */
  readonly workspace: string;
}

/**
 * An answer that stays: the question, what it was asked of, and the bytes of the answer, kept under a hash of all of it. Later
 * writes do not change it; neither does dropping the table.
 */
export interface Citation extends CiteRequest {
  readonly id: string;
  readonly dataset: { readonly id: string; readonly name: string; readonly epoch: string };
  readonly coverage: Coverage;
  /** SHA-256 of the answer's bytes, hexadecimal. */
  readonly hash: string;
  /** The answer: an Arrow IPC stream in base64. */
  readonly answer: string;
  readonly at: string;
}

export const idPattern = /^[a-z0-9-]{8,64}$/;
/** Longest name, and longest fragment kept, in characters. */
export const maxNameLength = 200;
export const maxWorkspaceLength = 65_536;
/** Most bytes of an answer that is cited. */
export const maxCitedBytes = 2 ** 20;

const shape = readObject<SavedView>({
  id: readText,
  name: readText,
  workspace: readText,
  columns: readRecord(readRecord(readText)),
  at: readText,
});

/** Reads a saved view of whatever origin. Throws `corrupt`. */
export const parseSavedView: Reader<SavedView> = (value, path) => {
  const view = shape(value, path);
  if (!idPattern.test(view.id)) throw misread(`${path}.id`, '8 to 64 of a-z, 0-9 and -');
  if (view.name.trim() === '' || view.name.length > maxNameLength)
    throw misread(`${path}.name`, `1 to ${maxNameLength} characters`);
  if (view.workspace.length > maxWorkspaceLength) throw misread(`${path}.workspace`, 'shorter');
  return view;
};

const citationShape = readObject<Citation>({
  id: readText,
  title: readText,
  workspace: readText,
  question: readAnything as Reader<Citation['question']>,
  columns: readAnything as Reader<Citation['columns']>,
  dataset: readObject({ id: readText, name: readText, epoch: readText }),
  coverage: readAnything as Reader<Coverage>,
  hash: readText,
  answer: readText,
  at: readText,
});

/** Reads a citation. Throws `corrupt`. */
export const parseCitation: Reader<Citation> = (value, path) => citationShape(value, path);
