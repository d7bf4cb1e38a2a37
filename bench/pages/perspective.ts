import perspective from '@perspective-dev/client/inline';
import { bounds, views } from '../crossfilter-work.ts';
import { clientsStreams } from './peers.ts';

type Client = Awaited<ReturnType<typeof perspective.worker>>;
type PerspectiveTable = Awaited<ReturnType<Client['table']>>;
let table: PerspectiveTable;

export async function loadPerspective(rows: number): Promise<number> {
  const streams = clientsStreams(rows);
  const client = await perspective.worker();
  const began = performance.now();
  const [first, ...rest] = streams.map((stream) => stream.slice().buffer as ArrayBuffer);
  table = await client.table(first!);
  for (const stream of rest) await table.update(stream);
  return performance.now() - began;
}

/** Milliseconds of the five views, each read as Arrow. */
export async function askPerspective(round: number): Promise<number> {
  const { from, to, orders } = bounds(round);
  const began = performance.now();
  for (const { column, width } of views) {
    const view = await table.view({
      group_by: ['g'],
      columns: ['revenue', 'country'],
      aggregates: { revenue: 'sum', country: 'count' },
      expressions: { g: width ? `floor("${column}" / ${width})` : `"${column}"` },
      filter: [
        ['since', '>=', from],
        ['since', '<', to],
        ['orders', '>=', orders],
      ],
    });
    await view.to_arrow();
    await view.delete();
  }
  return performance.now() - began;
}
