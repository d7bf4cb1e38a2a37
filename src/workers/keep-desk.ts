import { ExaError, isExaError, toExaError } from '../protocol/errors.ts';
import { readList } from '../protocol/parse-shape.ts';
import {
  type Citation,
  type CiteRequest,
  type KeptPlace,
  type KeptView,
  parseCitation,
  parseSavedView,
  type SavedView,
} from '../protocol/saved-view.ts';
import type { RemoteKeep } from '../storage/http-keep.ts';
import type { SmallStore } from '../storage/small-store.ts';

/** Saved views and citations of one browser and its store, for all tabs. */
export interface KeepDesk {
  watch(listener: { changed(views: readonly KeptView[]): void; failed(error: unknown): void }): () => void;
  save(view: SavedView, place: KeptPlace): Promise<void>;
  remove(id: string, place: KeptPlace): Promise<void>;
  pin(id: string, pinned: boolean): Promise<void>;
  cite(request: CiteRequest): Promise<Citation>;
  keepCitation(citation: Citation): Promise<void>;
  citation(id: string): Promise<Citation>;
  /** The store may have other views by now: read again, when somebody watches and it was not just done. */
  stale(): void;
}

const prefix = { view: 'view/', pin: 'pin/', citation: 'citation/' };
const remoteKey = 'store-views';
const strict = { strict: true };
/** The store's list is not read again sooner than this after it was, in ms. */
const freshMs = 20_000;

export function keepDesk(
  small: SmallStore,
  remote: RemoteKeep | undefined,
  now: () => number = () => Date.now(),
): KeepDesk {
  const listeners = new Set<Parameters<KeepDesk['watch']>[0]>();
  let readAt = Number.NEGATIVE_INFINITY;

  const own = async (): Promise<SavedView[]> => {
    const keys = await small.keys(prefix.view);
    const values = await Promise.all(keys.map((key) => small.get(key)));
    return values.flatMap((value) => attempt(() => [parseSavedView(value, 'view')]) ?? []);
  };
  const known = async (): Promise<SavedView[]> => {
    const kept = await small.get(remoteKey);
    return attempt(() => readList(parseSavedView)(kept ?? [], 'views')) ?? [];
  };
  const all = async (): Promise<readonly KeptView[]> => {
    const [here, there, pins] = await Promise.all([own(), known(), small.keys(prefix.pin)]);
    const pinned = new Set(pins.map((key) => key.slice(prefix.pin.length)));
    const marked = (views: readonly SavedView[], place: KeptPlace): KeptView[] =>
      views.map((view) => ({ ...view, place, pinned: pinned.has(view.id) }));
    return [...marked(here, 'device'), ...marked(there, 'store')].sort(
      (a, b) => Number(b.pinned) - Number(a.pinned) || (a.at < b.at ? 1 : -1),
    );
  };
  const tell = async (to: Iterable<Parameters<KeepDesk['watch']>[0]> = listeners) => {
    const told = [...to];
    try {
      const views = await all();
      for (const listener of told) listener.changed(views);
    } catch (error) {
      for (const listener of told) listener.failed(error);
    }
  };
  const refresh = async () => {
    if (!remote) return;
    readAt = now();
    try {
      await small.set(remoteKey, await remote.views());
      await tell();
    } catch (error) {
      // Away, or an older store without views: what was read last stands.
      if (isExaError(error, 'offline', 'missing')) readAt = Number.NEGATIVE_INFINITY;
    }
  };
  const atStore = (): RemoteKeep => {
    if (!remote) throw new ExaError('missing', 'There is no store here to keep this in.');
    return remote;
  };

  return {
    watch(listener) {
      listeners.add(listener);
      void tell([listener]);
      if (now() - readAt > freshMs) void refresh();
      return () => listeners.delete(listener);
    },
    async save(view, place) {
      const checked = parseSavedView(view, 'view');
      if (place === 'device') await small.set(prefix.view + view.id, checked, strict);
      else {
        await atStore().save(checked);
        await refresh();
      }
      await tell();
    },
    async remove(id, place) {
      if (place === 'device') await small.del(prefix.view + id);
      else {
        await atStore().remove(id);
        await refresh();
      }
      await small.del(prefix.pin + id);
      await tell();
    },
    async pin(id, pinned) {
      if (pinned) await small.set(prefix.pin + id, true, strict);
      else await small.del(prefix.pin + id);
      await tell();
    },
    async cite(request) {
      const citation = await atStore().cite(request);
      await small.set(prefix.citation + citation.id, citation).catch(() => {});
      return citation;
    },
    keepCitation: (citation) => small.set(prefix.citation + citation.id, citation, strict),
    async citation(id) {
      const here = await small.get(prefix.citation + id).catch(() => undefined);
      const kept = attempt(() => parseCitation(here, 'citation'));
      if (kept) return kept;
      if (!remote || id.startsWith('here-'))
        throw new ExaError(
          'gone',
          'This citation was made on another device, of data kept there: only that device can show it.',
          { facts: { citation: id } },
        );
      const citation = await remote.citation(id).catch((error: unknown) => {
        throw isExaError(error, 'missing')
          ? new ExaError('gone', error.message, { facts: { citation: id } })
          : toExaError(error);
      });
      await small.set(prefix.citation + id, citation).catch(() => {});
      return citation;
    },
    stale() {
      if (listeners.size > 0 && now() - readAt > freshMs) void refresh();
    },
  };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
