import { type Access, adviseTopology, chunkFor } from '../../arrays/geometry.ts';
import type { ArrayHead } from '../../protocol/array.ts';
import type { Advice, Elements, Walk } from '../../protocol/array-client.ts';
import type { ArrayQuestion, BareAnswer, ChunkBytes } from '../../protocol/array-messages.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { Pool } from '../pool.ts';
import { type ArrayWorld, headNow } from './array-world.ts';
import type { HereChunk } from './chunk-desk.ts';
import { readElements } from './read-elements.ts';

/** What one tab does with the arrays of a store, over the compute workers it lends. */
export interface SessionArrays {
  compute(
    head: ArrayHead,
    question: ArrayQuestion,
    chunks: readonly HereChunk[],
    signal: AbortSignal,
  ): Promise<BareAnswer>;
  read(
    array: string,
    at: string,
    options: { readonly signal: AbortSignal; readonly progress: (done: number) => void },
  ): Promise<Elements>;
  advise(array: string, walk: Walk): Promise<Advice>;
}

export function sessionArrays(world: ArrayWorld, pool: Pool): SessionArrays {
  /** Keys of chunks each worker was given: what it forgot it asks for. */
  const given = new Map<number, Set<string>>();

  return {
    async compute(head, question, chunks, signal) {
      await pool.staff(16);
      // Two nodes: a line does not wait behind an image.
      const worker = pool.workersOf(`arrays/${head.id}`, 16)(question.kind === 'picture' ? 0 : 8);
      const known = given.get(worker) ?? new Set<string>();
      given.set(worker, known);
      let needed: ReadonlySet<string> = new Set();
      for (let tries = 0; tries < 3; tries++) {
        const wanted = needed;
        const ask = chunks.map(
          ({ key, level, place, bytes }): ChunkBytes =>
            bytes === undefined
              ? { key, level, place, isHole: true }
              : known.has(key) && !wanted.has(key)
                ? { key, level, place }
                : { key, level, place, bytes },
        );
        const answer = await pool.call(worker, 'arrayAnswer', { head, question, chunks: ask }, { signal });
        if (known.size > 4096) known.clear();
        for (const { key } of chunks) known.add(key);
        if (answer.kind === 'answered') return answer.answer;
        needed = new Set(answer.keys);
      }
      throw new ExaError('broken', 'A compute worker could not keep the chunks of one picture.');
    },

    async read(array, at, { signal, progress }) {
      const { booked, isAway } = await headNow(world, array, signal);
      return await readElements(world.desk, booked, at, { pool, signal, progress, offline: isAway });
    },

    async advise(array, walk) {
      const { shape, chunk, dtype } = (await headNow(world, array)).booked.head;
      const sizes = shape.map(BigInt);
      const advice = adviseTopology(sizes, chunk, dtype, accessOf(walk));
      return {
        topology: advice.best,
        chunk: advice.times < 2 ? chunkFor(advice.best, sizes, dtype) : advice.chunk,
        times: advice.times,
        sentence: advice.sentence,
      };
    },
  };
}

function accessOf(walk: Walk): Access {
  if (walk === 'tiles') return { kind: 'tiles', count: 1n, side: 512n };
  return { kind: walk, count: walk === 'random' ? 1000n : 1n };
}
