import type { Receipt } from '../src/protocol/change.ts';
import type { ColumnType } from '../src/protocol/column.ts';
import { ExaError } from '../src/protocol/errors.ts';
import type { Profile } from '../src/protocol/profile.ts';
import type { ImportSession, RowBatch, TableDriver } from './drivers/table-driver.ts';

type Committed = Receipt & { readonly dataset: string };
type Columns = readonly { readonly name: string; readonly type: ColumnType }[];

interface Running {
  readonly session: ImportSession;
  /** The account whose it is; undefined where there are none. */
  readonly owner: string | undefined;
  readonly columns: Columns;
  /** Number of the next batch. */
  next: number;
  rows: number;
  /** Ends when what was asked of the session so far is done. */
  tail: Promise<unknown>;
  idle: ReturnType<typeof setTimeout> | undefined;
  committed?: Promise<Committed>;
}

/** Imports under way: each is filled in batches, one after the other, and committed or dropped. */
export interface ImportSessions {
  begin(
    driver: Pick<TableDriver, 'beginImport'>,
    owner: string | undefined,
    options: {
      readonly name: string;
      readonly mode: 'create' | 'replace' | 'append' | 'upsert';
      readonly columns: Columns;
      readonly profile: Profile;
    },
  ): Promise<string>;
  /** Batch `n` again is not stored again; one that skips a number is a `conflict`. */
  append(
    owner: string | undefined,
    id: string,
    n: number,
    read: (columns: Columns) => RowBatch,
  ): Promise<{ readonly next: number; readonly rows: number }>;
  /** Committing again gives the same receipt. */
  commit(owner: string | undefined, id: string): Promise<Committed>;
  abort(owner: string | undefined, id: string): Promise<void>;
  close(): Promise<void>;
}

/** A session is its owner's alone. Those nobody has touched for `idleMs` are dropped, so that a client that died leaves nothing behind. */
export function importSessions({
  idleMs = 15 * 60_000,
  warn,
}: {
  idleMs?: number;
  warn: (sentence: string) => void;
}): ImportSessions {
  const running = new Map<string, Running>();

  const find = (id: string, owner: string | undefined): Running => {
    const found = running.get(id);
    if (found && found.owner === owner) return found;
    throw new ExaError(
      'missing',
      'There is no such import: it was committed, dropped, or idle too long. Begin again.',
      {
        facts: { import: id },
      },
    );
  };

  const touch = (id: string, one: Running): void => {
    clearTimeout(one.idle);
    one.idle = setTimeout(() => {
      abort(id, one).catch((error: unknown) => warn(`An idle import could not be dropped: ${String(error)}`));
    }, idleMs);
    one.idle.unref();
  };

  /** Runs `work` after all that was asked of the session before. */
  function inOrder<T>(id: string, one: Running, work: () => Promise<T>): Promise<T> {
    touch(id, one);
    const done = one.tail.then(work);
    one.tail = done.catch(() => {}).then(() => touch(id, one));
    return done;
  }

  async function abort(id: string, one: Running): Promise<void> {
    await one.tail;
    clearTimeout(one.idle);
    running.delete(id);
    if (!one.committed) await one.session.abort();
  }

  return {
    async begin(driver, owner, options) {
      const session = await driver.beginImport(options);
      const one: Running = {
        session,
        owner,
        columns: options.columns,
        next: 0,
        rows: 0,
        tail: Promise.resolve(),
        idle: undefined,
      };
      running.set(session.id, one);
      touch(session.id, one);
      return session.id;
    },

    async append(owner, id, n, read) {
      const one = find(id, owner);
      return inOrder(id, one, async () => {
        if (one.committed)
          throw new ExaError('conflict', 'The import is committed: it takes no more batches.');
        if (n > one.next)
          throw new ExaError('conflict', `Batch ${n} came before batch ${one.next}: send batches in order.`, {
            facts: { next: one.next },
          });
        if (n === one.next) {
          const batch = read(one.columns);
          await one.session.append(batch);
          one.rows += batch.rows;
          one.next++;
        }
        return { next: one.next, rows: one.rows };
      });
    },

    async commit(owner, id) {
      const one = find(id, owner);
      return inOrder(id, one, async () => {
        one.committed ??= one.session.commit();
        try {
          return await one.committed;
        } catch (error) {
          one.committed = undefined;
          throw error;
        }
      });
    },

    abort: async (owner, id) => abort(id, find(id, owner)),

    async close() {
      for (const [id, one] of [...running])
        await abort(id, one).catch((error: unknown) =>
          warn(`The import into “${one.session.id}” could not be dropped: ${String(error)}`),
        );
    },
  };
}
