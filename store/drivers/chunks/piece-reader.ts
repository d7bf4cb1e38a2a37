import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { type Values, valuesOf } from '../../../src/arrays/dtype.ts';
import { type ArrayFacts, compileExpression } from '../../../src/arrays/expression/compile.ts';
import { evaluatePiece, type PieceResult } from '../../../src/arrays/expression/evaluate.ts';
import { Cuts } from '../../../src/arrays/expression/pieces.ts';
import { checksumInSlab, openSlab } from '../../../src/kernels/wasm/slab.ts';
import type { Expression } from '../../../src/protocol/array-expression.ts';
import { clear, damagedChunk } from './array-file.ts';

/** Where a chunk that a piece reads is; `extent` where an array made smaller hides a part of it. */
export interface ChunkTask {
  readonly leaf: number;
  readonly place: readonly number[];
  readonly path: string;
  readonly offset: number;
  readonly length: number;
  readonly checksum: string;
  readonly extent?: readonly number[];
}

/** A piece of an expression with every written chunk it reads. */
export interface PieceTask {
  readonly place: readonly number[];
  readonly chunks: readonly ChunkTask[];
}

/** Computes pieces from the journals on disk, on whatever thread this is. */
export interface PieceReader {
  run(tasks: readonly PieceTask[]): PieceResult[];
  close(): void;
}

/** Bytes of the chunks of a piece that this thread's slab has room for. */
const slabBytes = 4 * 2 ** 20;
let slab: Uint8Array<ArrayBuffer> | undefined;

export function pieceReader(
  expression: Expression,
  arrays: readonly ArrayFacts[],
  checksum: (bytes: Uint8Array) => string,
): PieceReader {
  const program = compileExpression(expression, (id) => arrays.find((array) => array.id === id)!);
  const cuts = new Cuts(program);
  const files = new Map<string, number>();
  // Read into again and again: a reduction keeps nothing of its chunks.
  if (program.reduce) slab ??= openSlab(slabBytes);
  let taken = 0;

  const roomFor = (length: number): Uint8Array<ArrayBuffer> => {
    if (!program.reduce || !slab || taken + length > slab.length) return new Uint8Array(length);
    const room = slab.subarray(taken, taken + length);
    taken = Math.ceil((taken + length) / 64) * 64;
    return room;
  };

  const fileOf = (path: string): number => {
    const known = files.get(path);
    if (known !== undefined) return known;
    const file = openSync(path, 'r');
    files.set(path, file);
    return file;
  };

  const read = ({ leaf, place, path, offset, length, checksum: expected, extent }: ChunkTask): Values => {
    const buffer = roomFor(length);
    let at = 0;
    while (at < length) {
      const got = readSync(fileOf(path), buffer, at, length - at, offset + at);
      if (got === 0) break;
      at += got;
    }
    const { array } = program.leaves[leaf]!;
    if (at !== length || (checksumInSlab(buffer) ?? checksum(buffer)) !== expected)
      throw damagedChunk(array.name, place, `${basename(path)}, byte ${offset}`);
    const values = valuesOf(array.dtype, buffer);
    if (extent) clear(values, array, extent);
    return values;
  };

  return {
    run: (tasks) =>
      tasks.map(({ place, chunks }) => {
        taken = 0;
        const known = new Map(chunks.map((chunk) => [`${chunk.leaf}/${chunk.place.join()}`, read(chunk)]));
        return evaluatePiece(program, cuts.piece(place), (leaf, at) => known.get(`${leaf}/${at.join()}`));
      }),
    close() {
      for (const file of files.values()) closeSync(file);
      files.clear();
    },
  };
}
