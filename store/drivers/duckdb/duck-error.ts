import { ExaError, toExaError } from '../../../src/protocol/errors.ts';

/**
 * What DuckDB threw, as a sentence for people: a full or read-only disk is `quota`, a file another process holds is
 * `refused`, a database that stopped itself is `broken`.
 */
export function duckError(error: unknown): ExaError {
  if (error instanceof ExaError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const as = (tag: 'quota' | 'refused' | 'broken' | 'missing' | 'corrupt', sentence: string) =>
    new ExaError(tag, sentence, { cause: error });
  if (
    /no space left|disk (is )?full|quota exceeded|ENOSPC|file size limit|max_temp_directory_size|file too large|EFBIG/i.test(
      message,
    )
  )
    return as('quota', "The store's disk is full: free some space, then try again. Nothing was changed.");
  if (/read-only|EROFS|permission denied|EACCES|cannot open file .*: (is a directory)/i.test(message))
    return as(
      'quota',
      'The store may not write to its data directory: check who owns it and that it is not read-only.',
    );
  if (/could not set lock|conflicting lock|used by another process/i.test(message))
    return as(
      'refused',
      'Another process has this data directory open: stop it, or start with another --data.',
    );
  if (/no such file or directory/i.test(message))
    return as('missing', 'The data directory is not there: make it, or give another one.');
  if (/not a valid duckdb database|corrupt/i.test(message))
    return as('corrupt', "The store's data file is damaged or is another program's: restore it from a copy.");
  if (/database has been invalidated|fatal error/i.test(message))
    return as(
      'broken',
      "The store's database stopped after a failed write: restart the store. Acknowledged writes are kept.",
    );
  if (/out of memory|failed to (allocate|pin)/i.test(message))
    return as('refused', 'This needs more memory than the store may use: ask for less at once.');
  return toExaError(error);
}
