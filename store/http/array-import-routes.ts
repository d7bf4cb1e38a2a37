import { type Static, Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { npyType } from '../../src/arrays/npy.ts';
import { parseSelection } from '../../src/arrays/parse-selection.ts';
import type { Receipt } from '../../src/protocol/change.ts';
import { ExaError } from '../../src/protocol/errors.ts';
import type { ArrayImport } from '../drivers/chunk-driver.ts';
import { type ArrayContext, npyBody, specOf } from './array-routes.ts';
import type { arraySpecSchema } from './array-schema.ts';
import { identifier, refer } from './schema-parts.ts';

/** An import nobody sent anything to for this long is dropped. */
const idleMs = 10 * 60_000;

interface Session {
  readonly session: ArrayImport;
  readonly dtype: string;
  /** Whose it is. */
  readonly user: string | undefined;
  timer: ReturnType<typeof setTimeout>;
}

/** Routes under `/array-imports`: an array filled where nobody sees it, then committed whole. */
export function arrayImportRoutes(app: FastifyInstance, { reach }: Pick<ArrayContext, 'reach'>): void {
  const sessions = new Map<string, Session>();
  const params = Type.Object({ id: identifier });
  app.addHook('onClose', async () => {
    for (const { session, timer } of sessions.values()) {
      clearTimeout(timer);
      await session.abort();
    }
  });

  function find(id: string, request: FastifyRequest): Session {
    const found = sessions.get(id);
    if (!found || found.user !== reach(request).caller.user)
      throw new ExaError('missing', 'This import is over: begin another.');
    clearTimeout(found.timer);
    found.timer = timer(id);
    return found;
  }

  function timer(id: string): ReturnType<typeof setTimeout> {
    return setTimeout(() => void end(id), idleMs).unref();
  }

  async function end(id: string): Promise<void> {
    const found = sessions.get(id);
    sessions.delete(id);
    if (found) clearTimeout(found.timer);
    await found?.session.abort();
  }

  app.post<{ Body: Static<typeof arraySpecSchema> }>(
    '/array-imports',
    {
      schema: {
        operationId: 'beginArrayImport',
        tags: ['arrays'],
        summary: 'Begins an array that nobody sees until it is committed.',
        body: refer<Static<typeof arraySpecSchema>>('ArraySpec'),
        response: { 200: Type.Object({ id: Type.String(), chunk: Type.Array(Type.Integer()) }) },
      },
    },
    async (request) => {
      const spec = specOf(request.body);
      const session = await reach(request).arrays.beginImport(spec);
      const { user } = reach(request).caller;
      sessions.set(session.id, { session, dtype: spec.dtype, user, timer: timer(session.id) });
      return { id: session.id, chunk: session.chunk };
    },
  );

  app.put<{ Params: { id: string }; Querystring: { at?: string }; Body: unknown }>(
    '/array-imports/:id/values',
    {
      schema: {
        operationId: 'importValues',
        tags: ['arrays'],
        summary: 'Assigns a .npy file to a selection of the array to be; again does no harm.',
        consumes: [npyType],
        params,
        querystring: Type.Object({ at: Type.Optional(Type.String({ maxLength: 65_536 })) }),
        response: { 204: Type.Null() },
      },
      bodyLimit: 64 * 2 ** 20 + 4096,
    },
    async (request, reply) => {
      const { session, dtype } = find(request.params.id, request);
      const dense = npyBody(request.body);
      if (dense.dtype !== dtype)
        throw new ExaError(
          'invalid',
          `The array is of ${dtype} and the values are ${dense.dtype}: convert them first.`,
        );
      await session.write(parseSelection(request.query.at ?? ''), dense.values);
      return reply.code(204).send();
    },
  );

  app.post<{ Params: { id: string } }>(
    '/array-imports/:id/commit',
    {
      schema: {
        operationId: 'commitArrayImport',
        tags: ['arrays'],
        summary: 'Everybody sees the array, in one version.',
        params,
        response: { 200: Type.Intersect([refer<Receipt>('Receipt'), Type.Object({ array: Type.String() })]) },
      },
    },
    async (request) => {
      const { id } = request.params;
      const found = find(id, request);
      const receipt = await found.session.commit();
      clearTimeout(found.timer);
      sessions.delete(id);
      return receipt;
    },
  );

  app.delete<{ Params: { id: string } }>(
    '/array-imports/:id',
    {
      schema: {
        operationId: 'abortArrayImport',
        tags: ['arrays'],
        summary: 'Drops an import without a trace.',
        params,
      },
    },
    async (request, reply) => {
      find(request.params.id, request);
      await end(request.params.id);
      return reply.code(204).send();
    },
  );
}
