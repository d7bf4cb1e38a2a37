import { createHash } from 'node:crypto';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import type { Receipt } from '../../src/protocol/change.ts';
import { ExaError } from '../../src/protocol/errors.ts';
import type { Profile } from '../../src/protocol/profile.ts';
import { ndjsonType } from './body-parsers.ts';
import { rowsFromArrow, rowsFromNdjson } from './rows-body.ts';
import { identifier, refer, words } from './schema-parts.ts';
import { arrowType } from './send.ts';
import type { StoreContext } from './store-context.ts';

const params = Type.Object({ id: identifier });
const modes = ['append', 'upsert', 'delete'] as const;
type Mode = (typeof modes)[number];

/** Largest body of rows; more goes in several requests, or through an import. */
const maxRowsBytes = 64 * 2 ** 20;

const keyHeader = Type.Object({
  'Idempotency-Key': Type.Optional(
    Type.String({
      description:
        'Required. Any text unique to this write: sent again, the write is done once and answered alike.',
    }),
  ),
});

/** `POST /datasets/:id/rows`, `PUT /datasets/:id/profile`: answered once the write is on disk. */
export function writeRoutes(app: FastifyInstance, { reach }: StoreContext): void {
  app.post<{ Params: { id: string }; Querystring: { mode: Mode }; Body: Buffer }>(
    '/datasets/:id/rows',
    {
      schema: {
        operationId: 'rows',
        tags: ['writes'],
        summary: 'Appends, upserts or deletes rows, all in one version or none.',
        description:
          'NDJSON (an object a line, by column name or id) or an Arrow stream. Upserts and deletes go by the profile’s keys. In an upsert, columns left out keep their value, so its rows must all have the same columns.',
        consumes: [ndjsonType, arrowType],
        params,
        querystring: Type.Object({ mode: words(modes) }),
        headers: keyHeader,
        response: { 200: refer<Receipt>('Receipt') },
      },
      bodyLimit: maxRowsBytes,
    },
    async (request) => {
      const { driver } = reach(request);
      const key = readKey(request.headers['idempotency-key']);
      const { mode: kind } = request.query;
      const { id: dataset } = request.params;
      const { body } = request;
      const { columns } = await driver.snapshot(async (snapshot) => snapshot.head(dataset));
      if (!Buffer.isBuffer(body))
        throw new ExaError(
          'invalid',
          `Rows come as ${ndjsonType} or ${arrowType}: say which in Content-Type.`,
        );
      const batch = isArrow(request.headers['content-type'])
        ? rowsFromArrow(body, columns)
        : rowsFromNdjson(body, columns, kind === 'append' ? 'null' : 'refused');
      const fingerprint = fingerprintOf(`${dataset} ${kind}`, body);
      return driver.write({ key, fingerprint, dataset, change: { kind, batch } });
    },
  );

  app.put<{ Params: { id: string }; Body: Profile }>(
    '/datasets/:id/profile',
    {
      schema: {
        operationId: 'profile',
        tags: ['writes'],
        summary: 'Says anew what a table means.',
        params,
        headers: keyHeader,
        body: refer<Profile>('Profile'),
        response: { 200: refer<Receipt>('Receipt') },
      },
    },
    async (request) => {
      const key = readKey(request.headers['idempotency-key']);
      const { id: dataset } = request.params;
      const profile = request.body;
      const fingerprint = fingerprintOf(`${dataset} profile`, JSON.stringify(profile));
      return reach(request).driver.write({ key, fingerprint, dataset, change: { kind: 'profile', profile } });
    },
  );
}

function readKey(header: string | string[] | undefined): string {
  const key = Array.isArray(header) ? header[0] : header;
  if (key === undefined || key.trim() === '')
    throw new ExaError(
      'invalid',
      'A write needs an Idempotency-Key header (any text unique to it), so that sending it again cannot write it twice.',
    );
  if (key.length > 200) throw new ExaError('invalid', 'The Idempotency-Key is longer than 200 characters.');
  return key;
}

/** Hash of what a write says. */
function fingerprintOf(what: string, body: string | Buffer): string {
  return createHash('sha256').update(what).update('\n').update(body).digest('base64url');
}

export function isArrow(contentType: string | undefined): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === arrowType;
}
