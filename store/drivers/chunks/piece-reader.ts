import { closeSync, openSync, readSync } from 'node:fs';
import { type Values, valuesOf } from '../../../src/arrays/dtype.ts';
import { type ArrayFacts, compileExpression } from '../../../src/arrays/expression/compile.ts';
import { evaluatePiece, type PieceResult } from '../../../src/arrays/expression/evaluate.ts';
import { Cuts } from '../../../src/arrays/expression/pieces.ts';
import type { Expression } from '../../../src/protocol/array-expression.ts';
import { ExaError } from '../../../src/protocol/errors.ts';
import { clear } from './array-file.ts';

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

export function pieceReader(
  expression: Expression,
  arrays: readonly ArrayFacts[],
  checksum: (bytes: Uint8Array) => string,
): PieceReader {
  const program = compileExpression(expression, (id) => arrays.find((array) => array.id === id)!);
  const cuts = new Cuts(program);
  const files = new Map<string, number>();
  /** Read into again and again: a reduction keeps nothing of its chunks. */
  const buffers: Uint8Array<ArrayBuffer>[] = [];

  const fileOf = (path: string): number => {
    const known = files.get(path);
    if (known !== undefined) return known;
    const file = openSync(path, 'r');
    files.set(path, file);
    return file;
  };

  const read = (
    { leaf, path, offset, length, checksum: expected, extent }: ChunkTask,
    slot: number,
  ): Values => {
    let buffer = buffers[slot];
    if (!program.reduce || buffer?.byteLength !== length) {
      buffer = new Uint8Array(length);
      buffers[slot] = buffer;
    }
    let at = 0;
    while (at < length) {
      const got = readSync(fileOf(path), buffer, at, length - at, offset + at);
      if (got === 0) break;
      at += got;
    }
    const { array } = program.leaves[leaf]!;
    if (at !== length || checksum(buffer) !== expected)
      throw new ExaError(
        'corrupt',
        `A chunk of ${array.name} is damaged (${path}, byte ${offset}): restore it from a copy or write it again.`,
      );
    const values = valuesOf(array.dtype, buffer);
    if (extent) clear(values, array, extent);
    return values;
  };

  return {
    run: (tasks) =>
      tasks.map(({ place, chunks }) => {
        const known = new Map(
          chunks.map((chunk, slot) => [`${chunk.leaf}/${chunk.place.join()}`, read(chunk, slot)]),
        );
        return evaluatePiece(program, cuts.piece(place), (leaf, at) => known.get(`${leaf}/${at.join()}`));
      }),
    close() {
      for (const file of files.values()) closeSync(file);
      files.clear();
    },
  };
}
