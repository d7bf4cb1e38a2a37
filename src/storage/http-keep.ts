import { readList, readObject } from '../protocol/parse-shape.ts';
import {
  type Citation,
  type CiteRequest,
  parseCitation,
  parseSavedView,
  type SavedView,
} from '../protocol/saved-view.ts';
import { type Fetch, type RequestSettings, readJson } from './http-request.ts';

/** What the store keeps for all who use it. */
export interface RemoteKeep {
  views(): Promise<readonly SavedView[]>;
  save(view: SavedView): Promise<void>;
  remove(id: string): Promise<void>;
  cite(request: CiteRequest): Promise<Citation>;
  citation(id: string): Promise<Citation>;
}

const list = readObject<{ views: SavedView[] }>({ views: readList(parseSavedView) });

/** The store's saved views and citations, over HTTP. */
export function httpKeep(
  baseUrl: string,
  {
    fetch = (url, init) => globalThis.fetch(url, init),
    timeoutMs = 30_000,
  }: { fetch?: Fetch; timeoutMs?: number } = {},
): RemoteKeep {
  const api = `${baseUrl.replace(/\/+$/, '').replace(/\/api$/, '')}/api`;
  const json = (path: string, init: RequestSettings) =>
    readJson({ fetch, url: api + path, init, quietMs: timeoutMs });
  const send = (method: string, body: object): RequestSettings => ({
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return {
    views: async () => list(await json('/views', { cache: 'no-cache' }), 'views').views,
    async save(view) {
      await json(`/views/${encodeURIComponent(view.id)}`, send('PUT', view));
    },
    async remove(id) {
      await json(`/views/${encodeURIComponent(id)}`, { method: 'DELETE' });
    },
    cite: async (request) => parseCitation(await json('/citations', send('POST', request)), 'citation'),
    citation: async (id) => parseCitation(await json(`/citations/${encodeURIComponent(id)}`, {}), 'citation'),
  };
}
