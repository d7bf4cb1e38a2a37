import { Type } from '@sinclair/typebox';
import { topologies } from '../../src/arrays/geometry.ts';
import { type ArrayBatchRequest, type ArrayHead, dtypes } from '../../src/protocol/array.ts';
import { identifier, strict, versionNumber, words } from './schema-parts.ts';

export const arrayParams = Type.Object({ id: identifier });

const size = Type.Union([Type.String({ minLength: 1, maxLength: 40 }), Type.Number()], {
  description: 'A size: a whole number below 2^63, as digits in a text where it is 2^53 or more.',
});
const side = Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 });
const element = Type.Union([Type.Number(), Type.String(), Type.Boolean()]);

/** Chunk sizes, or the topology to choose them by. */
export const chunkSchema = Type.Union([Type.Array(side, { maxItems: 32 }), words(topologies)]);
export const shapeSchema = Type.Array(size, { maxItems: 32 });

export const arrayHeadSchema = Type.Unsafe<ArrayHead>(
  Type.Object(
    {
      id: Type.String(),
      name: Type.String(),
      epoch: Type.String(),
      scope: Type.String(),
      version: versionNumber,
      asOf: Type.String(),
      shape: Type.Array(Type.String(), { description: 'Sizes as digits: JSON’s numbers end at 2^53.' }),
      dtype: words(dtypes),
      chunk: Type.Array(side),
      order: words(['C', 'F']),
      fill: element,
      reduced: Type.Array(Type.Boolean()),
      chunks: versionNumber,
      bytes: versionNumber,
    },
    { $id: 'ArrayHead', description: 'The small mutable record of an array.' },
  ),
);

/** What a new array is told. */
export const arraySpecSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    shape: shapeSchema,
    dtype: Type.String(),
    chunk: Type.Optional(chunkSchema),
    order: Type.Optional(words(['C', 'F'])),
    fill: Type.Optional(element),
  },
  { $id: 'ArraySpec', ...strict, description: 'An array to be.' },
);

export const arrayBatchSchema = Type.Unsafe<ArrayBatchRequest>(
  Type.Object(
    {
      epoch: Type.String({ minLength: 1 }),
      items: Type.Array(
        Type.Object(
          {
            level: Type.Integer({ minimum: 0, maximum: 21 }),
            chunks: Type.Array(
              Type.Array(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), { maxItems: 32 }),
            ),
            since: Type.Optional(
              Type.Array(Type.Integer({ minimum: -1, maximum: Number.MAX_SAFE_INTEGER }), {
                description:
                  'Of each chunk, the version as of which it is known (−1: not at all); unchanged, it comes as an empty patch.',
              }),
            ),
          },
          strict,
        ),
        { maxItems: 1024 },
      ),
    },
    { $id: 'ArrayBatchRequest', ...strict, description: 'Chunks by level and index, all as of one version.' },
  ),
);
