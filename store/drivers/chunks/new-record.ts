import { randomBytes } from 'node:crypto';
import { fillValues, itemSize, literalOf } from '../../../src/arrays/dtype.ts';
import { chunkFor, type Topology } from '../../../src/arrays/geometry.ts';
import { reducedAxes } from '../../../src/arrays/pyramid/level-grid.ts';
import { parseChunk, type Shape } from '../../../src/arrays/shape.ts';
import type { ArrayHead } from '../../../src/protocol/array.ts';
import { ExaError } from '../../../src/protocol/errors.ts';
import type { ArrayRecord } from '../array-catalogue.ts';
import type { ArraySpec } from '../chunk-driver.ts';

/** A random name for what must never be named twice. */
export function newEpoch(): string {
  return randomBytes(8).toString('hex');
}

/** The record of a new, empty array. Throws `invalid` for what it cannot be. */
export function newRecord(spec: ArraySpec, id: string): ArrayRecord {
  const { name, shape, dtype, order = 'C' } = spec;
  const topology = spec.chunk ?? defaultTopology(shape);
  const chunk = typeof topology === 'string' ? chunkFor(topology, shape, dtype) : topology;
  const epoch = newEpoch();
  return {
    id,
    name,
    epoch,
    version: 0,
    asOf: '',
    shape: shape.map(String),
    dtype,
    chunk: parseChunk([...chunk], shape, itemSize(dtype)),
    order,
    fill: literalOf(dtype, fillValues(dtype, spec.fill), 0),
    reduced: reducedAxes(shape),
    folder: `${slugOf(name)}-${epoch}`,
    journal: { segment: 0, end: 0 },
    shrinks: [],
    chunks: 0,
    bytes: 0,
  };
}

/** Tiles where two axes or more are long; rows of the few columns otherwise. */
function defaultTopology(shape: Shape): Topology {
  return shape.filter((size) => size > 4096n).length > 1 ? 'tiles' : 'rows';
}

/** An id from a name: lower case, digits and dashes. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  if (slug === '')
    throw new ExaError('invalid', 'An array needs a name with at least one letter or digit in it.');
  return slug;
}

export function headOf(record: ArrayRecord): ArrayHead {
  const { id, name, epoch, version, asOf, shape, dtype, chunk, order, fill, reduced, chunks, bytes } = record;
  return {
    id,
    name,
    epoch,
    scope: 'public',
    version,
    asOf,
    shape,
    dtype,
    chunk,
    order,
    fill,
    reduced,
    chunks,
    bytes,
  };
}
