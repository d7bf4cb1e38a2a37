import { type AccountSession, parseAccountSession } from './account.ts';
import type { DatasetSummary, Head } from './head.ts';
import { parseDatasetSummary, parseHead } from './parse-head.ts';
import { type Reader, readCount, readList, readObject, readOptional, readText } from './parse-shape.ts';

/** What a page begins with, in one answer: `GET /api/start`. Everything is as of `version` or later. */
export interface Start {
  readonly session: AccountSession;
  readonly version: number;
  /** ISO time of `version`. */
  readonly asOf: string;
  /** Left out for somebody who must sign in first. */
  readonly datasets?: readonly DatasetSummary[];
  /** Of the newest data sets; the others are asked for one by one. */
  readonly heads?: readonly Head[];
}

/** A start from JSON. Throws `corrupt`. */
export const parseStart: Reader<Start> = readObject<Start>({
  session: parseAccountSession,
  version: readCount,
  asOf: readText,
  datasets: readOptional(readList(parseDatasetSummary)),
  heads: readOptional(readList(parseHead)),
});

/** Only who asks, of a start from JSON. Throws `corrupt`. */
export const parseStartSession = readObject<Pick<Start, 'session'>>({ session: parseAccountSession });
