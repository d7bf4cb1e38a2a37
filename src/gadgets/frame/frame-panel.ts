import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import { goTo, type ViewName } from '../../protocol/workspace.ts';
import { printWorkspace } from '../../protocol/workspace-url.ts';
import { icon } from '../icons.ts';
import { brandMark } from './brand.ts';
import { viewWords } from './frame-words.ts';

/** The panel of views on the left; on phones the bar below. */
export interface FramePanel {
  readonly views: readonly ViewName[];
  readonly current: ViewName;
  /** Icons only. */
  readonly narrow: boolean;
  readonly turn: () => void;
  readonly shortcuts: () => void;
}

export function framePanel({ views, current, narrow, turn, shortcuts }: FramePanel): unknown {
  const size = narrow ? msg('Widen panel') : msg('Narrow panel');
  return html`
    <nav class="panel" aria-label=${msg('Views')}>
      <a class="brand" href="#/home">${brandMark}<span>Exanalytics</span></a>
      ${views.map((view) => {
        const { label, icon: picture } = viewWords(view);
        return html`<a
          class="entry"
          href=${printWorkspace(goTo(view))}
          title=${narrow ? label : nothing}
          aria-current=${current === view ? 'page' : nothing}
          >${icon(picture)}<span>${label}</span></a
        >`;
      })}
      <div class="grow"></div>
      <button class="entry wide-only" title=${msg('Keyboard shortcuts')} @click=${shortcuts}>
        ${icon('keyboard')}<span>${msg('Shortcuts')}</span>
      </button>
      <button class="entry wide-only" aria-expanded=${String(!narrow)} title=${size} @click=${turn}>
        ${icon('panel')}<span>${size}</span>
      </button>
    </nav>
  `;
}
