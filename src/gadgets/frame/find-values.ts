import { openAnswer } from '../../arrow/answer-table.ts';
import type { DataClient } from '../../protocol/client.ts';
import type { DatasetSummary, Head } from '../../protocol/head.ts';
import { columnLabel } from '../column-label.ts';
import { dimensionsOf, typeOfColumn } from '../subject.ts';
import type { FoundValue } from './finds.ts';

/** Tables, and columns of each, whose values are looked through; values told of one column. */
const maxTables = 6;
const maxColumns = 6;
const maxValues = 3;

/** Values that hold `text`, of the columns people divide tables by: by a question a column, the most frequent first. */
export async function findValues(
  client: DataClient,
  datasets: readonly DatasetSummary[],
  text: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<readonly FoundValue[]> {
  const asked = datasets.slice(0, maxTables).map(async (dataset) => {
    const head = await headOf(client, dataset.id);
    const columns = dimensionsOf(dataset.profile, maxColumns).filter(
      (column) => column.includes('.') || typeOfColumn(column, head)?.kind === 'text',
    );
    const found = await Promise.all(
      columns.map((column) => valuesOf(client, dataset, head, column, text, signal).catch(() => [])),
    );
    return found.flat();
  });
  const settled = await Promise.allSettled(asked);
  signal.throwIfAborted();
  return settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
}

async function valuesOf(
  client: DataClient,
  dataset: DatasetSummary,
  head: Head,
  column: string,
  text: string,
  signal: AbortSignal,
): Promise<FoundValue[]> {
  const { bytes } = await client.ask(
    {
      kind: 'aggregate',
      dataset: dataset.id,
      where: { op: 'contains', column, text },
      groupBy: [{ by: 'value', column }],
      measures: [{ id: 'rows', label: '', formula: 'count()', format: 'count' }],
      order: [{ by: 'rows', descending: true }],
      limit: maxValues,
    },
    { signal },
  );
  const table = openAnswer(bytes);
  return Array.from({ length: table.rows }, (_, row) => ({
    dataset,
    column,
    columnLabel: columnLabel(column, head),
    value: table.exact('g0', row),
    rows: Number(table.value('rows', row)),
  })).filter(({ value }) => value !== '');
}

/** The columns of tables, for people who look for one by name. */
export async function findColumns(
  client: DataClient,
  datasets: readonly DatasetSummary[],
): Promise<
  readonly { readonly dataset: DatasetSummary; readonly columns: readonly { ref: string; label: string }[] }[]
> {
  const found = await Promise.allSettled(
    datasets.slice(0, 3 * maxTables).map(async (dataset) => {
      const head = await headOf(client, dataset.id);
      const refs = [...head.columns.map(({ id }) => id), ...head.profile.calculated.map(({ id }) => id)];
      return { dataset, columns: refs.map((ref) => ({ ref, label: columnLabel(ref, head) })) };
    }),
  );
  return found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

function headOf(client: DataClient, dataset: string): Promise<Head> {
  return new Promise((resolve, reject) => {
    const stop = client.head(dataset, {
      next(head) {
        queueMicrotask(() => stop());
        resolve(head);
      },
      failed(error) {
        queueMicrotask(() => stop());
        reject(error);
      },
    });
  });
}
