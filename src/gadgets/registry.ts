import { ExaError } from '../protocol/errors.ts';

/** Every gadget by tag, loaded when first wanted. `npm run new-gadget NAME` adds a line. */
const loaders: Readonly<Record<string, () => Promise<unknown>>> = {
  'exa-account-menu': () => import('./account/account-menu.ts'),
  'exa-array': () => import('./array/array.ts'),
  'exa-bars': () => import('./bars/bars.ts'),
  'exa-behind': () => import('./behind/behind.ts'),
  'exa-classifier': () => import('./classifier/classifier.ts'),
  'exa-clients': () => withCards(import('./clients/clients.ts')),
  'exa-clusters': () => import('./clusters/clusters.ts'),
  'exa-cite': () => import('./cite/cite.ts'),
  'exa-compare': () => import('./compare/compare.ts'),
  'exa-datasets': () => import('./datasets/datasets.ts'),
  'exa-distribution': () => import('./distribution/distribution.ts'),
  'exa-explore': () => withCards(import('./explore/explore.ts')),
  'exa-formula-editor': () => import('./formula/formula-editor.ts'),
  'exa-figure': () => import('./figure/figure.ts'),
  'exa-filter-bar': () => import('./filter-bar/filter-bar.ts'),
  'exa-filter-group': () => import('./filter-group/filter-group.ts'),
  'exa-gallery': () => import('./gallery/gallery.ts'),
  'exa-gp': () => import('./gp/gp.ts'),
  'exa-graph': () => import('./graph/graph.ts'),
  'exa-grid': () => import('./grid/grid.ts'),
  'exa-heatmap': () => import('./heatmap/heatmap.ts'),
  'exa-histogram': () => import('./histogram/histogram.ts'),
  'exa-home': () => import('./home/home.ts'),
  'exa-import': () => import('./import/import.ts'),
  'exa-lasso-path': () => import('./lasso-path/lasso-path.ts'),
  'exa-matrix': () => import('./matrix/matrix.ts'),
  'exa-model': () => import('./model/model.ts'),
  'exa-model-selection': () => import('./model-selection/model-selection.ts'),
  'exa-orders': () => withCards(import('./orders/orders.ts')),
  'exa-outliers': () => import('./outliers/outliers.ts'),
  'exa-pca': () => import('./pca/pca.ts'),
  'exa-page': () => import('./page/page.ts'),
  'exa-record': () => import('./record/record.ts'),
  'exa-regression': () => import('./regression/regression.ts'),
  'exa-series': () => import('./series/series.ts'),
  'exa-pivot': () => import('./pivot/pivot.ts'),
  'exa-settings': () => import('./settings/settings.ts'),
  'exa-view-actions': () => import('./frame/view-actions.ts'),
  'exa-sign-in': () => import('./account/sign-in.ts'),
  'exa-trend': () => import('./trend/trend.ts'),
};

/** Whether a page asks for a gadget's code beside its own, where its address names a view of tables (`chunk-groups.ts`). */
export function comesWithPage(tag: string): boolean {
  return ofTables.has(tag);
}

const ofTables: ReadonlySet<string> = new Set(
  ['orders', 'clients', 'explore', 'figure', 'trend', 'bars', 'grid', 'filter-bar'].map(
    (name) => `exa-${name}`,
  ),
);

/** A view of a table, and the cards it will want as soon as it is drawn: over a slow line they come together. */
function withCards(view: Promise<unknown>): Promise<unknown> {
  // One that does not come is asked for again when it is wanted, and missed then.
  for (const tag of ['exa-figure', 'exa-trend', 'exa-bars', 'exa-grid']) loaders[tag]?.().catch(() => {});
  return view;
}

/** Tags that {@link loadGadget} knows. */
export const gadgetTags: readonly string[] = Object.keys(loaders);

/** Loads and registers a gadget's element; rejects with {@link ExaError} `missing` or, unreachable, `offline`. */
export async function loadGadget(tag: string): Promise<void> {
  const load = loaders[tag];
  if (!load) throw new ExaError('missing', `There is no gadget called “${tag}”.`, { facts: { tag } });
  try {
    await load();
  } catch (cause) {
    if (await isReplaced())
      throw new ExaError(
        'gone',
        `The code of “${tag}” is no longer there: the store has a newer version than this page. Load the page again.`,
        { facts: { tag }, cause },
      );
    throw new ExaError(
      'offline',
      `The code of “${tag}” could not be loaded. Check the connection and retry.`,
      {
        facts: { tag },
        cause,
      },
    );
  }
}

/** Whether the store has other code by now than what this page was opened with: its own is no longer there. */
async function isReplaced(): Promise<boolean> {
  try {
    return (await fetch(import.meta.url, { cache: 'no-store' })).status === 404;
  } catch {
    return false;
  }
}
