import type { DataClient } from '../../protocol/client.ts';
import type { Head } from '../../protocol/head.ts';
import type { Workspace } from '../../protocol/workspace.ts';
import { datasetsIn } from '../../protocol/workspace-columns.ts';

/** Time a head may take before it is done without, in ms. */
const patienceMs = 4000;

/** The heads of all data sets a workspace is about; those that are not there, or not now, are left out. */
export async function headsOf(
  client: Pick<DataClient, 'head'>,
  workspace: Workspace,
): Promise<readonly Head[]> {
  const found = await Promise.all(datasetsIn(workspace).map((dataset) => headOf(client, dataset)));
  return found.filter((head) => head !== undefined);
}

function headOf(client: Pick<DataClient, 'head'>, dataset: string): Promise<Head | undefined> {
  return new Promise((resolve) => {
    const end = (head?: Head): void => {
      clearTimeout(timer);
      queueMicrotask(() => stop());
      resolve(head);
    };
    const timer = setTimeout(() => end(), patienceMs);
    const stop = client.head(dataset, { next: end, failed: () => end() });
  });
}
