import { resolve } from 'node:path';
import swagger from '@fastify/swagger';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { ExaError, isExaError, type Problem } from '../../src/protocol/errors.ts';
import type { ChunkDriver } from '../drivers/chunk-driver.ts';
import type { TableDriver } from '../drivers/table-driver.ts';
import type { KeptShelf } from '../kept-shelf.ts';
import { publicScope } from '../scope/scope.ts';
import { seenEvent } from '../scope/scoped-driver.ts';
import { arrayImportRoutes } from './array-import-routes.ts';
import { type ArrayContext, arrayRoutes } from './array-routes.ts';
import { arrayBatchSchema, arrayHeadSchema, arraySpecSchema } from './array-schema.ts';
import { batchRoute } from './batch-route.ts';
import * as batchSchemas from './batch-schema.ts';
import { bodyParsers } from './body-parsers.ts';
import { type Caller, type Callers, callerIfKnown, everybody, nobody, setCaller } from './caller.ts';
import { changesRoute } from './changes-route.ts';
import { datasetRoutes } from './dataset-routes.ts';
import * as datasetSchemas from './dataset-schema.ts';
import { fitRoutes } from './fit-routes.ts';
import { guard } from './guard.ts';
import { importRoutes } from './import-routes.ts';
import { keptRoutes } from './kept-routes.ts';
import { logRequests } from './log-hook.ts';
import { pageRoute } from './page-route.ts';
import { problemOf, problemType } from './problem.ts';
import { queryRoute } from './query-route.ts';
import * as questionSchemas from './question-schema.ts';
import { sendJson } from './send.ts';
import { type Accounts, sessionRoutes } from './session-routes.ts';
import { startRoute } from './start-route.ts';
import { reachOf, type StoreContext } from './store-context.ts';
import { webRoute } from './web-route.ts';
import { writeRoutes } from './write-routes.ts';

export interface AppOptions extends Omit<StoreContext, 'reach'> {
  readonly driver: TableDriver;
  /** Who asks; left out, there are no accounts. */
  readonly callers?: Callers;
  /** How people sign in and out, where there are accounts. */
  readonly accounts?: Accounts;
  /** Left out, the store keeps no views and citations. */
  readonly kept?: KeptShelf;
  /** Left out, the store has no arrays. */
  readonly arrays?: { readonly arrays: ChunkDriver } & Pick<ArrayContext, 'checksum'>;
  /** Folder of the built workbench; left out, only the API is served. */
  readonly webRoot?: string;
  /** Origins of other sites whose pages may use the API. */
  readonly allowOrigin?: readonly string[];
}

/** The store's HTTP. It does not listen: tests inject, `serve` listens. Closing it leaves the driver open. */
export async function buildApp({
  webRoot,
  allowOrigin = [],
  arrays,
  driver,
  kept,
  callers = () => everybody,
  accounts,
  ...parts
}: AppOptions): Promise<FastifyInstance> {
  const context: StoreContext = { ...parts, reach: reachOf(driver, arrays?.arrays) };
  const app = fastify({
    bodyLimit: 2 ** 20,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 500 },
    ajv: {
      customOptions: {
        discriminator: true,
        allowUnionTypes: true,
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: false,
      },
    },
  });
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.tag === 'broken')
      context.warn(
        `${request.method} ${request.url} failed: ${error instanceof Error ? error.stack : String(error)}`,
      );
    return reply
      .code(problem.status)
      .header('content-type', problemType)
      .headers(problem.status === 401 ? { 'www-authenticate': challengeOf(problem) } : {})
      .header('cache-control', 'no-store')
      .removeHeader('etag')
      .send(JSON.stringify(problem));
  });
  app.setNotFoundHandler(async (request) => {
    throw new ExaError('missing', `There is nothing at ${request.url.split('?')[0]} for ${request.method}.`);
  });
  app.addHook('onRequest', async (_, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
  });

  if (context.log) logRequests(app, context.log);
  guard(app, { allowOrigin, url: accounts?.url, accounts: accounts !== undefined });
  bodyParsers(app);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Exanalytics store',
        version: context.release,
        description:
          'Data sets as immutable pages, partials of questions, and writes. Errors are RFC 9457 problems with one sentence in `detail`.',
      },
      servers: [{ url: '/' }],
    },
    refResolver: { buildLocalReference: (json, _, __, i) => String(json.$id ?? `def-${i}`) },
  });
  const arraySchemas = [arrayHeadSchema, arraySpecSchema, arrayBatchSchema];
  for (const schema of [
    ...Object.values({ ...questionSchemas, ...batchSchemas, ...datasetSchemas }),
    ...arraySchemas,
  ])
    app.addSchema(schema);

  await app.register(
    async (api) => {
      api.addHook('onRequest', async (request, reply) => {
        const caller = await whoAsks(request, callers);
        setCaller(request, caller);
        if (caller.scope.hash !== publicScope) reply.header('vary', 'Authorization, Cookie');
      });
      api.addHook('onSend', async (request, reply) => {
        const caller = callerIfKnown(request);
        if (!caller) return;
        const { hash, cache } = caller.scope;
        // What was seen by one person must not be found by the next, in any cache of the browser they share.
        const isPage = request.url.startsWith('/api/pages/');
        if (hash !== publicScope && (cache === 'memory' || !isPage))
          reply.header('cache-control', 'no-store');
      });
      api.addHook('onRoute', (route) => {
        if (!route.schema?.response) return;
        const problems = {
          description: 'What went wrong, in one sentence.',
          content: { [problemType]: { schema: { $ref: 'Problem#' } } },
        };
        route.schema.response = { ...route.schema.response, '4xx': problems, '5xx': problems };
      });
      datasetRoutes(api, context);
      await api.register((scope) => batchRoute(scope, context));
      pageRoute(api, context);
      queryRoute(api, context);
      fitRoutes(api, context);
      writeRoutes(api, context);
      importRoutes(api, context);
      sessionRoutes(api, { ...context, accounts });
      startRoute(api, { ...context, accounts });
      if (kept) keptRoutes(api, context, kept);
      changesRoute(api, {
        ...context,
        seen: (event, scope) => seenEvent(event, { driver, scope, arrays: arrays?.arrays }),
      });
      if (arrays) {
        arrayRoutes(api, { ...context, checksum: arrays.checksum });
        arrayImportRoutes(api, context);
      }
      api.get('/openapi.json', { schema: { hide: true } }, async (request, reply) =>
        sendJson(request, reply, app.swagger()),
      );
      api.setNotFoundHandler(async (request) => {
        throw new ExaError(
          'missing',
          `The store has no address ${request.url.split('?')[0]} for ${request.method}; /api/openapi.json lists those it has.`,
        );
      });
    },
    { prefix: '/api' },
  );
  if (webRoot) webRoute(app, resolve(webRoot), allowOrigin);
  await app.ready();
  return app;
}

/** Who asks. Where a route is open to everybody, credentials that do not hold are as good as none. */
async function whoAsks(request: FastifyRequest, callers: Callers): Promise<Caller> {
  try {
    return await callers(request);
  } catch (error) {
    const isOpen = request.routeOptions.config.open === true;
    // A token that does not hold is said so everywhere: asking again with the same one helps nobody.
    if (isOpen && isExaError(error, 'refused') && request.headers.authorization === undefined) return nobody;
    throw error;
  }
}

/** `WWW-Authenticate` (RFC 6750 §3) of a problem. */
function challengeOf({ facts }: Problem): string {
  const wrong = facts?.reason === 'none' ? '' : ', error="invalid_token"';
  return `Bearer realm="Exanalytics"${wrong}`;
}
