import { localized, msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyDeclarations } from 'lit';
import type { DataClient, Status, StorageReport } from '../../protocol/client.ts';
import type { DatasetSummary } from '../../protocol/head.ts';
import { formatsFor } from '../format.ts';
import { type IconName, icon } from '../icons.ts';
import '../popover-panel.ts';
import { sharedStyles } from '../theme/base.styles.ts';

/** Data sets named as kept here. */
const maxNamed = 5;

/**
 * How fresh what is shown can be: "Live", "As of 12:04, updating", "Offline, as of 12:04"; and writes kept here.
 * Pressed, it says what that means and what this device keeps.
 * @prop status @prop client For what is kept @prop datasets For its names
 */
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
      button.chip {
        position: relative;
        border: 0;
        cursor: pointer;
      }
      dl {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 4px 16px;
        margin-top: 8px;
        padding-top: 8px;
        border-top: 1px solid var(--exa-border);
      }
      dt {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      dd {
        color: var(--exa-muted);
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
      @media (pointer: coarse) {
        button.chip::after {
          content: '';
          position: absolute;
          inset: -10px 0;
        }
      }
      @media (max-width: 719px) {
        .long {
          display: none;
        }
      }
    `,
  ];

  static override properties: PropertyDeclarations = {
    status: { attribute: false },
    client: { attribute: false },
    datasets: { attribute: false },
    report: { state: true },
  };

  declare status: Status | undefined;
  declare client: DataClient | undefined;
  declare datasets: readonly DatasetSummary[];
  declare report: StorageReport | undefined;

  constructor() {
    super();
    this.datasets = [];
  }

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
      <span class="hidden-text" role="status">${word}${long}</span>
      <exa-popover-panel side="end" label=${msg('Freshness')} @exa-toggle=${this.#toggled}>
        <button slot="trigger" class="chip ${status.connection}">
          ${icon(picture)}<span>${word}${long === '' ? nothing : html`<span class="long">${long}</span>`}</span>
        </button>
        <p>${meaningOf(status.connection)}</p>
        ${this.report ? this.#kept(this.report) : nothing}
      </exa-popover-panel>
    `;
  }

  #kept(report: StorageReport): unknown {
    const formats = formatsFor(this);
    const size = formats.bytes(report.bytes);
    const largest = report.datasets.toSorted((one, other) => other.bytes - one.bytes).slice(0, maxNamed);
    return html`<p class="meta">
        ${report.keeps === 'memory' ? msg('IndexedDB is blocked here: pages stay in memory.') : msg(str`${size} kept on this device`)}
      </p>
      ${largest.length === 0 ? nothing : html`<dl>${largest.map((one) => html`<dt>${this.#nameOf(one)}</dt><dd>${formats.bytes(one.bytes)}</dd>`)}</dl>`}
      <a href="#/settings">${msg('Settings')}</a>`;
  }

  #nameOf({ id, name }: { readonly id: string; readonly name: string }): string {
    return this.datasets.find((one) => one.id === id)?.profile.label || name;
  }

  async #toggled(event: CustomEvent<boolean>): Promise<void> {
    if (!event.detail || !this.client) return;
    try {
      this.report = await this.client.storage();
    } catch {
      // What is kept is then not said; the sentence above it still is.
      this.report = undefined;
    }
  }
}

/** What a connection means for what is seen. */
function meaningOf(connection: Status['connection']): string {
  if (connection === 'live') return msg('Changes in the store are shown as they happen.');
  if (connection === 'offline')
    return msg('The store cannot be reached. What was kept here still answers; changes are sent later.');
  if (connection === 'updating') return msg('Newer data are on their way.');
  return msg('Connecting to the store.');
}

/** The chip's short word, what follows it where there is room, and its icon. */
export function freshnessWords(
  connection: Status['connection'],
  time: string | undefined,
): { word: string; long: string; picture: IconName } {
  if (connection === 'live') return { word: msg('Live'), long: '', picture: 'live' };
  if (connection === 'offline' && time === undefined)
    return { word: msg('No store'), long: '', picture: 'offline' };
  if (connection === 'offline')
    return {
      word: msg('Offline'),
      long: msg(str`, as of ${time}`),
      picture: 'offline',
    };
  if (time === undefined) return { word: msg('Connecting'), long: '', picture: 'updating' };
  return { word: msg(str`As of ${time}`), long: msg(', updating'), picture: 'updating' };
}

localized()(Freshness);
if (!customElements.get('exa-freshness')) customElements.define('exa-freshness', Freshness);
