import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { VersionEvent } from '../../src/protocol/change.ts';
import { ExaError } from '../../src/protocol/errors.ts';
import type { Scope } from '../scope/scope.ts';
import type { StoreContext } from './store-context.ts';

const heartbeatMs = 15_000;

/** A listener with more than this unread is let go; it comes back and is told what it missed. */
const maxUnreadBytes = 2 ** 20;

interface ChangesContext extends Pick<StoreContext, 'reach' | 'ring'> {
  /** What a scope may hear of a version. */
  seen(event: VersionEvent, scope: Scope): Promise<VersionEvent>;
}

/**
 * `GET /changes?since=V`: server-sent events. `hello` first, then a `version` event a commit, in order and without gaps
 * after V (or after the Last-Event-ID); `reset` when some of those are no longer kept. It ends when its caller's rights do.
 */
export function changesRoute(app: FastifyInstance, { reach, ring, seen }: ChangesContext): void {
  const open = new Set<FastifyReply>();
  app.addHook('preClose', async () => {
    for (const reply of open) reply.raw.end();
  });

  app.get<{ Querystring: { since?: string } }>(
    '/changes',
    {
      schema: {
        operationId: 'changes',
        tags: ['store'],
        summary: 'Committed versions, as they come.',
        querystring: Type.Object({ since: Type.Optional(Type.String()) }),
        response: {
          200: {
            description: 'Events hello, version, reset.',
            content: { 'text/event-stream': { schema: Type.String() } },
          },
        },
      },
    },
    async (request, reply) => {
      const { scope, caller } = reach(request);
      const last = request.headers['last-event-id'];
      const since = readVersion(typeof last === 'string' ? last : request.query.since);
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      const write = (text: string) => {
        if (raw.destroyed || raw.writableEnded) return;
        raw.write(text);
        if (raw.writableLength > maxUnreadBytes) raw.destroy();
      };
      let sent: Promise<void> = Promise.resolve();
      const send = (event: VersionEvent) => {
        sent = sent.then(async () => {
          const data = JSON.stringify(await seen(event, scope));
          write(`id: ${event.version}\nevent: version\ndata: ${data}\n\n`);
        });
        // What cannot be told is a gap: the listener comes back and asks from where it was.
        sent = sent.catch(() => void raw.destroy());
      };

      write(`event: hello\ndata: ${JSON.stringify(ring.newest())}\n\n`);
      if (since !== undefined) {
        const replay = ring.since(since);
        if (replay.kind === 'reset') write(`id: ${ring.newest().version}\nevent: reset\ndata: {}\n\n`);
        else for (const event of replay.events) send(event);
      }
      const leave = ring.listen(send);
      const heartbeat = setInterval(() => {
        if (caller.isRevoked?.()) raw.end();
        else write(': still here\n\n');
      }, heartbeatMs);
      const { expires } = caller;
      const over = expires === undefined ? undefined : setTimeout(() => raw.end(), expires - Date.now());
      open.add(reply);
      raw.once('close', () => {
        clearInterval(heartbeat);
        clearTimeout(over);
        leave();
        open.delete(reply);
      });
    },
  );
}

function readVersion(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,16}$/.test(text)) return Number(text);
  throw new ExaError(
    'invalid',
    `“since” must be a version, a whole number; ${JSON.stringify(text)} is none.`,
  );
}
