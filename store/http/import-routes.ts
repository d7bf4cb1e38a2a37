import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ExaError } from '../../src/protocol/errors.ts';
import type { ImportRequest } from '../../src/protocol/import-columns.ts';
import { importSessions } from '../import-sessions.ts';
import { importBatch } from './rows-body.ts';
import { identifier, refer } from './schema-parts.ts';
import { arrowType } from './send.ts';
import type { StoreContext } from './store-context.ts';
import { isArrow } from './write-routes.ts';

const params = Type.Object({ id: identifier });
const batchParams = Type.Object({ id: identifier, n: Type.String({ pattern: '^\\d{1,9}$' }) });
const maxBatchBytes = 64 * 2 ** 20;

const committed = Type.Object({
  dataset: Type.String(),
  version: Type.Integer(),
  asOf: Type.String(),
  appended: Type.Integer(),
  updated: Type.Integer(),
  deleted: Type.Integer(),
});

/** `POST /imports`, `POST /imports/:id/batches/:n`, `POST /imports/:id/commit`, `DELETE /imports/:id`. */
export function importRoutes(app: FastifyInstance, { reach, warn }: StoreContext): void {
  const sessions = importSessions({ warn });
  const ownerOf = (request: FastifyRequest): string | undefined => reach(request).caller.user;
  app.addHook('onClose', () => sessions.close());

  app.post<{ Body: ImportRequest }>(
    '/imports',
    {
      schema: {
        operationId: 'beginImport',
        tags: ['imports'],
        summary: 'Begins a data set that nobody sees until it is committed.',
        body: refer<ImportRequest>('ImportRequest'),
        response: { 201: Type.Object({ id: Type.String() }) },
      },
    },
    async (request, reply) =>
      reply
        .code(201)
        .send({ id: await sessions.begin(reach(request).driver, ownerOf(request), request.body) }),
  );

  app.post<{ Params: { id: string; n: string }; Body: Buffer }>(
    '/imports/:id/batches/:n',
    {
      schema: {
        operationId: 'importBatch',
        tags: ['imports'],
        summary: 'Rows of an import, in batches 0, 1, 2, …; the same number again is done once.',
        consumes: [arrowType],
        params: batchParams,
        response: { 200: Type.Object({ next: Type.Integer(), rows: Type.Integer() }) },
      },
      bodyLimit: maxBatchBytes,
    },
    async (request) => {
      const { id, n } = request.params;
      const { body } = request;
      if (!Buffer.isBuffer(body) || !isArrow(request.headers['content-type']))
        throw new ExaError('invalid', `Batches of an import come as ${arrowType}.`);
      return sessions.append(ownerOf(request), id, Number(n), (columns) => importBatch(body, columns));
    },
  );

  app.post<{ Params: { id: string } }>(
    '/imports/:id/commit',
    {
      schema: {
        operationId: 'commitImport',
        tags: ['imports'],
        summary: 'Makes the import visible, in one version.',
        params,
        response: { 200: committed },
      },
    },
    async (request) => sessions.commit(ownerOf(request), request.params.id),
  );

  app.delete<{ Params: { id: string } }>(
    '/imports/:id',
    {
      schema: {
        operationId: 'abortImport',
        tags: ['imports'],
        summary: 'Drops an import without a trace.',
        params,
        response: { 204: Type.Null({ description: 'It is gone.' }) },
      },
    },
    async (request, reply) => {
      await sessions.abort(ownerOf(request), request.params.id);
      return reply.code(204).send();
    },
  );
}
