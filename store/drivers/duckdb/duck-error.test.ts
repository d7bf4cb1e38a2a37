import { expect, it } from 'vitest';
import { withDriver } from './driver.testing.ts';
import { duckError } from './duck-error.ts';
import { duckdbDriver } from './duckdb-driver.ts';

it.each([
  ['IO Error: Could not write all bytes to file "x.wal": No space left on device', 'quota'],
  ['IO Error: Could not write file "x": Disk quota exceeded', 'quota'],
  ['IO Error: Cannot open file "/data/store.duckdb": Permission denied', 'quota'],
  [
    'IO Error: Could not set lock on file "/data/store.duckdb": Conflicting lock is held in node (PID 1)',
    'refused',
  ],
  ['FATAL Error: Failed: database has been invalidated because of a previous fatal error', 'broken'],
  ['Out of Memory Error: failed to allocate data of size 32.0 MiB', 'refused'],
  ['something nobody foresaw', 'broken'],
])('%s', (message, tag) => {
  const error = duckError(new Error(message));
  expect(error.tag).toBe(tag);
  if (tag !== 'broken') expect(error.message).not.toContain('Error:');
});

it('a file that is open already, is no database, or cannot be made is said in one sentence', async () => {
  await withDriver(async (_, file) => {
    await expect(duckdbDriver({ file })).rejects.toMatchObject({ name: 'ExaError', tag: 'refused' });
  });
  await expect(duckdbDriver({ file: '/nowhere/at/all/store.duckdb' })).rejects.toMatchObject({
    tag: 'missing',
  });
  await expect(duckdbDriver({ file: import.meta.filename })).rejects.toMatchObject({ tag: 'corrupt' });
});
