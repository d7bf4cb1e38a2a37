import { answerer, type Preparer, preparer } from './answerer.ts';
import type { Answerer } from './live-question.ts';
import { type PageDesk, pageDesk } from './page-desk.ts';
import type { Pool } from './pool.ts';
import type { Works } from './root-partial.ts';
import type { World } from './world.ts';

/** What one tab answers questions about one world with. */
export interface Engine {
  readonly world: World;
  readonly desk: PageDesk;
  readonly works: Works;
  readonly dimensions: Preparer;
  readonly answer: Answerer;
}

export function engineOver(
  world: World,
  pool: Pool,
  { writeBackMs, budgetBytes }: { readonly writeBackMs?: number; readonly budgetBytes: () => number },
): Engine {
  const { cache, fetcher, book, shelf, smallBytes } = world;
  const desk = pageDesk({ cache, fetcher, book, pool, writeBackMs });
  const works: Works = {
    fetcher,
    cache,
    book,
    shelf,
    pool,
    desk,
    smallBytes,
    get budgetBytes() {
      return budgetBytes();
    },
  };
  const dimensions = preparer(works);
  return { world, desk, works, dimensions, answer: answerer(works, dimensions) };
}
