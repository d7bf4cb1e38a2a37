import { msg } from '@lit/localize';
import { html } from 'lit';

/** What stands in place of a picture, of a model and of its code while the table has no rows. */
export function nothingToFit(): unknown {
  return html`<div class="cell empty">
    <h2>${msg('Nothing to fit yet')}</h2>
    <p>${msg('This table has no rows. A model is fitted as soon as they are stored.')}</p>
    <a class="button" href="#/import">${msg('Import a file')}</a>
  </div>`;
}
