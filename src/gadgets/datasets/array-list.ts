import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import type { ArrayHead } from '../../protocol/array.ts';
import { isLocal } from '../../protocol/local.ts';
import { goTo } from '../../protocol/workspace.ts';
import { printWorkspace } from '../../protocol/workspace-url.ts';
import { shapeWords } from '../array/shape-words.ts';
import type { Formats } from '../format.ts';

/** The arrays of the store and of this browser, each a way to its view; nothing where there are none. */
export function arrayList(arrays: readonly ArrayHead[], formats: Formats): unknown {
  if (arrays.length === 0) return nothing;
  return html`<div class="cell list arrays" role="region" tabindex="0" aria-label=${msg('Arrays')}>
    <table>
      <thead>
        <tr>
          <th scope="col">${msg('Array')}</th>
          <th scope="col">${msg('Type')}</th>
          <th scope="col" class="end">${msg('Shape')}</th>
          <th scope="col" class="end">${msg('Written')}</th>
          <th scope="col" class="end">${msg('Version')}</th>
          <th scope="col">${msg('Changed')}</th>
        </tr>
      </thead>
      <tbody>
        ${arrays.map(
          (head) => html`<tr>
            <th scope="row"><a href=${printWorkspace(goTo('array', head.id))}>${head.name}</a>${isLocal(head.id) ? html` <span class="here">${msg('on this device')}</span>` : nothing}</th>
            <td>${head.dtype}</td>
            <td class="end">${shapeWords(head.shape)}</td>
            <td class="end">${formats.bytes(head.bytes)}</td>
            <td class="end">${formats.number(head.version)}</td>
            <td>${formats.moment(Date.parse(head.asOf))}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
