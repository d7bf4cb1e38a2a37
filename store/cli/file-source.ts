import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ImportSource } from '../../src/import/source.ts';
import { ExaError } from '../../src/protocol/errors.ts';

/** A file of this machine as an import source. Throws `missing` or `refused`, one sentence, when it cannot be read. */
export async function fileSource(path: string): Promise<ImportSource> {
  let found: Awaited<ReturnType<typeof stat>>;
  try {
    found = await stat(path);
    await (await open(path, 'r')).close();
  } catch (cause) {
    const denied = cause instanceof Error && 'code' in cause && cause.code === 'EACCES';
    throw denied
      ? new ExaError('refused', `The file ${path} may not be read: check its permissions.`, { cause })
      : new ExaError('missing', `There is no file ${path}: check the path.`, { cause });
  }
  if (!found.isFile())
    throw new ExaError('invalid', `${path} is not a file: an import reads one file at a time.`);
  return {
    name: basename(path),
    byteLength: found.size,
    open: ({ signal } = {}) => createReadStream(path, { highWaterMark: 1 << 20, signal }),
    async slice(start, end) {
      const file = await open(path, 'r');
      try {
        const bytes = new Uint8Array(Math.max(0, Math.min(end, found.size) - start));
        let filled = 0;
        while (filled < bytes.byteLength) {
          const { bytesRead } = await file.read(bytes, filled, bytes.byteLength - filled, start + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return bytes.subarray(0, filled);
      } finally {
        await file.close();
      }
    },
  };
}
