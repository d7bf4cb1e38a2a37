import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { toProblem } from '../../src/protocol/errors.ts';
import { estimatorNames, transformerNames } from '../../src/protocol/estimators.ts';
import type { FitRequest } from '../../src/protocol/fit.ts';
import { toFitJson } from '../../src/protocol/fit-wire.ts';
import type { Filter } from '../../src/protocol/query.ts';
import { keptPasses } from '../fits/kept-passes.ts';
import { runStoreFit } from '../fits/run-store-fit.ts';
import { ndjsonType } from './body-parsers.ts';
import { refer, strict, words } from './schema-parts.ts';
import type { StoreContext } from './store-context.ts';

const refs = Type.Array(Type.String(), { maxItems: 2000 });
const params = Type.Optional(Type.Record(Type.String(), Type.Unknown()));

const fitSchema = Type.Object(
  {
    dataset: Type.String(),
    features: Type.Array(Type.String(), { minItems: 1, maxItems: 2000 }),
    categories: Type.Optional(refs),
    ordinal: Type.Optional(refs),
    target: Type.Optional(Type.String()),
    filter: Type.Optional(refer<Filter>('Filter')),
    steps: Type.Optional(
      Type.Array(Type.Object({ method: words([...transformerNames]), params }, strict), { maxItems: 20 }),
    ),
    estimator: Type.Object({ method: words(estimatorNames), params }, strict),
    search: Type.Optional(
      Type.Object(
        {
          grid: Type.Record(Type.String(), Type.Array(Type.Unknown())),
          folds: Type.Optional(Type.Integer({ minimum: 2, maximum: 100 })),
          split: Type.Optional(words(['k-fold', 'time'])),
          sizes: Type.Optional(Type.Array(Type.Number())),
        },
        strict,
      ),
    ),
    seed: Type.Optional(Type.Integer({ minimum: 0 })),
    heldOut: Type.Optional(Type.Number()),
    axes: Type.Optional(Type.Array(Type.String(), { minItems: 2, maxItems: 2 })),
    version: Type.Optional(Type.Integer({ minimum: 0 })),
    sample: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    rows: Type.Optional(Type.Integer({ minimum: 1 })),
    run: Type.Optional(words(['here', 'store', 'auto'])),
  },
  strict,
);

/** Fits under way at once: each has a thread. */
const mostFits = 2;

/**
 * `POST /fits`: a fit as an activity: NDJSON of `{"progress"}` and `{"result"}` lines, better and better, then `{"end"}`
 * or `{"problem"}`. A caller who leaves cancels it; who asks the same again goes on from the passes that were made.
 */
export function fitRoutes(app: FastifyInstance, { reach }: StoreContext): void {
  const kept = keptPasses();
  let running = 0;
  const waiting: (() => void)[] = [];
  const turn = async () => {
    if (running >= mostFits) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
  };
  app.post<{ Body: FitRequest }>(
    '/fits',
    {
      schema: {
        operationId: 'fit',
        tags: ['questions'],
        summary: 'Fits a model near the data; NDJSON of progress and results, the last one final.',
        body: fitSchema,
        response: {
          200: {
            description: 'Lines of progress and results; arrays of numbers as {"f64": base64}.',
            content: { [ndjsonType]: { schema: Type.Any() } },
          },
        },
      },
      bodyLimit: 2 ** 20,
    },
    async (request, reply) => {
      const { driver, scope } = reach(request);
      const leaves = new AbortController();
      reply.raw.once('close', () => leaves.abort());
      const stream = new Readable({ read() {} });
      const say = (line: object) => stream.push(`${toFitJson(line)}\n`);
      const run = async () => {
        await turn();
        try {
          await runStoreFit({
            driver,
            scope: scope.hash,
            kept,
            request: request.body,
            signal: leaves.signal,
            told: (event) =>
              say(event.kind === 'progress' ? { progress: event.progress } : { result: event.result }),
          });
        } finally {
          running--;
          waiting.shift()?.();
        }
      };
      run().then(
        () => {
          say({ end: true });
          stream.push(null);
        },
        (error: unknown) => {
          say({ problem: toProblem(error) });
          stream.push(null);
        },
      );
      return reply.header('content-type', ndjsonType).header('cache-control', 'no-store').send(stream);
    },
  );
}
