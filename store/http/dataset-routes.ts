import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import type { DatasetSummary, Head } from '../../src/protocol/head.ts';
import { identifier, refer, versionNumber } from './schema-parts.ts';
import { sendJson } from './send.ts';
import type { StoreContext } from './store-context.ts';

const health = Type.Object({
  status: Type.Literal('ok'),
  version: versionNumber,
  asOf: Type.String(),
  release: Type.String(),
});

const list = Type.Object({
  version: versionNumber,
  asOf: Type.String(),
  datasets: Type.Array(refer<DatasetSummary>('DatasetSummary')),
});

const params = Type.Object({ id: identifier });

/** `GET /health`, `GET /datasets`, `GET /datasets/:id/head`, `DELETE /datasets/:id`. */
export function datasetRoutes(app: FastifyInstance, { reach, ring, release }: StoreContext): void {
  app.get(
    '/health',
    {
      config: { open: true },
      schema: {
        operationId: 'health',
        tags: ['store'],
        summary: 'That the store is there, and where its clock stands.',
        response: { 200: health },
      },
    },
    async (request, reply) =>
      sendJson(request, reply, { status: 'ok', ...ring.newest(), release }, { cache: 'no-store' }),
  );

  app.get(
    '/datasets',
    {
      schema: {
        operationId: 'datasets',
        tags: ['data sets'],
        summary: 'The data sets, as of one version.',
        response: { 200: list },
      },
    },
    async (request, reply) => {
      const datasets = await reach(request).driver.datasets();
      const at = datasets.reduce((last, one) => (one.version > last.version ? one : last), ring.newest());
      return sendJson(request, reply, { version: at.version, asOf: at.asOf, datasets });
    },
  );

  app.get<{ Params: { id: string } }>(
    '/datasets/:id/head',
    {
      schema: {
        operationId: 'head',
        tags: ['data sets'],
        summary: 'Columns, profile and block revisions of a data set: the only thing ever revalidated.',
        params,
        response: { 200: refer<Head>('Head') },
      },
    },
    async (request, reply) => {
      const { driver } = reach(request);
      const head = await driver.snapshot(async (snapshot) => snapshot.head(request.params.id));
      return sendJson(request, reply, head);
    },
  );

  app.delete<{ Params: { id: string } }>(
    '/datasets/:id',
    {
      schema: {
        operationId: 'drop',
        tags: ['data sets'],
        summary: 'Drops a data set with all its rows.',
        params,
        response: { 204: Type.Null({ description: 'It is gone.' }) },
      },
    },
    async (request, reply) => {
      await reach(request).driver.drop(request.params.id);
      return reply.code(204).send();
    },
  );
}
