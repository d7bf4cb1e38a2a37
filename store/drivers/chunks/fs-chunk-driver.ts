import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { itemSize, type Values } from '../../../src/arrays/dtype.ts';
import { reducedAxes } from '../../../src/arrays/pyramid/level-grid.ts';
import { type Index, resolveSelection } from '../../../src/arrays/selection.ts';
import { parseChunk, parseShape, shapeText } from '../../../src/arrays/shape.ts';
import type { Receipt } from '../../../src/protocol/change.ts';
import { ExaError, isExaError } from '../../../src/protocol/errors.ts';
import type { DerivedFiles } from '../../derived.ts';
import type { ArrayCatalogue, ArrayRecord } from '../array-catalogue.ts';
import type { ArrayImport, ArraySpec, ChunkDriver, Progress, WriteKey } from '../chunk-driver.ts';
import { batchOf, type OpenArray } from './array-batch.ts';
import { ArrayFile, type Stage } from './array-file.ts';
import { compactJournal } from './compact.ts';
import { evaluateOver } from './evaluate.ts';
import { Crew, type CrewOptions } from './evaluate-crew.ts';
import { Journal } from './journal.ts';
import { gridsOf, LevelPages } from './level-pages.ts';
import { headOf, newEpoch, newRecord, slugOf } from './new-record.ts';
import { OpenArrays } from './open-arrays.ts';
import { copyInto } from './rechunk.ts';
import { checkpointZarr } from './zarr/checkpoint.ts';

export interface FsChunkOptions {
  /** Folder of all arrays; made when missing. Folders in it that the catalogue does not name are deleted. */
  readonly directory: string;
  readonly catalogue: ArrayCatalogue;
  readonly checksum: (bytes: Uint8Array) => string;
  /** Where level chunks are kept; left out, they are made each time. */
  readonly files?: DerivedFiles;
  /** Bytes no longer needed in a journal at which it is compacted, once they are also more than what is. Default 64 MiB. */
  readonly compactBytes?: number;
  /** Told of arrays that cannot be opened, one sentence each. */
  readonly warn?: (line: string) => void;
  /** Who evaluates expressions; as many threads as processors, at most 4, by default. */
  readonly crew?: CrewOptions;
}

/** Chunks a version event names before it says only that some changed. */
const announcedChunks = 1024;

/**
 * Arrays as journals of chunks in the file system. One whose index on disk is damaged is listed still, and its every use
 * throws `corrupt`: it keeps no other from being read.
 */
