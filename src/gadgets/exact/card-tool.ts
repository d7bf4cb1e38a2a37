import { html, nothing } from 'lit';
import { type IconName, icon } from '../icons.ts';

/** A small button of a card's heading, with its name for those who do not see its picture. */
export function cardTool(name: IconName, label: string, run: () => void, pressed?: boolean): unknown {
  return html`<button
    class="button quiet tool"
    title=${label}
    aria-pressed=${pressed === undefined ? nothing : String(pressed)}
    @click=${run}
  >
    ${icon(name)}<span class="hidden-text">${label}</span>
  </button>`;
}
