import { typeOf } from '../src/arrow/column-data.ts';
import { type Columns, encodeColumns } from '../src/arrow/columns-stream.ts';
import type { Profile } from '../src/protocol/profile.ts';

/** About how many bytes a batch of an import has: half of what a store takes at once. */
const batchBytes = 16 * 2 ** 20;

/** Creates a data set over the store's own import session; resolves to its id. */
export async function loadTable(
  storeUrl: string,
  name: string,
  rows: number,
  columnsOf: (start: number, end: number) => Columns,
  profile: Profile,
): Promise<string> {
  const call = async (path: string, init: RequestInit): Promise<Record<string, unknown>> => {
    const response = await fetch(`${storeUrl}/api${path}`, { method: 'POST', ...init });
    const body = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(`The store refused ${path}: ${JSON.stringify(body)}`);
    return body;
  };
  const columns = Object.entries(columnsOf(0, 1)).map(([column, data]) => ({
    name: column,
    type: typeOf(data),
  }));
  const session = await call('/imports', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, mode: 'create', columns, profile }),
  });
  const thousand = encodeColumns(columnsOf(0, Math.min(rows, 1000))).byteLength;
  const batchRows = Math.max(1000, Math.floor((1000 * batchBytes) / thousand));
  let n = 0;
  for (let start = 0; start < rows; start += batchRows)
    await call(`/imports/${session.id}/batches/${n++}`, {
      headers: { 'content-type': 'application/vnd.apache.arrow.stream' },
      body: encodeColumns(columnsOf(start, Math.min(rows, start + batchRows))) as RequestInit['body'],
    });
  const committed = await call(`/imports/${session.id}/commit`, {});
  return String(committed.dataset);
}