export async function fsChunkDriver(options: FsChunkOptions): Promise<ChunkDriver> {
  const { directory, catalogue, checksum, files, compactBytes = 64 * 2 ** 20, warn = () => {} } = options;
  await mkdir(directory, { recursive: true });
  const crew = new Crew(options.crew);
  const arrays = new OpenArrays();
  const importing = new Set<string>();
  const tidying = new Map<string, Promise<void>>();
  const used = new Set([...catalogue.arrays().values()].map(({ folder }) => folder));
  for (const name of await readdir(directory))
    if (!used.has(name)) await rm(join(directory, name), { recursive: true, force: true });
  const journalOf = (record: ArrayRecord) =>
    new Journal(join(directory, record.folder), record.journal, checksum);
  const openArray = async (record: ArrayRecord): Promise<OpenArray> => {
    const journal = journalOf(record);
    const file = await ArrayFile.open(record, journal).catch(async (error: unknown) => {
      await journal.close();
      throw error;
    });
    return { file, levels: new LevelPages(file, files) };
  };
  for (const record of catalogue.arrays().values())
    try {
      const array = await openArray(record);
      await array.file.journal.dropOthers();
      arrays.add(record.id, array);
    } catch (cause) {
      if (!isExaError(cause, 'corrupt')) throw cause;
      warn(`${arrays.addDamaged(record, cause)} (${join(directory, record.folder)}: ${cause.message})`);
    }

  /** Commits what `prepare` staged against the newest record, under the one writer. */
  async function change(
    id: string,
    key: WriteKey,
    prepare: (file: ArrayFile) => Promise<{ readonly stage: Stage; readonly shrunk?: boolean }>,
  ): Promise<Receipt> {
    arrays.find(id);
    const receipt = await catalogue.commitArray(key, async ({ version, asOf }) => {
      const { file } = arrays.find(id);
      const before = file.record;
      try {
        const { stage, shrunk } = await prepare(file);
        const record = await sealed(file, stage, { version, asOf, shrunk });
        return {
          record,
          written: stage.written,
          change: {
            id,
            epoch: record.epoch,
            headChanged: record.epoch !== before.epoch || record.shape.join() !== before.shape.join(),
            chunks:
              shrunk || stage.entries.length > announcedChunks
                ? undefined
                : stage.entries.map(({ place }) => place),
          },
          committed: () => {
            file.committed(record, stage.entries);
            if (shrunk || record.epoch !== before.epoch) file.index.forgetLevels();
          },
        };
      } catch (error) {
        file.journal.rollback();
        throw error;
      }
    });
    tidy(id);
    return receipt;
  }

  async function sealed(
    file: ArrayFile,
    stage: Stage,
    at: { readonly version: number; readonly asOf: string; readonly shrunk?: boolean },
  ): Promise<ArrayRecord> {
    const { version, asOf, shrunk } = at;
    await stage.finish();
    const { entries, record } = stage;
    const journal = entries.length ? await file.journal.seal(version, entries) : file.journal.head;
    const fresh = entries.filter(({ place }) => !file.index.at(place, version)).length;
    return {
      ...record,
      version,
      asOf,
      journal,
      shrinks: shrunk ? [...record.shrinks, { version, shape: record.shape }] : record.shrinks,
      chunks: file.index.size + fresh,
      bytes: journal.end,
    };
  }

  function freeId(name: string): string {
    const base = slugOf(name);
    const taken = (id: string) => arrays.has(id) || importing.has(id);
    if (arrays.records().some((record) => record.name === name))
      throw new ExaError('conflict', `There is an array called ${name} already: choose another name.`, {
        facts: { name },
      });
    for (let n = 1; ; n++) {
      const id = n === 1 ? base : `${base}-${n}`;
      if (!taken(id)) return id;
    }
  }

  async function beginImport(spec: ArraySpec): Promise<ArrayImport> {
    const id = freeId(spec.name);
    const array = await openArray(newRecord(spec, id));
    importing.add(id);
    const { file } = array;
    const stage = file.stage();
    let over = false;
    // One after the other, however they come.
    let turn: Promise<unknown> = Promise.resolve();
    const inTurn = <T>(body: () => Promise<T>): Promise<T> => {
      const next = turn.then(() => {
        if (over) throw new ExaError('missing', 'This import is over: begin another.');
        return body();
      });
      turn = next.catch(() => undefined);
      return next;
    };
    const discard = async () => {
      over = true;
      importing.delete(id);
      await file.journal.close();
      await rm(join(directory, file.record.folder), { recursive: true, force: true });
    };
    return {
      id: file.record.epoch,
      chunk: file.record.chunk,
      write: (indices, values, signal) =>
        inTurn(() => stage.write(resolveSelection(indices, spec.shape), values, signal)),
      commit: () =>
        inTurn(async () => {
          const receipt = await catalogue.commitArray(
            { fingerprint: file.record.epoch },
            async ({ version, asOf }) => {
              freeId(spec.name);
              const record = await sealed(file, stage, { version, asOf });
              return {
                record,
                written: stage.written,
                change: { id, epoch: record.epoch, headChanged: true },
                committed: () => {
                  file.committed(record, stage.entries);
                  importing.delete(id);
                  arrays.add(id, array);
                },
              };
            },
          );
          over = true;
          return { ...receipt, array: id };
        }),
      abort: async () => {
        await turn;
        if (!over) await discard();
      },
    };
  }

  function refuseType({ name, dtype }: ArrayRecord, given: string): void {
    if (given !== dtype)
      throw new ExaError(
        'invalid',
        `${name} holds ${dtype} and the values are ${given}: convert them to ${dtype} first.`,
      );
  }

  async function write(
    id: string,
    indices: readonly Index[],
    dtype: string,
    values: Values,
    key: WriteKey,
  ): Promise<Receipt> {
    return await change(id, key, async (file) => {
      refuseType(file.record, dtype);
      const stage = file.stage();
      await stage.write(resolveSelection(indices, file.record.shape.map(BigInt)), values);
      return { stage };
    });
  }

  /** Compacts, in the background and once at a time, a journal that holds more that is old than new. */
  function tidy(id: string): void {
    const file = arrays.get(id)?.file;
    if (!file || tidying.has(id)) return;
    const old = file.journal.head.end - file.index.bytes;
    if (old < Math.max(compactBytes, file.index.bytes)) return;
    // What fails leaves the journal as it was; the next write tries again.
    const work = compactJournal(file, catalogue).catch(() => undefined);
    tidying.set(
      id,
      work.finally(() => tidying.delete(id)),
    );
  }

  const driver: ChunkDriver = {
    heads: () => arrays.records().map(headOf),
    head: (id) => headOf(arrays.record(id)),
    batch: (id, request, options) => batchOf(arrays.find(id), request, options),
    read: async (id, indices, signal) => {
      const { file } = arrays.find(id);
      return await file.reading((record) =>
        file.read(record, resolveSelection(indices, record.shape.map(BigInt)), signal),
      );
    },
    create: async (spec, key) => {
      const id = freeId(spec.name);
      const array = await openArray(newRecord(spec, id));
      const receipt = await catalogue.commitArray(key, async ({ version, asOf }) => {
        freeId(spec.name);
        const record: ArrayRecord = { ...array.file.record, version, asOf };
        return {
          record,
          written: 0,
          change: { id, epoch: record.epoch, headChanged: true },
          committed: () => {
            array.file.committed(record, []);
            arrays.add(id, array);
          },
        };
      });
      return { ...receipt, array: id };
    },
    write,
    append: (id, rows, key) =>
      change(id, key, async (file) => {
        const { record } = file;
        refuseType(record, rows.dtype);
        const axis = record.order === 'C' ? 0 : record.shape.length - 1;
        const fits =
          rows.shape.length === record.shape.length &&
          rows.shape.every((size, i) => i === axis || String(size) === record.shape[i]);
        if (!fits || record.shape.length === 0)
          throw new ExaError(
            'invalid',
            `${shapeText(rows.shape)} elements do not fit at the end of axis ${axis} of ${record.name}, which is ${shapeText(record.shape)}.`,
          );
        const from = BigInt(record.shape[axis]!);
        const shape = record.shape.map((size, i) =>
          i === axis ? from + BigInt(rows.shape[axis]!) : BigInt(size),
        );
        const stage = file.stage(reshaped(record, shape));
        const indices: Index[] = shape.map((_, i) => ({ kind: 'slice', start: i === axis ? from : 0n }));
        await stage.write(resolveSelection(indices, shape), rows.values);
        return { stage };
      }),
    resize: (id, shape, key) =>
      change(id, key, async (file) => {
        const { record } = file;
        if (shape.length !== record.shape.length)
          throw new ExaError(
            'invalid',
            `${record.name} has ${record.shape.length} axes: a new shape has as many, and ${shape.length} were given.`,
          );
        const shrunk = shape.some((size, axis) => size < BigInt(record.shape[axis]!));
        return { stage: file.stage(reshaped(record, shape)), shrunk };
      }),
    drop: async (id) => {
      const { folder } = arrays.record(id);
      const file = arrays.get(id)?.file;
      await catalogue.commitArray({ fingerprint: id }, async () => ({
        record: undefined,
        written: 0,
        change: { id, epoch: '', headChanged: true },
        committed: () => arrays.remove(id),
      }));
      await file?.retire();
      await rm(join(directory, folder), { recursive: true, force: true });
    },
    beginImport,
    rechunk: async (id, chunk, options: Progress = {}) => {
      const { file } = arrays.find(id);
      const { record } = file;
      const temporary = newRecord(
        { ...record, shape: record.shape.map(BigInt), chunk, name: record.name },
        record.id,
      );
      const copy = await openArray(temporary);
      try {
        const stage = copy.file.stage();
        await file.reading((from) => copyInto(file, from, stage, options));
        return await catalogue.commitArray({ fingerprint: temporary.epoch }, async ({ version, asOf }) => {
          if (arrays.find(id).file !== file || file.record.version !== record.version)
            throw new ExaError('conflict', `${record.name} was written meanwhile: rechunk it again.`);
          const made = await sealed(copy.file, stage, { version, asOf });
          return {
            record: made,
            written: stage.written,
            change: { id, epoch: made.epoch, headChanged: true },
            committed: () => {
              copy.file.committed(made, stage.entries);
              arrays.add(id, copy);
              void file
                .retire()
                .then(() => rm(join(directory, record.folder), { recursive: true, force: true }));
            },
          };
        });
      } catch (error) {
        await copy.file.journal.close();
        await rm(join(directory, temporary.folder), { recursive: true, force: true });
        throw error;
      }
    },
    evaluate: (expression, { signal, progress }: Progress = {}) =>
      evaluateOver(expression, (id) => arrays.find(id).file, { crew, checksum, signal, progress }),
    summarise: async (id, { signal, progress }: Progress = {}) => {
      const { file, levels } = arrays.find(id);
      const { record } = file;
      const grids = gridsOf(record);
      // Builds the book of level revisions.
      levels.revision(
        record,
        1,
        record.shape.map(() => 0),
      );
      for (let level = 1; level < grids.length; level++) {
        const places = file.index.levelPlaces(level);
        for (const [i, place] of places.entries()) {
          signal?.throwIfAborted();
          if (place.some((index, axis) => index >= grids[level]!.grid[axis]!)) continue;
          await file.reading(() => levels.page(record, level, place));
          if (level === 1) progress?.((i + 1) / places.length);
        }
      }
    },
    checkpoint: async (id, options = {}) => {
      const { file } = arrays.find(id);
      return await file.reading((record) =>
        checkpointZarr(file, record, join(directory, record.folder, 'zarr'), options),
      );
    },
    close: async () => {
      await Promise.all([...tidying.values(), crew.close()]);
      await arrays.close();
    },
  };
  return driver;
}

/**
 * Another shape; a change along an axis that levels do not reduce makes its pyramid another one. Throws `invalid` for sizes
 * that are none, and where the chunks there are would be too many to tell apart.
 */
function reshaped(record: ArrayRecord, shape: readonly bigint[]): ArrayRecord {
  parseChunk(record.chunk, parseShape(shape), itemSize(record.dtype));
  const same = shape.every((size, axis) => record.reduced[axis] || String(size) === record.shape[axis]);
  const next = { ...record, shape: shape.map(String) };
  return same ? next : { ...next, reduced: reducedAxes(shape), epoch: newEpoch() };
}
