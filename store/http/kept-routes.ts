import { createHash } from 'node:crypto';
import { type Static, Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { encodeColumns } from '../../src/arrow/columns-stream.ts';
import { canonicalJson } from '../../src/kernels/canonical-json.ts';
import { ExaError } from '../../src/protocol/errors.ts';
import type { Question } from '../../src/protocol/query.ts';
import {
  type Citation,
  idPattern,
  maxCitedBytes,
  maxNameLength,
  maxWorkspaceLength,
  type SavedView,
} from '../../src/protocol/saved-view.ts';
import type { KeptShelf } from '../kept-shelf.ts';
import { answerQuestion } from '../query.ts';
import { refer, strict } from './schema-parts.ts';
import { sendJson } from './send.ts';
import type { StoreContext } from './store-context.ts';

const id = Type.String({ pattern: idPattern.source });
const params = Type.Object({ id });
const name = Type.String({ minLength: 1, maxLength: maxNameLength });
const workspace = Type.String({
  maxLength: maxWorkspaceLength,
  description: 'A fragment of a URL: `#/orders?…`.',
});

const savedView = Type.Object(
  {
    id,
    name,
    workspace,
    columns: Type.Record(Type.String(), Type.Record(Type.String(), Type.String({ maxLength: 1000 }))),
    at: Type.String({ maxLength: 40, description: 'ISO time it was saved.' }),
  },
  { ...strict, $id: 'SavedView', description: 'A workspace with a name.' },
);

const citing = Type.Object(
  {
    question: refer<Question>('Question'),
    title: name,
    columns: Type.Array(
      Type.Object({ id: Type.String({ maxLength: 1000 }), name: Type.String({ maxLength: 1000 }) }, strict),
      { maxItems: 1000 },
    ),
    workspace,
  },
  strict,
);

const citation = Type.Object(
  { id, hash: Type.String(), answer: Type.String(), at: Type.String(), coverage: Type.Unknown() },
  {
    description:
      'The question, what it was asked of, and its answer (an Arrow stream in base64) with its SHA-256.',
  },
);

/** `GET /views`, `PUT` and `DELETE /views/:id`, `POST /citations`, `GET /citations/:id`. */
export function keptRoutes(app: FastifyInstance, context: StoreContext, kept: KeptShelf): void {
  const tags = ['saved views and citations'];

  app.get(
    '/views',
    {
      schema: {
        operationId: 'views',
        tags,
        summary: 'The saved views of all who see the same as the caller.',
        response: { 200: Type.Object({ views: Type.Array(savedView) }) },
      },
    },
    async (request, reply) =>
      sendJson(request, reply, { views: await kept.views(context.reach(request).scope.hash) }),
  );

  app.put<{ Params: { id: string }; Body: SavedView }>(
    '/views/:id',
    {
      schema: {
        operationId: 'saveView',
        tags,
        summary: 'Saves a view; sending it again changes nothing, the same id replaces.',
        params,
        body: savedView,
        response: { 200: Type.Object({ id }) },
      },
    },
    async (request) => {
      const { scope } = context.reach(request);
      scope.mustEdit('save views for others');
      if (request.body.id !== request.params.id)
        throw new ExaError('invalid', 'The view’s id is not the one in its address.');
      await kept.saveView(scope.hash, request.body);
      return { id: request.body.id };
    },
  );

  app.delete<{ Params: { id: string } }>(
    '/views/:id',
    {
      schema: {
        operationId: 'removeView',
        tags,
        summary: 'Removes a saved view.',
        params,
        response: { 200: Type.Object({ id }) },
      },
    },
    async (request) => {
      const { scope } = context.reach(request);
      scope.mustEdit('remove views of others');
      await kept.removeView(scope.hash, request.params.id);
      return { id: request.params.id };
    },
  );

  app.post<{ Body: Static<typeof citing> }>(
    '/citations',
    {
      schema: {
        operationId: 'cite',
        tags,
        summary: 'Answers a question and keeps that answer for good, under a hash of it.',
        body: citing,
        response: { 200: citation },
      },
    },
    async (request) => {
      const { scope, driver } = context.reach(request);
      const { question } = request.body;
      const { head, columns, coverage } = await driver.snapshot(async (snapshot) => ({
        head: snapshot.head(question.dataset),
        ...(await answerQuestion({ ...context, driver }, question)),
      }));
      const bytes = encodeColumns(columns, { form: 'standard' });
      if (bytes.byteLength > maxCitedBytes)
        throw new ExaError(
          'refused',
          `This answer is larger than the ${maxCitedBytes / 2 ** 20} MB that are kept of a citation: narrow it with a filter first.`,
        );
      const hash = createHash('sha256').update(bytes).digest('hex');
      const dataset = { id: head.id, name: head.name, epoch: head.epoch };
      // Not the version: what is asked and answered again alike is the same citation.
      const named = canonicalJson([question, dataset.epoch, hash]);
      const made: Citation = {
        ...request.body,
        id: createHash('sha256').update(named).digest('hex').slice(0, 40),
        dataset,
        coverage,
        hash,
        answer: Buffer.from(bytes).toString('base64'),
        at: new Date().toISOString(),
      } as Citation;
      await kept.keepCitation(scope.hash, made);
      return (await kept.citation(scope.hash, made.id)) ?? made;
    },
  );

  app.get<{ Params: { id: string } }>(
    '/citations/:id',
    {
      schema: {
        operationId: 'citation',
        tags,
        summary: 'An answer that was cited: the same bytes as then, whatever was written since.',
        params,
        response: { 200: citation },
      },
    },
    async (request, reply) => {
      const found = await kept.citation(context.reach(request).scope.hash, request.params.id);
      if (!found)
        throw new ExaError(
          'gone',
          'This store keeps no such citation: it was made in another store or with other rights, or the store was restored from before it.',
          { facts: { citation: request.params.id } },
        );
      return sendJson(request, reply, found, { cache: 'private, max-age=31536000, immutable' });
    },
  );
}
