import { answerOf } from '../../arrays/array-answer.ts';
import { type Values, valuesOf } from '../../arrays/dtype.ts';
import { compileExpression } from '../../arrays/expression/compile.ts';
import { evaluatePiece } from '../../arrays/expression/evaluate.ts';
import { Cuts } from '../../arrays/expression/pieces.ts';
import { parseSelection } from '../../arrays/parse-selection.ts';
import { decodeCells } from '../../arrays/pyramid/cells-page.ts';
import { gridsOf, type HeldChunk, type KnownChunk } from '../../arrays/pyramid/picture.ts';
import { resolveSelection } from '../../arrays/selection.ts';
import { chunkVolume } from '../../arrays/shape.ts';
import { elementsIn } from '../../arrow/elements-frame.ts';
import type { ArrayHead } from '../../protocol/array.ts';
import type { ArrayComputeCalls, ChunkBytes } from '../../protocol/array-messages.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { PageFileReader } from '../../storage/page-file-reader.ts';
import type { ByteLru } from '../byte-lru.ts';
import { type Handlers, transferring } from '../rpc.ts';
import { gathering } from './gathering.ts';

/** A decoded chunk that is kept; a hole is none. */
export interface KeptChunk {
  readonly chunk: HeldChunk;
}

/** What a compute worker does with arrays: decodes chunks, keeps them, makes answers of them. */
export function arrayCompute(
  kept: ByteLru<KeptChunk>,
  readFiles: PageFileReader['read'],
): Handlers<ArrayComputeCalls> {
  return {
    async arrayGather({ head, at, chunks }) {
      const into = gathering(head, resolveSelection(parseSelection(at), head.shape.map(BigInt)));
      const parts = new Map(into.parts.map((part) => [part.chunk.join(), part]));
      const absent = new Set(chunks.keys());
      const slices = chunks.map((slice, index) => ({ ...slice, index }));
      await readFiles(slices, ({ place, index }, bytes) => {
        into.put(parts.get(place.join())!, bytes.byteLength === 0 ? undefined : bytes);
        absent.delete(index);
      });
      const { values } = into.result();
      return transferring({ values, absent: [...absent] }, [values.buffer]);
    },

    arrayPieces({ expression, heads, pieces }) {
      const headOf = (id: string): ArrayHead => {
        const head = heads.find((one) => one.id === id);
        if (!head) throw new ExaError('broken', `The head of ${id} was not brought along.`);
        return head;
      };
      const program = compileExpression(expression, headOf);
      const cuts = new Cuts(program);
      const keys: string[] = [];
      const known = pieces.map(({ chunks }) => {
        const values = new Map<string, Values>();
        for (const [leaf, { array }] of program.leaves.entries()) {
          const own = chunks.filter((chunk) => chunk.leaf === leaf);
          const found = knownChunks(kept, headOf(array.id), own);
          if ('kind' in found) keys.push(...found.keys);
          else
            for (const { place, chunk } of found)
              if (chunk && !('places' in chunk)) values.set(`${leaf}/${place.join()}`, chunk);
        }
        return values;
      });
      if (keys.length > 0) return { kind: 'need', keys };
      const results = pieces.map(({ place }, i) =>
        evaluatePiece(program, cuts.piece(place), (leaf, at) => known[i]!.get(`${leaf}/${at.join()}`)),
      );
      // Cloned: elements may be those of a chunk that is kept.
      return { kind: 'results', results };
    },

    arrayAnswer({ head, question, chunks }) {
      const found = knownChunks(kept, head, chunks);
      if ('kind' in found) return found;
      const answer = answerOf(head, gridsOf(head), question, found);
      return transferring({ kind: 'answered', answer } as const, buffersOf(answer));
    },
  };
}

/** Chunks brought along or kept, decoded; else which are to be brought. Throws `corrupt` for bytes that are no chunk. */
export function knownChunks(
  kept: ByteLru<KeptChunk>,
  head: ArrayHead,
  chunks: readonly ChunkBytes[],
): KnownChunk[] | { readonly kind: 'need'; readonly keys: readonly string[] } {
  const keys: string[] = [];
  const known: KnownChunk[] = [];
  for (const { key, level, place, bytes, isHole } of chunks) {
    if (isHole) {
      known.push({ level, place, chunk: undefined });
      continue;
    }
    let found = kept.get(key);
    if (!found && bytes) {
      found = { chunk: decodeChunk(head, level, bytes) };
      kept.set(key, found, sizeOf(found.chunk));
    }
    if (found) known.push({ level, place, chunk: found.chunk });
    else keys.push(key);
  }
  return keys.length > 0 ? { kind: 'need', keys } : known;
}

function decodeChunk(head: ArrayHead, level: number, bytes: Uint8Array): HeldChunk {
  if (level > 0) return decodeCells(bytes);
  const elements = elementsIn(bytes);
  const values = valuesOf(elements.dtype, elements.bytes);
  if (elements.dtype !== head.dtype || values.length !== chunkVolume(head.chunk))
    throw new ExaError(
      'corrupt',
      `A chunk of ${head.name} has ${values.length} elements of ${elements.dtype}: its head says ${chunkVolume(head.chunk)} of ${head.dtype}.`,
    );
  return values;
}

function sizeOf(chunk: HeldChunk): number {
  if (!chunk) return 0;
  return 'places' in chunk ? chunk.places.length * 64 : chunk.byteLength;
}

/** The buffers an answer's typed arrays lie in; each answer has its own. */
export function buffersOf(answer: object): ArrayBuffer[] {
  return Object.values(answer).flatMap((value: unknown) =>
    ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer ? [value.buffer] : [],
  );
}
