import { html } from 'lit';
import type { ExportRequest } from '../../protocol/export.ts';
import './card-menu.ts';

/** What people can take away of a gadget, as it is now. */
export interface TakeAway {
  /** Names files and pictures. */
  readonly title: string;
  /** Left out: only the picture. */
  readonly data?: ExportRequest;
}

/** A gadget of which something can be taken away: the card's element, and what of it. */
export interface TakenFrom extends HTMLElement {
  takeAway(): TakeAway | undefined;
}

/** One more thing a card's menu offers. */
export interface MenuItem {
  readonly label: string;
  readonly run: () => void;
}

/** The menu of a card ("⋯"): data as a file, its picture, copies, print, and `more` before them. One a card, in its header. */
export function cardMenu(card: TakenFrom, more: readonly MenuItem[] = []): unknown {
  return html`<exa-card-menu .card=${card} .more=${more}></exa-card-menu>`;
}
