import { html, nothing } from 'lit';
import { ExaError } from '../../protocol/errors.ts';
import type { DatasetSummary } from '../../protocol/head.ts';
import type { ViewName } from '../../protocol/workspace.ts';
import type { DatasetsController } from '../datasets-controller.ts';
import type { GadgetLoader } from '../gadget-loader.ts';
import { viewTag } from './view-template.ts';
import type { ViewTurn } from './view-turn.ts';

/** What a view says that has nothing to show, as no store was ever reached. */
const neverReached = new ExaError('offline', 'The store cannot be reached.');

/** What stands in the middle of the frame. */
export interface FrameView {
  readonly view: ViewName;
  readonly list: Pick<DatasetsController, 'datasets' | 'phase' | 'error' | 'retry'>;
  readonly loader: GadgetLoader;
  readonly turn: ViewTurn;
  /** A view of a table, no store ever reached, and nothing kept on this device. */
  readonly lacksAll: boolean;
  /** Whether what the view is filtered by is known. */
  readonly isReady: boolean;
  readonly draw: (datasets: readonly DatasetSummary[]) => unknown;
}

/** The view once it can be drawn; a card that says what failed, above it or in its place. */
export function frameView({ view, list, loader, turn, lacksAll, isReady, draw }: FrameView): unknown {
  const unread = list.phase === 'failed' ? list.error : lacksAll ? neverReached : undefined;
  const error = loader.error ?? unread;
  const card = error
    ? html`<exa-error-card
        .error=${error}
        @exa-retry=${() => {
          loader.retry();
          if (unread) list.retry();
        }}
      ></exa-error-card>`
    : nothing;
  // Home and Settings have something to say without a store.
  const datasets = list.datasets ?? (unread && (view === 'home' || view === 'settings') ? [] : undefined);
  if (loader.error || lacksAll || (unread && datasets === undefined)) return card;
  if (!loader.has(viewTag(view), 'exa-filter-bar') || datasets === undefined || !isReady) return nothing;
  if (!turn.isTurn(view)) return nothing;
  return html`${card}${draw(datasets)}`;
}
