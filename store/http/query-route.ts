import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { literalAt } from '../../src/arrow/build-column.ts';
import { typeOf } from '../../src/arrow/column-data.ts';
import { type Columns, encodeColumns } from '../../src/arrow/columns-stream.ts';
import type { Literal } from '../../src/protocol/column.ts';
import { ExaError } from '../../src/protocol/errors.ts';
import type { Question } from '../../src/protocol/query.ts';
import { answerQuestion } from '../query.ts';
import { refer } from './schema-parts.ts';
import { arrowType, sendBody, sendJson } from './send.ts';
import type { StoreContext } from './store-context.ts';

const jsonAnswer = Type.Object({
  columns: Type.Array(Type.Object({ name: Type.String(), type: Type.Unknown() })),
  rows: Type.Array(Type.Array(Type.Unknown()), {
    description: 'Decimals, and integers beyond 2^53, are exact texts; NaN and infinities are texts.',
  }),
  coverage: Type.Unknown(),
});

/**
 * `POST /query`: a finished answer for other programs, by the same kernels as the workbench's. JSON by default, an Arrow
 * stream (decimals as Decimal128, coverage in the `Exa-Coverage` header) where `Accept` asks for it.
 */
export function queryRoute(app: FastifyInstance, context: StoreContext): void {
  app.post<{ Body: Question }>(
    '/query',
    {
      schema: {
        operationId: 'query',
        tags: ['questions'],
        summary: 'Asks a question and gets its finished answer.',
        body: refer<Question>('Question'),
        response: {
          200: {
            description: 'The answer.',
            content: { 'application/json': { schema: jsonAnswer }, [arrowType]: { schema: Type.Any() } },
          },
        },
      },
      bodyLimit: 4 * 2 ** 20,
    },
    async (request, reply) => {
      checkAsked(request.body);
      const leaves = new AbortController();
      reply.raw.once('close', () => leaves.abort());
      const { driver } = context.reach(request);
      const { columns, coverage } = await answerQuestion({ ...context, driver }, request.body, {
        signal: leaves.signal,
      });
      reply.header('vary', 'Accept');
      if (!wantsArrow(request.headers.accept))
        return sendJson(request, reply, { ...tableJson(columns), coverage }, { cache: 'no-store' });
      reply.header('exa-coverage', JSON.stringify(coverage));
      return sendBody(request, reply, encodeColumns(columns, { form: 'standard' }), {
        type: arrowType,
        cache: 'no-store',
      });
    },
  );
}

/** Throws `invalid` for a measure that is neither named nor complete, or named like another. */
function checkAsked(question: Question): void {
  if (question.kind !== 'aggregate') return;
  const ids = new Set<string>();
  for (const [i, asked] of question.measures.entries()) {
    const own = asked as Partial<Record<'measure' | 'id' | 'label' | 'formula' | 'format', string>>;
    const named = own.measure !== undefined;
    const whole = own.id !== undefined && own.label !== undefined && own.formula !== undefined;
    if (named === (own.formula !== undefined) || (!named && !(whole && own.format !== undefined)))
      throw new ExaError(
        'invalid',
        `“measures[${i}]” must be {"measure": id}, a measure of the profile, or {"id", "label", "formula", "format"}.`,
      );
    const id = own.measure ?? own.id!;
    if (ids.has(id)) throw new ExaError('invalid', `The measure “${id}” is asked twice.`);
    ids.add(id);
  }
}

function wantsArrow(accept: string | undefined): boolean {
  const list = (accept ?? '').split(',').map((one) => one.split(';')[0]!.trim().toLowerCase());
  const arrow = list.indexOf(arrowType);
  const json = list.indexOf('application/json');
  return arrow >= 0 && (json < 0 || arrow < json);
}

/** An answer as lists of plain values. */
export function tableJson(columns: Columns): {
  columns: { name: string; type: ReturnType<typeof typeOf> }[];
  rows: Literal[][];
} {
  const entries = Object.entries(columns);
  const length = entries[0]?.[1].length ?? 0;
  return {
    columns: entries.map(([name, data]) => ({ name, type: typeOf(data) })),
    rows: Array.from({ length }, (_, i) => entries.map(([, data]) => literalAt(data, i))),
  };
}
