import { msg } from '@lit/localize';
import { html } from 'lit';
import type { ArrayHead } from '../../protocol/array.ts';
import { goTo } from '../../protocol/workspace.ts';
import { printWorkspace } from '../../protocol/workspace-url.ts';
import type { Formats } from '../format.ts';
import { icon } from '../icons.ts';
import { writtenWords } from './array-words.ts';
import { shapeWords } from './shape-words.ts';

/** The list of arrays, where none is named. */
export function arrayChoice(arrays: readonly ArrayHead[], formats: Formats): unknown {
  if (arrays.length === 0)
    return html`<div class="cell empty">
      <h2>${msg('No arrays')}</h2>
      <p>${msg('The command line makes one, or brings one in: exanalytics array import FILE.npy')}</p>
      <a class="button" href="#/home">${msg('Open Home')}</a>
    </div>`;
  return html`<div class="cell">
    <h2>${msg('Arrays')}</h2>
    <ul class="list">
      ${arrays.map(
        (head) => html`<li>
          <a class="button quiet" href=${printWorkspace(goTo('array', head.id))}>${icon('array')}${head.name}</a>
          <span class="meta">${shapeWords(head.shape)} · ${head.dtype} · ${writtenWords(head, formats)}</span>
        </li>`,
      )}
    </ul>
  </div>`;
}
