import type { DataClient } from '../protocol/client.ts';
import { ExaError, fromWireError, toExaError } from '../protocol/errors.ts';
import type { Head } from '../protocol/head.ts';
import type { KeepClient } from '../protocol/keep.ts';
import { isLocal } from '../protocol/local.ts';
import { type Citation, type CiteRequest, maxCitedBytes } from '../protocol/saved-view.ts';
import type { Link } from './link.ts';

/** The page's end of what is kept. */
export function keepOver(
  link: Pick<Link, 'call'>,
  client: () => Pick<DataClient, 'ask' | 'head'>,
): KeepClient {
  return {
    views(observer) {
      const life = new AbortController();
      const { signal } = life;
      link
        .call('views', undefined, {
          signal,
          next(event) {
            if (signal.aborted) return;
            if (event.kind === 'value') observer.next(event.value);
            else observer.failed?.(fromWireError(event.error));
          },
        })
        .catch((error: unknown) => {
          if (!signal.aborted) observer.failed?.(toExaError(error));
        });
      return () => life.abort();
    },
    save: (view, place) => link.call('saveView', { view, place }),
    remove: (id, place) => link.call('removeView', { id, place }),
    pin: (id, pinned) => link.call('pinView', { id, pinned }),
    async cite(request) {
      if (!isLocal(request.question.dataset)) return link.call('cite', { request });
      const citation = await citeHere(client(), request);
      await link.call('keepCitation', { citation });
      return citation;
    },
    citation: (id) => link.call('citation', { id }),
  };
}

async function citeHere(client: Pick<DataClient, 'ask' | 'head'>, request: CiteRequest): Promise<Citation> {
  const { dataset } = request.question;
  const [{ bytes, coverage }, head] = await Promise.all([
    client.ask(request.question),
    headOf(client, dataset),
  ]);
  if (bytes.byteLength > maxCitedBytes)
    throw new ExaError('refused', 'This answer is too large to be cited: narrow it with a filter first.');
  const hash = await hexHash(bytes.slice());
  const { id, name, epoch } = head;
  const key = new TextEncoder().encode(JSON.stringify([request.question, epoch, hash]));
  return {
    ...request,
    id: `here-${(await hexHash(key)).slice(0, 32)}`,
    dataset: { id, name, epoch },
    coverage,
    hash,
    answer: base64(bytes),
    at: new Date().toISOString(),
  };
}

function headOf(client: Pick<DataClient, 'head'>, dataset: string): Promise<Head> {
  return new Promise((resolve, reject) => {
    const stop = client.head(dataset, {
      next(head) {
        queueMicrotask(() => stop());
        resolve(head);
      },
      failed: reject,
    });
  });
}

async function hexHash(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return btoa(text);
}
