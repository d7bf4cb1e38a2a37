import { createHash } from 'node:crypto';
import { type Static, Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { DenseArray } from '../../src/arrays/dense.ts';
import { itemSize, parseDtype } from '../../src/arrays/dtype.ts';
import { compileExpression } from '../../src/arrays/expression/compile.ts';
import { chunkFor, type Topology } from '../../src/arrays/geometry.ts';
import { decodeNpy, encodeNpy, npyType } from '../../src/arrays/npy.ts';
import { parseSelection } from '../../src/arrays/parse-selection.ts';
import { resolveSelection } from '../../src/arrays/selection.ts';
import { parseShape, volume } from '../../src/arrays/shape.ts';
import { encodeElements } from '../../src/arrow/elements-page.ts';
import type { ArrayHead } from '../../src/protocol/array.ts';
import { binaryOps, type Expression, reduceOps, unaryOps } from '../../src/protocol/array-expression.ts';
import type { Receipt } from '../../src/protocol/change.ts';
import { ExaError } from '../../src/protocol/errors.ts';
import type { ArraySpec, Compression, WriteKey } from '../drivers/chunk-driver.ts';
import { activity } from './activity.ts';
import { arrayBatchRoute } from './array-batch-route.ts';
import { arrayParams, type arraySpecSchema, chunkSchema, shapeSchema } from './array-schema.ts';
import { isRemote } from './guard.ts';
import { refer, strict } from './schema-parts.ts';
import { sendBody, sendJson } from './send.ts';
import type { StoreContext } from './store-context.ts';

/** Most bytes of elements in one request or answer; more goes chunk by chunk, or through an import. */
const maxValueBytes = 64 * 2 ** 20;

const params = arrayParams;
const at = Type.Object({
  at: Type.Optional(
    Type.String({ maxLength: 65_536, description: 'An index expression, as in NumPy’s brackets: 0:1e12, 0' }),
  ),
});
const keyHeader = Type.Object({
  'Idempotency-Key': Type.Optional(
    Type.String({ description: 'Any text unique to this write: sent again, the write is done once.' }),
  ),
});

/** What the routes need of the store: arrays, and the checksum of pages. */
export interface ArrayContext extends Pick<StoreContext, 'reach' | 'ring'> {
  readonly checksum: (bytes: Uint8Array) => string;
}

/** Routes under `/arrays`: heads, chunks, values, writes, activities. */
export function arrayRoutes(app: FastifyInstance, context: ArrayContext): void {
  const { reach, ring } = context;
  arrayBatchRoute(app, context);

  app.get(
    '/arrays',
    { schema: { operationId: 'arrays', tags: ['arrays'], summary: 'The arrays of the store.' } },
    async (request, reply) =>
      sendJson(request, reply, { ...ring.newest(), arrays: reach(request).arrays.heads() }),
  );

  app.get<{ Params: { id: string } }>(
    '/arrays/:id/head',
    {
      schema: {
        operationId: 'arrayHead',
        tags: ['arrays'],
        summary: 'Shape, type and chunks of an array; sizes as digits.',
        params,
        response: { 200: refer<ArrayHead>('ArrayHead') },
      },
    },
    async (request, reply) => sendJson(request, reply, reach(request).arrays.head(request.params.id)),
  );

  app.post<{ Body: Static<typeof arraySpecSchema> }>(
    '/arrays',
    {
      schema: {
        operationId: 'createArray',
        tags: ['arrays'],
        summary: 'Makes an empty array; its size costs nothing.',
        headers: keyHeader,
        body: refer<Static<typeof arraySpecSchema>>('ArraySpec'),
        response: { 200: Type.Intersect([refer<Receipt>('Receipt'), Type.Object({ array: Type.String() })]) },
      },
    },
    async (request) =>
      await reach(request).arrays.create(specOf(request.body), keyOf(request, JSON.stringify(request.body))),
  );

  app.get<{ Params: { id: string }; Querystring: { at?: string } }>(
    '/arrays/:id/values',
    {
      schema: {
        operationId: 'readValues',
        tags: ['arrays'],
        summary: 'Elements of a selection as a .npy file, at most 64 MiB.',
        params,
        querystring: at,
        response: { 200: { description: 'A .npy file.', content: { [npyType]: { schema: Type.Any() } } } },
      },
    },
    async (request, reply) => {
      const { arrays } = reach(request);
      const indices = parseSelection(request.query.at ?? '');
      const { shape, dtype } = arrays.head(request.params.id);
      const selection = resolveSelection(indices, shape.map(BigInt));
      const bytes = volume(selection.shape) * BigInt(itemSize(dtype));
      if (bytes > BigInt(maxValueBytes))
        throw new ExaError(
          'refused',
          `The selection takes ${bytes} bytes: at most ${maxValueBytes} are given at once, so take a smaller part.`,
        );
      const body = encodeNpy(await arrays.read(request.params.id, indices));
      if (isRemote(request)) return sendBody(request, reply, body, { type: npyType, cache: 'no-store' });
      // On this machine the processor's time is worth more than bytes.
      return reply
        .header('content-type', npyType)
        .header('cache-control', 'no-store')
        .send(Buffer.from(body.buffer));
    },
  );

  app.put<{ Params: { id: string }; Querystring: { at?: string }; Body: unknown }>(
    '/arrays/:id/values',
    {
      schema: {
        operationId: 'writeValues',
        tags: ['arrays'],
        summary:
          'Assigns a .npy file to a selection, all in one version; one element is assigned to all of it.',
        consumes: [npyType],
        params,
        querystring: at,
        headers: keyHeader,
        response: { 200: refer<Receipt>('Receipt') },
      },
      bodyLimit: maxValueBytes + 4096,
    },
    async (request) => {
      const dense = npyBody(request.body);
      const { id } = request.params;
      const key = keyOf(request, `${id} ${request.query.at}`, request.body as Buffer);
      return await reach(request).arrays.write(
        id,
        parseSelection(request.query.at ?? ''),
        dense.dtype,
        dense.values,
        key,
      );
    },
  );

  app.post<{ Params: { id: string }; Body: unknown }>(
    '/arrays/:id/append',
    {
      schema: {
        operationId: 'appendValues',
        tags: ['arrays'],
        summary: 'Adds a .npy file at the end of the major axis.',
        consumes: [npyType],
        params,
        headers: keyHeader,
        response: { 200: refer<Receipt>('Receipt') },
      },
      bodyLimit: maxValueBytes + 4096,
    },
    async (request) => {
      const { id } = request.params;
      return await reach(request).arrays.append(
        id,
        npyBody(request.body),
        keyOf(request, `${id} append`, request.body as Buffer),
      );
    },
  );

  app.put<{ Params: { id: string }; Body: { shape: unknown[] } }>(
    '/arrays/:id/shape',
    {
      schema: {
        operationId: 'resizeArray',
        tags: ['arrays'],
        summary: 'Another shape, at no cost; what is cut off is gone.',
        params,
        headers: keyHeader,
        body: Type.Object({ shape: shapeSchema }, strict),
        response: { 200: refer<Receipt>('Receipt') },
      },
    },
    async (request) => {
      const { id } = request.params;
      const shape = parseShape(request.body.shape);
      return await reach(request).arrays.resize(id, shape, keyOf(request, `${id} shape ${shape.join()}`));
    },
  );

  app.delete<{ Params: { id: string } }>(
    '/arrays/:id',
    {
      schema: {
        operationId: 'dropArray',
        tags: ['arrays'],
        summary: 'Drops an array with all its data.',
        params,
      },
    },
    async (request, reply) => {
      await reach(request).arrays.drop(request.params.id);
      return reply.code(204).send();
    },
  );

  app.post<{ Params: { id: string }; Body: { chunk: readonly number[] | Topology; bytes?: number } }>(
    '/arrays/:id/rechunk',
    {
      schema: {
        operationId: 'rechunkArray',
        tags: ['arrays'],
        summary: 'Copies an array into other chunks; NDJSON of progress, then the receipt.',
        params,
        body: Type.Object(
          { chunk: chunkSchema, bytes: Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 28 })) },
          strict,
        ),
      },
    },
    async (request, reply) => {
      const { arrays } = reach(request);
      const { id } = request.params;
      const { chunk, bytes } = request.body;
      const { shape, dtype } = arrays.head(id);
      const sides = typeof chunk === 'string' ? chunkFor(chunk, shape.map(BigInt), dtype, bytes) : chunk;
      return activity(reply, (options) => arrays.rechunk(id, sides, options));
    },
  );

  app.post<{ Body: { expression: Expression } }>(
    '/arrays/evaluate',
    {
      schema: {
        operationId: 'evaluateArrays',
        tags: ['arrays'],
        summary: 'Evaluates an expression near the data; NDJSON of progress, then its shape and elements.',
        description:
          'The result is { shape, chunk }: an Arrow stream of one column in base64, in C order, at most 64 MiB. Elementwise: ' +
          `${[...unaryOps, ...binaryOps].join(', ')}, where, astype; reductions, at the root: ${reduceOps.join(', ')}. Whoever leaves cancels it.`,
        body: Type.Object(
          { expression: Type.Unsafe<Expression>(Type.Object({ op: Type.String() })) },
          strict,
        ),
      },
    },
    async (request, reply) => {
      const { arrays } = reach(request);
      const { expression } = request.body;
      // What is wrong with the expression itself is a plain problem, before the answer begins.
      compileExpression(expression, (id) => arrays.head(id));
      return activity(reply, async (options) => {
        const { dtype, shape, values } = await arrays.evaluate(expression, options);
        return { shape, chunk: Buffer.from(encodeElements(dtype, values)).toString('base64') };
      });
    },
  );

  app.post<{ Params: { id: string } }>(
    '/arrays/:id/summarise',
    {
      schema: {
        operationId: 'summariseArray',
        tags: ['arrays'],
        summary: 'Makes every level there is to make; NDJSON of progress.',
        params,
      },
    },
    async (request, reply) => {
      const { arrays } = reach(request);
      arrays.head(request.params.id);
      return activity(reply, (options) => arrays.summarise(request.params.id, options));
    },
  );

  app.post<{ Params: { id: string }; Body: { compress?: Compression } | null }>(
    '/arrays/:id/checkpoint',
    {
      schema: {
        operationId: 'checkpointArray',
        tags: ['arrays'],
        summary: 'Brings the array’s Zarr v3 folder up to date; NDJSON of progress, then where it is.',
        params,
        body: Type.Union([
          Type.Object(
            {
              compress: Type.Optional(
                Type.Union([Type.Literal('gzip'), Type.Literal('zstd'), Type.Literal('none')], {
                  description: 'How chunks are compressed, gzip where it is not said.',
                }),
              ),
            },
            strict,
          ),
          Type.Null(),
        ]),
      },
    },
    async (request, reply) => {
      const { arrays } = reach(request);
      arrays.head(request.params.id);
      return activity(reply, (options) =>
        arrays.checkpoint(request.params.id, { ...options, compress: request.body?.compress }),
      );
    },
  );
}

/** An array to be, from JSON. Throws `invalid`. */
export function specOf(body: Static<typeof arraySpecSchema>): ArraySpec {
  const { name, shape, dtype, chunk, order, fill } = body;
  return {
    name,
    shape: parseShape(shape),
    dtype: parseDtype(dtype),
    chunk: chunk as ArraySpec['chunk'],
    order,
    fill,
  };
}

/** Throws `invalid` when the body did not come as a `.npy` file. */
export function npyBody(body: unknown): DenseArray {
  if (!Buffer.isBuffer(body))
    throw new ExaError('invalid', `Elements come as a .npy file: say ${npyType} in Content-Type.`);
  return decodeNpy(body);
}

function keyOf(request: FastifyRequest, said: string, body?: Uint8Array): WriteKey {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || key === '' || key.length > 200)
    throw new ExaError(
      'invalid',
      'A write needs an Idempotency-Key of 1 to 200 characters, so that sending it again does it once.',
    );
  const hash = createHash('sha256').update(said);
  if (body) hash.update(body);
  return { key, fingerprint: hash.digest('hex') };
}
