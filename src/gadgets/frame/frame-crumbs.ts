import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import type { ArrayHead } from '../../protocol/array.ts';
import type { DatasetSummary } from '../../protocol/head.ts';
import { goTo, type ViewName, type Workspace } from '../../protocol/workspace.ts';
import { shapeWords } from '../array/shape-words.ts';
import type { Formats } from '../format.ts';
import { icon } from '../icons.ts';
import '../popover-panel.ts';
import type { Subject } from '../subject.ts';
import { viewWords } from './frame-words.ts';

/** Where one is: the view, and the table it shows where that is not plain or could be another. */
export interface FrameCrumbs {
  readonly view: ViewName;
  readonly subject: Subject | undefined;
  /** All tables the view can show. */
  readonly others: readonly Subject[];
  /** The array the view is about, and all there are. */
  readonly array: ArrayHead | undefined;
  readonly arrays: readonly ArrayHead[];
  readonly formats: Formats;
  readonly go: (workspace: Workspace) => void;
}

export function frameCrumbs(crumbs: FrameCrumbs): unknown {
  const { view, subject, others } = crumbs;
  const { label } = viewWords(view);
  return html`<nav class="crumbs" aria-label=${msg('Breadcrumb')}>
    <ol>
      <li><h1 tabindex="-1">${label}</h1></li>
      ${
        subject && (others.length > 1 || tableName(subject.dataset) !== label)
          ? html`<li class="sep">${icon('chevron-right')}</li>
              <li class="table" aria-current="page">
                ${others.length > 1 ? tables(crumbs, subject) : tableName(subject.dataset)}
              </li>`
          : nothing
      }
      ${crumbs.array ? arrayCrumb(crumbs, crumbs.array) : nothing}
    </ol>
  </nav>`;
}

function tables({ view, others, formats, go }: FrameCrumbs, subject: Subject): unknown {
  return html`<exa-popover-panel label=${msg('Choose a table')}>
    <button slot="trigger" class="button quiet">${tableName(subject.dataset)}${icon('chevron-down')}</button>
    <div class="tables">
      ${others.map(
        ({ dataset }) => html`<button
          aria-current=${dataset.id === subject.dataset.id ? 'true' : nothing}
          @click=${() => go(goTo(view, dataset.id))}
        >
          ${tableName(dataset)}<span class="meta">${formats.compact(dataset.rows)} ${msg('rows')}</span>
        </button>`,
      )}
    </div>
  </exa-popover-panel>`;
}

function arrayCrumb({ arrays, go }: FrameCrumbs, array: ArrayHead): unknown {
  return html`<li class="sep">${icon('chevron-right')}</li>
    <li class="table" aria-current="page">
      ${
        arrays.length < 2
          ? array.name
          : html`<exa-popover-panel label=${msg('Choose an array')}>
              <button slot="trigger" class="button quiet">${array.name}${icon('chevron-down')}</button>
              <div class="tables">
                ${arrays.map(
                  ({ id, name, shape }) => html`<button
                    aria-current=${id === array.id ? 'true' : nothing}
                    @click=${() => go(goTo('array', id))}
                  >
                    ${name}<span class="meta">${shapeWords(shape)}</span>
                  </button>`,
                )}
              </div>
            </exa-popover-panel>`
      }
    </li>`;
}

/** What people call a table. */
export function tableName(dataset: DatasetSummary): string {
  return dataset.profile.label || dataset.name;
}
