import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ImportSession, RowBatch, TableDriver } from './drivers/table-driver.ts';
import { importSessions } from './import-sessions.ts';

const options = { name: 'x', mode: 'create', columns: [], profile: {} as never } as const;
const batch: RowBatch = { columns: {}, rows: 2 };

/** A driver of imports alone, that notes what it was told; `fail` makes the next call of that name fail once. */
function noting() {
  const told: string[] = [];
  const failing = new Set<string>();
  const act = async (what: string): Promise<void> => {
    await Promise.resolve();
    if (failing.delete(what)) throw new Error(`${what} failed`);
    told.push(what);
  };
  const session: ImportSession = {
    id: 'one',
    append: () => act('append'),
    commit: async () => {
      await act('commit');
      return { dataset: 'x', version: 1, asOf: '', appended: 2, updated: 0, deleted: 0 };
    },
    abort: () => act('abort'),
  };
  const driver = { beginImport: async () => session } as unknown as TableDriver;
  return { driver, told, fail: (what: string) => failing.add(what) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('importSessions', () => {
  it('appends in order, and takes a batch again after it failed', async () => {
    const { driver, told, fail } = noting();
    const sessions = importSessions({ warn: () => {} });
    const id = await sessions.begin(driver, undefined, options);
    fail('append');
    await expect(sessions.append(undefined, id, 0, () => batch)).rejects.toThrow('append failed');
    const [first, again, second] = await Promise.all([
      sessions.append(undefined, id, 0, () => batch),
      sessions.append(undefined, id, 0, () => batch),
      sessions.append(undefined, id, 1, () => batch),
    ]);
    expect([first.next, again.next, second.next]).toEqual([1, 1, 2]);
    expect(told).toEqual(['append', 'append']);
    await sessions.close();
  });

  it('commits once however often it is asked, and again after a failure', async () => {
    const { driver, told, fail } = noting();
    const sessions = importSessions({ warn: () => {} });
    const id = await sessions.begin(driver, undefined, options);
    fail('commit');
    await expect(sessions.commit(undefined, id)).rejects.toThrow('commit failed');
    const [one, two] = await Promise.all([sessions.commit(undefined, id), sessions.commit(undefined, id)]);
    expect(one).toEqual(two);
    await expect(sessions.append(undefined, id, 0, () => batch)).rejects.toThrow(/committed/);
    await sessions.close();
    expect(told).toEqual(['commit']);
  });

  it('drops what nobody touches, and all that is open when it closes', async () => {
    const { driver, told } = noting();
    const sessions = importSessions({ idleMs: 1000, warn: () => {} });
    const id = await sessions.begin(driver, undefined, options);
    await vi.advanceTimersByTimeAsync(900);
    await sessions.append(undefined, id, 0, () => batch);
    await vi.advanceTimersByTimeAsync(900);
    expect(told).toEqual(['append']);
    await vi.advanceTimersByTimeAsync(200);
    expect(told).toEqual(['append', 'abort']);
    await expect(sessions.commit(undefined, id)).rejects.toThrow(/no such import/);
    await sessions.begin(driver, undefined, options);
    await sessions.close();
    expect(told).toEqual(['append', 'abort', 'abort']);
  });
});
