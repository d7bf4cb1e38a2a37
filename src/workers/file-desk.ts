import { isExaError } from '../protocol/errors.ts';
import type { FileWriter } from '../storage/page-files.ts';
import type { Pool } from './pool.ts';

/** The tabs' compute workers as writers of files, which a thread shared by tabs can not be. */
export interface FileDesk {
  readonly write: FileWriter;
  /** Takes in the workers of a tab; the function given back lets go of them. */
  join(pool: Pool): () => void;
}

export function fileDesk(): FileDesk {
  const pools = new Set<Pool>();
  return {
    async write(directory, name, bytes) {
      const lent = [...pools].filter(({ size }) => size > 0);
      for (const [i, pool] of lent.entries()) {
        // Nobody is asked after the last: it may have the bytes themselves.
        const transfer = i === lent.length - 1 ? [bytes.buffer] : [];
        const worker = pool.workersOf('~files', 1)(0);
        try {
          return await pool.call(worker, 'writeFile', { directory, name, bytes }, { transfer });
        } catch (error) {
          if (isExaError(error, 'quota')) throw error;
        }
      }
      return false;
    },
    join(pool) {
      pools.add(pool);
      return () => pools.delete(pool);
    },
  };
}
