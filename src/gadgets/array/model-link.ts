import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { ArrayHead } from '../../protocol/array.ts';
import {
  type AxisPart,
  arrayTableId,
  canBeTable,
  isTooLarge,
  mostArrayColumns,
} from '../../protocol/array-table.ts';
import { goTo } from '../../protocol/workspace.ts';
import { printWorkspace } from '../../protocol/workspace-url.ts';
import { icon } from '../icons.ts';

/** The way from what is in view of an array to models of it; says what is too much. */
export function modelLink(head: ArrayHead, parts: readonly AxisPart[]): unknown {
  if (!canBeTable(head)) return nothing;
  if (isTooLarge(parts))
    return html`<span class="meta">
      ${msg(str`Zoom in to fit a model: it takes at most 2³² rows and ${mostArrayColumns} columns.`)}
    </span>`;
  const isWhole = parts.every(({ start, end }, axis) => start === 0n && String(end) === head.shape[axis]);
  const dataset = arrayTableId(head.id, isWhole ? [] : parts);
  return html`<a class="button" href=${printWorkspace(goTo('model', dataset))}>
    ${icon('model')}${msg('Models of this part')}
  </a>`;
}
