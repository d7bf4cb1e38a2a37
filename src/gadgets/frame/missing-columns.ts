import type { DataClient } from '../../protocol/client.ts';
import type { KeptView } from '../../protocol/saved-view.ts';
import type { Workspace } from '../../protocol/workspace.ts';
import { type MissingColumn, missingColumns, withoutColumns } from '../../protocol/workspace-columns.ts';
import { headsOf } from './heads-of.ts';

/**
 * A workspace that came from outside (a saved view, a link, a URL by hand) without what names columns that are gone, and
 * which these are, by the names they had when the view was saved.
 */
export async function fitted(
  client: Pick<DataClient, 'head'>,
  workspace: Workspace,
  views: readonly KeptView[],
): Promise<{ readonly workspace: Workspace; readonly missing: readonly MissingColumn[] }> {
  const saved = views.find(({ id }) => id === workspace.saved);
  if (Object.keys(workspace.filters).length === 0 && !saved) return { workspace, missing: [] };
  const missing = missingColumns(workspace, await headsOf(client, workspace), saved?.columns);
  return { workspace: withoutColumns(workspace, missing), missing };
}
