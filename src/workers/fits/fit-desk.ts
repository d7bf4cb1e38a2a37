import { canonicalJson } from '../../kernels/canonical-json.ts';
import type { FitProgress, FitRequest, UnfinishedFit } from '../../protocol/fit.ts';
import type { PageCalls } from '../../protocol/messages.ts';
import type { SmallStore } from '../../storage/small-store.ts';
import type { Engine } from '../engine.ts';
import { shelfOf } from '../partial-shelf.ts';
import type { Pool } from '../pool.ts';
import type { Handlers } from '../rpc.ts';
import { modelHandlers } from './kept-models.ts';
import { modelCode } from './model-code.ts';
import type { FitShelf } from './pass-works.ts';
import type { FitCode } from './run-fit.ts';
import { runFit } from './run-fit.ts';
import { runScore } from './run-score.ts';

type FitCalls =
  | 'fit'
  | 'pauseFit'
  | 'score'
  | 'unfinishedFits'
  | 'dismissFit'
  | 'models'
  | 'keepModel'
  | 'forgetModel';

/** What all tabs share of fits: the partials of their passes, and the list of those nobody ended. */
export interface FitDesk {
  forget(dataset?: string): void;
  flush(): Promise<void>;
  /** The fits of one tab. `isClosed`: it is gone, so what is cut off is unfinished rather than unwanted. */
  handlers(tab: {
    readonly engineOf: (dataset: string) => Engine;
    readonly pool: Pool;
    readonly isClosed: () => boolean;
  }): Pick<Handlers<PageCalls>, FitCalls>;
}

const listKey = 'unfinished fits';
/** Unfinished fits that are remembered. */
const mostUnfinished = 8;
/** Least time between two savings of a fit's progress, in ms. */
const saveEveryMs = 2000;

export function fitDesk(parts: {
  readonly small: SmallStore;
  readonly checksum: (bytes: Uint8Array) => string;
}): FitDesk {
  const shelves = new Map<Engine['world'], FitShelf>();
  const loadCode = modelCode(async (): Promise<FitCode> => (await import('./fit-code.ts')).fitCode);

  const shelfFor = async (world: Engine['world']): Promise<FitShelf> => {
    const { maker } = await loadCode();
    const known = shelves.get(world);
    if (known) return known;
    const made = shelfOf(maker, world.cache, parts.checksum);
    shelves.set(world, made);
    return made;
  };

  let saving: Promise<unknown> = Promise.resolve();
  const change = (of: (list: UnfinishedFit[]) => UnfinishedFit[]): Promise<void> => {
    const turn = saving.then(async () => {
      const kept = await parts.small.get(listKey).catch(() => undefined);
      await parts.small.set(listKey, of(readList(kept)));
    });
    saving = turn.catch(() => {});
    return turn.catch(() => {});
  };

  return {
    forget(dataset) {
      for (const shelf of shelves.values()) shelf.forget(dataset);
    },
    async flush() {
      await Promise.all([...shelves.values()].map((shelf) => shelf.flush()));
    },
    handlers({ engineOf, pool, isClosed }) {
      const gates = new Map<string, { paused: boolean; opened: Promise<void>; open: () => void }>();
      const stop = (id: string, paused: boolean) => {
        const gate = gates.get(id);
        if (!gate || gate.paused === paused) return;
        gate.paused = paused;
        if (!paused) return gate.open();
        gate.opened = new Promise((resolve) => {
          gate.open = resolve;
        });
      };
      return {
        async fit({ id, request }, { signal, next }) {
          const { world, works, dimensions } = engineOf(request.dataset);
          const begun = new Date().toISOString();
          const key = canonicalJson(request);
          let progress: FitProgress | undefined;
          let saved = 0;
          const gate = { paused: false, opened: Promise.resolve(), open: () => {} };
          gates.set(id, gate);
          signal.addEventListener('abort', () => gate.open(), { once: true });
          let isOver = false;
          const save = (at: FitProgress) => {
            progress = at;
            const now = Date.now();
            if (isOver || now - saved < saveEveryMs) return;
            saved = now;
            void change((list) =>
              [{ request, begun, progress: at }, ...list.filter((one) => keyOf(one) !== key)].slice(
                0,
                mostUnfinished,
              ),
            );
          };
          try {
            await runFit({
              works,
              connection: world.connection,
              storeFit: world.store.fit?.bind(world.store),
              dimensions,
              shelf: await shelfFor(world),
              code: await loadCode(),
              id,
              request,
              signal,
              gate: () => gate.opened,
              isPaused: () => gate.paused,
              told(event) {
                if (event.kind === 'progress') save(event.progress);
                next(event);
              },
            });
            return undefined;
          } finally {
            isOver = true;
            gates.delete(id);
            if (!isClosed()) await change((list) => list.filter((one) => keyOf(one) !== key));
            else if (progress)
              await shelves
                .get(world)
                ?.flush()
                .catch(() => {});
          }
        },
        async pauseFit({ id, paused }) {
          stop(id, paused);
          await pool.all('pauseFit', { id, paused });
          return undefined;
        },
        async score({ request }, { signal }) {
          const { world, works, dimensions } = engineOf(request.dataset);
          return runScore(
            {
              works,
              connection: world.connection,
              dimensions,
              shelf: await shelfFor(world),
              code: await loadCode(),
              signal,
            },
            request,
          );
        },
        async unfinishedFits() {
          await saving;
          return readList(await parts.small.get(listKey).catch(() => undefined));
        },
        async dismissFit({ request }) {
          const key = canonicalJson(request);
          await change((list) => list.filter((one) => keyOf(one) !== key));
          return undefined;
        },
        ...modelHandlers(parts.small),
      };
    },
  };
}

function keyOf({ request }: { readonly request: FitRequest }): string {
  return canonicalJson(request);
}

/** What was kept is rebuildable: a value of another shape is as good as none. */
function readList(kept: unknown): UnfinishedFit[] {
  if (!Array.isArray(kept)) return [];
  return kept.filter(
    (one): one is UnfinishedFit =>
      typeof one === 'object' &&
      one !== null &&
      typeof one.begun === 'string' &&
      typeof one.request?.dataset === 'string' &&
      typeof one.progress?.phase === 'string',
  );
}
