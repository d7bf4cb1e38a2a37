import { msg } from '@lit/localize';
import { html } from 'lit';
import { icon } from '../icons.ts';
import { exportName } from './python/python-code.ts';

/** The Python that does the same, folded away until wanted. */
export function codePanel(panel: {
  readonly code: string;
  readonly label: string;
  readonly open: boolean;
  readonly copied: boolean;
  readonly turn: (isOpen: boolean) => void;
  readonly copy: () => void;
  readonly download: () => void;
  readonly table: () => void;
}): unknown {
  return html`<details
    class="cell code"
    ?open=${panel.open}
    @toggle=${(event: Event) => panel.turn((event.currentTarget as HTMLDetailsElement).open)}
  >
    <summary>${icon('code')}<span>${msg('Show the scikit-learn code')}</span></summary>
    <div class="ways">
      <button class="button" @click=${panel.copy}>${icon('copy')}${panel.copied ? msg('Copied') : msg('Copy')}</button>
      <button class="button" @click=${panel.download}>${icon('download')}${msg('Download the code')}</button>
      <button class="button" @click=${panel.table}>${icon('table')}${msg('Download the table')}</button>
      <p class="meta">
        ${msg('It reads the table as CSV, saved beside it as')} <code>${exportName(panel.label)}</code>
      </p>
    </div>
    <pre tabindex="0" role="region" aria-label=${msg('Python code')}><code>${panel.code}</code></pre>
  </details>`;
}
