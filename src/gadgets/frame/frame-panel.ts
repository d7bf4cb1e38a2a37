import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import { goTo, type ViewName } from '../../protocol/workspace.ts';
import { printWorkspace } from '../../protocol/workspace-url.ts';
import { icon } from '../icons.ts';
import '../popover-panel.ts';
import type { PopoverPanel } from '../popover-panel.ts';
import { brandMark } from './brand.ts';
import { viewWords } from './frame-words.ts';

/** Entries of a phone's bar beside “More”, the likeliest first. */
const foremost: readonly ViewName[] = ['home', 'explore', 'orders', 'array', 'datasets', 'settings'];
const inBar = 4;

/** The panel of views on the left; on phones the bar below, with what has no room in it under “More”. */
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
  const first = foremost.filter((view) => views.includes(view)).slice(0, inBar);
  const beyond = views.length > inBar + 1 ? views.filter((view) => !first.includes(view)) : [];
  const entry = (view: ViewName, place: string): unknown => {
    const { label, icon: picture } = viewWords(view);
    return html`<a
      class="entry ${place}"
      href=${printWorkspace(goTo(view))}
      title=${narrow ? label : nothing}
      aria-current=${current === view ? 'page' : nothing}
      >${icon(picture)}<span>${label}</span></a
    >`;
  };
  return html`
    <nav class="panel" aria-label=${msg('Views')}>
      <a class="brand" href="#/home">${brandMark}<span>Exanalytics</span></a>
      ${views.map((view) => entry(view, beyond.includes(view) ? 'wide-only' : ''))}
      ${beyond.length > 0 ? moreViews(beyond, current, entry) : nothing}
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

/** On phones: the views that have no room in the bar. */
function moreViews(
  views: readonly ViewName[],
  current: ViewName,
  entry: (view: ViewName, place: string) => unknown,
): unknown {
  const close = (event: Event): void =>
    (event.currentTarget as HTMLElement).closest<PopoverPanel>('exa-popover-panel')?.show(false);
  return html`<exa-popover-panel class="more" side="end" label=${msg('More views')}>
    <button slot="trigger" class="entry" aria-current=${views.includes(current) ? 'true' : nothing}>
      ${icon('more')}<span>${msg('More')}</span>
    </button>
    <div class="beyond" @click=${close}>${views.map((view) => entry(view, ''))}</div>
  </exa-popover-panel>`;
}
