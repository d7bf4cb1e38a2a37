import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { isArrayTable } from '../../src/protocol/array-table.ts';
import type { DatasetSummary, Head } from '../../src/protocol/head.ts';
import type { Start } from '../../src/protocol/start.ts';
import { refer, versionNumber } from './schema-parts.ts';
import { joinVary, sendJson } from './send.ts';
import { type Accounts, sessionSchema, sessionSeen } from './session-routes.ts';
import type { StoreContext } from './store-context.ts';

/** Heads that come with the list: of the newest data sets, as long as they are small. */
const maxHeads = 8;
/** Blocks of a data set whose head still comes with the list. */
const maxBlocks = 2048;

/**
 * How long a browser may take what its page has just asked for as what its worker asks, in s: nothing is missed by it, as
 * the stream of changes begins at its version. Scopes of their own are never kept (`no-store`).
 */
const freshSeconds = 10;

const start = Type.Object({
  session: sessionSchema,
  version: versionNumber,
  asOf: Type.String(),
  datasets: Type.Optional(Type.Array(refer<DatasetSummary>('DatasetSummary'))),
  heads: Type.Optional(Type.Array(refer<Head>('Head'))),
});

/** `GET /start`: session, clock, list and heads at once, for lines on which every answer is far away. */
export function startRoute(
  app: FastifyInstance,
  {
    reach,
    ring,
    accounts,
  }: Pick<StoreContext, 'reach' | 'ring'> & { readonly accounts: Accounts | undefined },
): void {
  app.get(
    '/start',
    {
      config: { open: true },
      schema: {
        operationId: 'start',
        tags: ['store'],
        summary: 'What a page begins with: who asks, the data sets and the newest heads.',
        response: { 200: start },
      },
    },
    async (request, reply) => {
      const { caller, driver } = reach(request);
      for (const name of ['Authorization', 'Cookie']) reply.header('vary', joinVary(reply, name));
      // Before what is read: all of it is as of this version or later.
      const { version, asOf } = ring.newest();
      const session = await sessionSeen(request, caller, accounts);
      const body: Start = { session, version, asOf };
      if (!session.open) return sendJson(request, reply, body, { cache: 'no-store' });
      const datasets = await driver.datasets();
      const newest = datasets
        .filter(({ id }) => !isArrayTable(id))
        .sort((one, other) => other.version - one.version)
        .slice(0, maxHeads);
      const heads = await driver.snapshot(async (snapshot) => {
        const there = new Set(snapshot.datasets());
        return newest.flatMap(({ id }) => (there.has(id) ? snapshot.head(id) : []));
      });
      const small = heads.filter(({ revisions }) => revisions.length <= maxBlocks);
      return sendJson(request, reply, { ...body, datasets, heads: small } satisfies Start, {
        cache: session.cache === 'memory' ? 'no-store' : `private, max-age=${freshSeconds}`,
      });
    },
  );
}
