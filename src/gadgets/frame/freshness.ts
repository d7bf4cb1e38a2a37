import { localized, msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyDeclarations } from 'lit';
import type { Status } from '../../protocol/client.ts';
import { formatsFor } from '../format.ts';
import { type IconName, icon } from '../icons.ts';
import { sharedStyles } from '../theme/base.styles.ts';

/** How fresh what is shown can be: "Live", "As of 12:04, updating", "Offline, as of 12:04"; and writes kept here. */
export class Freshness extends LitElement {
  static override styles = [
    ...sharedStyles,
    css`
      :host {
        display: inline-flex;
        gap: 8px;
      }
      .chip {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        height: 24px;
        padding: 0 8px;
        border-radius: 12px;
        font-size: var(--exa-size-meta);
        white-space: nowrap;
      }
      .chip.live {
        color: var(--exa-success);
        background: var(--exa-success-soft);
      }
      .chip.updating,
      .chip.connecting {
        color: var(--exa-accent-text);
        background: var(--exa-accent-soft);
      }
      .chip.offline,
      .chip.waiting {
        color: var(--exa-warning);
        background: var(--exa-warning-soft);
      }
      .chip .icon {
        width: 14px;
        height: 14px;
      }
      @media (max-width: 719px) {
        .long {
          display: none;
        }
      }
    `,
  ];

  static override properties: PropertyDeclarations = { status: { attribute: false } };

  declare status: Status | undefined;

  protected override render(): unknown {
    const { status } = this;
    if (!status) return nothing;
    const time = status.asOf === null ? undefined : formatsFor(this).moment(Date.parse(status.asOf));
    const { word, long, picture } = freshnessWords(status.connection, time);
    const waiting = String(status.waiting);
    return html`
      ${
        status.waiting > 0
          ? html`<span class="chip waiting">${icon('clock')}${msg(str`${waiting} kept here, not yet stored`)}</span>`
          : nothing
      }
      <span class="chip ${status.connection}" role="status">
        ${icon(picture)}<span>${word}${long === '' ? nothing : html`<span class="long">${long}</span>`}</span>
      </span>
    `;
  }
}

/** The chip's short word, what follows it where there is room, and its icon. */
export function freshnessWords(
  connection: Status['connection'],
  time: string | undefined,
): { word: string; long: string; picture: IconName } {
  if (connection === 'live') return { word: msg('Live'), long: '', picture: 'live' };
  if (connection === 'offline')
    return {
      word: msg('Offline'),
      long: time === undefined ? '' : msg(str`, as of ${time}`),
      picture: 'offline',
    };
  if (time === undefined) return { word: msg('Connecting'), long: '', picture: 'updating' };
  return { word: msg(str`As of ${time}`), long: msg(', updating'), picture: 'updating' };
}

localized()(Freshness);
if (!customElements.get('exa-freshness')) customElements.define('exa-freshness', Freshness);
