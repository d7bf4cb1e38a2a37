import { arraysIn } from '../../src/arrays/expression/compile.ts';
import type { ArrayHead } from '../../src/protocol/array.ts';
import { ExaError } from '../../src/protocol/errors.ts';
import type { ChunkDriver } from '../drivers/chunk-driver.ts';
import { publicScope, type Scope } from './scope.ts';

/** Arrays as one caller may read and write them: each is seen whole, or is not there. */
export function scopedArrays(arrays: ChunkDriver, scope: Scope): ChunkDriver {
  if (scope.hash === publicScope && scope.role === 'admin') return arrays;
  const missing = (id: string): ExaError =>
    new ExaError('missing', `There is no array called ${id} here.`, { facts: { array: id } });
  const scoped = (head: ArrayHead): ArrayHead => ({ ...head, scope: scope.hash });
  const seen = (id: string): ArrayHead => {
    const head = arrays.head(id);
    if (!scope.hasArray(head)) throw missing(id);
    return scoped(head);
  };
  const edited = (id: string): void => {
    seen(id);
    scope.mustEdit('change arrays');
  };
  const makes = (): void => {
    scope.mustEdit('make arrays');
    if (!scope.whole)
      throw new ExaError('refused', 'You may not make arrays, as you do not see all there are.');
  };
  return {
    heads: () =>
      arrays
        .heads()
        .filter((head) => scope.hasArray(head))
        .map(scoped),
    head: seen,
    batch: (id, request, options) => {
      seen(id);
      return arrays.batch(id, request, options);
    },
    read: async (id, indices, signal) => {
      seen(id);
      return await arrays.read(id, indices, signal);
    },
    create: async (spec, key) => {
      makes();
      return await arrays.create(spec, key);
    },
    write: async (id, indices, dtype, values, key) => {
      edited(id);
      return await arrays.write(id, indices, dtype, values, key);
    },
    append: async (id, rows, key) => {
      edited(id);
      return await arrays.append(id, rows, key);
    },
    resize: async (id, shape, key) => {
      edited(id);
      return await arrays.resize(id, shape, key);
    },
    drop: async (id) => {
      seen(id);
      scope.mustAdminister('drop an array');
      await arrays.drop(id);
    },
    beginImport: async (spec) => {
      makes();
      return await arrays.beginImport(spec);
    },
    evaluate: async (expression, options) => {
      for (const id of arraysIn(expression)) seen(id);
      return await arrays.evaluate(expression, options);
    },
    rechunk: async (id, chunk, options) => {
      edited(id);
      return await arrays.rechunk(id, chunk, options);
    },
    summarise: async (id, options) => {
      edited(id);
      await arrays.summarise(id, options);
    },
    checkpoint: async (id, options) => {
      edited(id);
      return await arrays.checkpoint(id, options);
    },
    close: () => arrays.close(),
  };
}
