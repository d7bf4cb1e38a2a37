import { toExaError } from '../protocol/errors.ts';
import type { CachedPage, CacheReport, PageCache } from './page-cache.ts';
import { readManifest, writeManifest } from './page-manifest.ts';
import { isDetached, type PageShelf } from './page-shelf.ts';
import { S3Fifo } from './s3-fifo.ts';

/** Limits of {@link withByteBudget}. */
export interface BudgetOptions {
  readonly maxBytes: number;
  /** Milliseconds after a write until the manifest is saved; 2 000. */
  readonly saveAfterMs?: number;
  /** Milliseconds that pages offered one after the other are gathered for one transaction, unless it is full; 0. */
  readonly gatherMs?: number;
  /**
   * Whether this cache writes; asked each time. One cache a shelf may: the others read what is there and keep
   * nothing, until they may. Always true by default.
   */
  readonly owns?: () => boolean;
}

/** Pages a write transaction holds at most, and about how many bytes. */
const batchPages = 64;
const batchBytes = 16 * 2 ** 20;

/** A cache of at most `maxBytes` of pages on `shelf`, evicted by S3-FIFO. Writes are gathered into transactions. */
export function withByteBudget(shelf: PageShelf, options: BudgetOptions): PageCache {
  const { maxBytes, saveAfterMs = 2_000, gatherMs = 0, owns = () => true } = options;
  let policy = new S3Fifo(maxBytes);
  const waiting = new Map<string, CachedPage>();
  const leaving = new Set<string>();
  let trouble: string | undefined;
  let full = false;
  let closed = false;
  let loaded: { readonly owned: boolean; readonly done: Promise<void> } | undefined;
  let writing: Promise<void> | undefined;
  let saving: ReturnType<typeof setTimeout> | undefined;
  /** Ends the gathering under way. */
  let hurry: (() => void) | undefined;
  let hurried = false;

  function ready(): Promise<void> {
    const owned = owns();
    if (!loaded || (owned && !loaded.owned)) loaded = { owned, done: load(owned).catch(report) };
    return loaded.done;
  }

  async function load(owned: boolean): Promise<void> {
    const { manifest, outdated } = await shelf.loadManifest();
    if (manifest === undefined && !outdated) return;
    const state = readManifest(manifest);
    policy = new S3Fifo(maxBytes);
    if (state && (!outdated || !owned)) return leave(policy.restore(state));
    if (!owned) return;
    // The last session ended before saving: what the manifest names may be gone, what is there may be unnamed.
    const slots = new Set(await shelf.slots());
    if (state) {
      const here = (queue: typeof state.small) => queue.filter(([slot]) => slots.has(slot));
      leave(policy.restore({ small: here(state.small), main: here(state.main) }));
    }
    const orphans = [...slots].filter((slot) => !policy.find(slot) && !leaving.has(slot));
    for (let at = 0; at < orphans.length; at += batchPages)
      for (const page of await shelf.getMany(orphans.slice(at, at + batchPages)))
        if (page) leave(policy.put(page.slot, page.bytes.byteLength, page.revision));
    scheduleSave();
  }

  function report(error: unknown): void {
    trouble = toExaError(error).message;
  }

  function leave(slots: readonly string[]): void {
    for (const slot of slots) {
      waiting.delete(slot);
      leaving.add(slot);
    }
  }

  function scheduleSave(): void {
    if (saving === undefined && !closed)
      saving = setTimeout(() => {
        saving = undefined;
        void save().catch(report);
      }, saveAfterMs);
  }

  async function save(): Promise<void> {
    clearTimeout(saving);
    saving = undefined;
    await writing;
    if (loaded?.owned) await shelf.saveManifest(writeManifest(policy.state()));
  }

  function flush(): Promise<void> {
    writing ??= write();
    return writing;
  }

  /** Lets what is offered in this turn, and shortly after it, join the first transaction. */
  async function gather(): Promise<void> {
    await Promise.resolve();
    if (gatherMs === 0 || hurried || waiting.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, gatherMs);
      hurry = () => {
        clearTimeout(timer);
        resolve();
      };
      if (waitingBytes() >= batchBytes) hurry();
    });
    hurry = undefined;
  }

  function waitingBytes(): number {
    let bytes = 0;
    for (const page of waiting.values()) bytes += page.bytes.byteLength;
    return bytes;
  }

  async function write(): Promise<void> {
    await gather();
    while (waiting.size > 0 || leaving.size > 0) {
      await clearOut();
      const batch = nextBatch();
      if (batch.length === 0) continue;
      try {
        await shelf.putMany(batch).catch((error) => makeRoom(error, batch));
        trouble = undefined;
        for (const page of batch) if (waiting.get(page.slot) === page) waiting.delete(page.slot);
      } catch (error) {
        report(error);
        giveUp(batch);
      }
    }
    // In the same turn as the last look at what waits: whoever offers pages from now on starts a new walk.
    writing = undefined;
    scheduleSave();
  }

  async function clearOut(): Promise<void> {
    if (leaving.size === 0) return;
    const slots = [...leaving];
    leaving.clear();
    await shelf.delMany(slots).catch(report);
  }

  function nextBatch(): CachedPage[] {
    const batch: CachedPage[] = [];
    let bytes = 0;
    for (const page of waiting.values()) {
      if (isDetached(page)) {
        policy.remove(page.slot);
        leave([page.slot]);
        continue;
      }
      batch.push(page);
      bytes += page.bytes.byteLength;
      if (batch.length === batchPages || bytes >= batchBytes) break;
    }
    return batch;
  }

  /** The disk is full before the budget is: a tenth goes, then one more try. */
  async function makeRoom(error: unknown, batch: readonly CachedPage[]): Promise<void> {
    if (toExaError(error).tag !== 'quota') throw error;
    leave(policy.shrinkTo(policy.bytes * 0.9));
    await clearOut();
    try {
      await shelf.putMany(batch.filter((page) => policy.find(page.slot)));
    } catch (again) {
      full = toExaError(again).tag === 'quota';
      throw again;
    }
  }

  function giveUp(batch: readonly CachedPage[]): void {
    for (const page of batch) {
      if (waiting.get(page.slot) !== page) continue;
      policy.remove(page.slot);
      leave([page.slot]);
    }
    if (full) {
      for (const slot of waiting.keys()) policy.remove(slot);
      leave([...waiting.keys()]);
    }
  }

  function drop(slots: readonly string[]): Promise<void> {
    for (const slot of slots) policy.remove(slot);
    leave(slots);
    const flushed = flush();
    hurry?.();
    return flushed;
  }

  return {
    async getMany(slots) {
      await ready();
      const found = new Map<string, CachedPage | undefined>();
      const asked: string[] = [];
      const before = new Map<string, object | undefined>();
      for (const slot of slots) {
        const page = waiting.get(slot);
        policy.use(slot);
        before.set(slot, policy.find(slot));
        if (page && !isDetached(page)) found.set(slot, page);
        else if (!closed && (policy.find(slot) || !owns())) asked.push(slot);
      }
      if (asked.length > 0) {
        const pages = await shelf.getMany(asked).catch((error): undefined[] => {
          report(error);
          return [];
        });
        asked.forEach((slot, index) => {
          found.set(slot, pages[index]);
          // Only if nobody put it again meanwhile; an unreadable shelf tells nothing about its pages.
          if (pages.length > 0 && !pages[index] && policy.find(slot) === before.get(slot))
            policy.remove(slot);
        });
      }
      return slots.map((slot) => found.get(slot));
    },
    async locate(slots) {
      await ready();
      const isWritten = (slot: string) => !closed && !waiting.has(slot) && (policy.find(slot) || !owns());
      const asked = slots.filter(isWritten);
      const places = asked.length > 0 ? await shelf.locate(asked).catch(() => []) : [];
      const found = new Map(places.flatMap((place) => (place ? [[place.slot, place] as const] : [])));
      for (const slot of found.keys()) policy.use(slot);
      return slots.map((slot) => found.get(slot));
    },
    async held(slots) {
      await ready();
      return slots.map((slot) => (closed ? undefined : policy.find(slot)?.revision));
    },
    async putMany(pages) {
      await ready();
      if (closed || full || !owns()) return;
      for (const page of pages) {
        leaving.delete(page.slot);
        waiting.set(page.slot, page);
        leave(policy.put(page.slot, page.bytes.byteLength, page.revision));
      }
      const written = flush();
      if (hurry && waitingBytes() >= batchBytes) hurry();
      await written;
    },
    async delMany(slots) {
      await ready();
      if (!closed && owns()) await drop(slots);
    },
    async forget(dataset) {
      await ready();
      if (closed || !owns()) return;
      full = false;
      await drop(policy.slots().filter((slot) => dataset === undefined || slot.startsWith(`${dataset}/`)));
    },
    async report() {
      await ready();
      return {
        keeps: shelf.keeps,
        maxBytes,
        ...summary(policy),
        ...(trouble === undefined ? {} : { trouble }),
      };
    },
    async close() {
      if (closed) return;
      hurried = true;
      hurry?.();
      await flush();
      closed = true;
      await save().catch(report);
      await shelf.close();
    },
  };
}

function summary(policy: S3Fifo): Pick<CacheReport, 'bytes' | 'pages' | 'datasets'> {
  const byId = new Map<string, { id: string; bytes: number; pages: number }>();
  const { small, main } = policy.state();
  for (const [slot, bytes] of [...small, ...main]) {
    const id = slot.slice(0, slot.indexOf('/'));
    const sum = byId.get(id) ?? { id, bytes: 0, pages: 0 };
    byId.set(id, sum);
    sum.bytes += bytes;
    sum.pages++;
  }
  return {
    bytes: policy.bytes,
    pages: policy.size,
    datasets: [...byId.values()].sort((a, b) => b.bytes - a.bytes),
  };
}
