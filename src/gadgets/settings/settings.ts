import { msg, updateWhenLocaleChanges } from '@lit/localize';
import { css, html, nothing, type PropertyDeclarations } from 'lit';
import { styleMap } from 'lit/directives/style-map.js';
import type { StorageReport } from '../../protocol/client.ts';
import type { DatasetSummary } from '../../protocol/head.ts';
import { isLocal } from '../../protocol/local.ts';
import { goTo } from '../../protocol/workspace.ts';
import { printWorkspace } from '../../protocol/workspace-url.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { openPreferences, type PreferenceStore, type Preferences } from '../preferences.ts';
import { viewStyles } from '../view-base.ts';
import './embed-settings.ts';

/** Languages offered, each in its own words; `''` follows the browser. */
const languages: readonly (readonly [string, string])[] = [
  ['en', 'English'],
  ['fr', 'Français'],
  ['de', 'Deutsch'],
];

/**
 * Appearance, density and language of this browser, and what is kept in it.
 * @prop preferences @prop datasets For the names of what is kept
 */
export class SettingsView extends Gadget<Record<string, never>> {
  static override styles = [
    gadgetStyles,
    viewStyles,
    css`
      fieldset {
        margin: 16px 0 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
        margin-bottom: 6px;
        font-weight: 500;
      }
      .choices {
        display: inline-flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .choices label {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 32px;
        padding: 0 12px;
        border: 1px solid var(--exa-border-strong);
        border-radius: var(--exa-radius);
        cursor: pointer;
      }
      .choices label:has(:checked) {
        border-color: var(--exa-accent);
        background: var(--exa-accent-soft);
      }
      .choices label:has(:focus-visible) {
        outline: var(--exa-focus);
        outline-offset: 1px;
      }
      .choices input {
        accent-color: var(--exa-accent);
        margin: 0;
      }
      table {
        width: 100%;
        margin-top: 12px;
        border-collapse: collapse;
      }
      th,
      td {
        height: var(--exa-row);
        padding: 0 8px 0 0;
        border-bottom: 1px solid var(--exa-border);
        text-align: start;
        font-weight: 400;
      }
      thead th {
        color: var(--exa-muted);
        font-size: var(--exa-size-meta);
      }
      .end {
        text-align: end;
      }
      .meter {
        height: 6px;
        margin: 8px 0 4px;
        border-radius: 3px;
        background: var(--exa-hover);
        overflow: hidden;
      }
      .meter > span {
        display: block;
        height: 100%;
        background: var(--exa-accent);
      }
      .ways {
        margin-top: 12px;
      }
      .whole {
        grid-column: 1 / -1;
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    preferences: { attribute: false },
    datasets: { attribute: false },
    report: { state: true },
  };

  declare preferences: PreferenceStore;
  declare datasets: readonly DatasetSummary[];
  declare report: StorageReport | undefined;

  constructor() {
    super();
    this.preferences = openPreferences(null);
    this.datasets = [];
    updateWhenLocaleChanges(this);
  }

  protected override initialState(): Record<string, never> {
    return {};
  }

  override connectedCallback(): void {
    super.connectedCallback();
    queueMicrotask(() => void this.#read());
  }

  protected override ownPhase(): Gadget['phase'] {
    return 'ready';
  }

  async #read(): Promise<void> {
    const { client } = this;
    if (!client) return;
    const report = await this.job('storage', () => client.storage());
    if (report) this.report = report;
  }

  async #forget(dataset?: string): Promise<void> {
    const { client } = this;
    if (!client) return;
    await this.job('forget', () => client.forget(dataset));
    await this.#read();
  }

  protected override view(): unknown {
    const { appearance, density, language } = this.preferences.get();
    return html`<div class="columns">
      <section class="cell half" aria-labelledby="look">
        <h2 id="look">${msg('Appearance')}</h2>
        ${this.#choices('appearance', msg('Colours'), appearance, [
          ['system', msg('System')],
          ['light', msg('Light')],
          ['dark', msg('Dark')],
        ])}
        ${this.#choices('density', msg('Density'), density, [
          ['compact', msg('Compact')],
          ['default', msg('Default')],
          ['touch', msg('Touch')],
        ])}
        ${this.#choices('language', msg('Language'), language, [['', msg('As the browser')], ...languages])}
      </section>
      <section class="cell half" aria-labelledby="kept">
        <h2 id="kept">${msg('Kept on this device')}</h2>
        ${this.report ? this.#storage(this.report) : nothing}
      </section>
      <section class="cell whole" aria-labelledby="embed">
        <h2 id="embed">${msg('In other pages')}</h2>
        <exa-embed-settings
          .datasets=${this.datasets.filter(({ id }) => !isLocal(id))}
          store=${this.ownerDocument.location.origin}
        ></exa-embed-settings>
      </section>
    </div>`;
  }

  #choices(
    name: 'appearance' | 'density' | 'language',
    legend: string,
    current: string,
    choices: readonly (readonly [string, string])[],
  ): unknown {
    return html`<fieldset>
      <legend>${legend}</legend>
      <div class="choices">
        ${choices.map(
          ([value, label]) => html`<label lang=${name === 'language' && value !== '' ? value : nothing}>
            <input
              type="radio"
              name=${name}
              value=${value}
              .checked=${value === current}
              @change=${() => {
                this.preferences.set({ [name]: value } as Partial<Preferences>);
                this.requestUpdate();
              }}
            />${label}
          </label>`,
        )}
      </div>
    </fieldset>`;
  }

  #storage(report: StorageReport): unknown {
    const formats = formatsFor(this);
    const share = report.maxBytes > 0 ? Math.min(1, report.bytes / report.maxBytes) : 0;
    return html`
      ${report.keeps === 'memory' ? html`<p>${msg('IndexedDB is blocked here: pages stay in memory.')}</p>` : nothing}
      <div class="meter" aria-hidden="true"><span style=${styleMap({ width: `${share * 100}%` })}></span></div>
      <p class="meta">${formats.bytes(report.bytes)} / ${formats.bytes(report.maxBytes)}</p>
      ${
        report.datasets.length === 0
          ? html`<p class="meta">${msg('Nothing yet: pages are kept as you look at data.')}</p>`
          : html`<table>
                <thead>
                  <tr>
                    <th scope="col">${msg('Data set')}</th>
                    <th scope="col" class="end">${msg('Pages')}</th>
                    <th scope="col" class="end">${msg('Size')}</th>
                    <th scope="col"><span class="hidden-text">${msg('Actions')}</span></th>
                  </tr>
                </thead>
                <tbody>
                  ${report.datasets.map(({ id, name: given, pages, bytes }) => {
                    const name = this.datasets.find((one) => one.id === id)?.profile.label || given;
                    return html`<tr>
                      <th scope="row">${name}</th>
                      <td class="end">${formats.number(pages)}</td>
                      <td class="end">${formats.bytes(bytes)}</td>
                      <td class="end">
                        ${
                          isLocal(id)
                            ? html`<a href=${printWorkspace(goTo('datasets'))}>${msg('Data sets')}</a>`
                            : html`<button class="button quiet" aria-label="${msg('Forget')} ${name}" @click=${() => void this.#forget(id)}>
                          ${msg('Forget')}
                        </button>`
                        }
                      </td>
                    </tr>`;
                  })}
                </tbody>
              </table>
              <p class="ways">
                <button class="button" @click=${() => void this.#forget()}>${msg('Forget all')}</button>
              </p>`
      }
    `;
  }
}

defineGadget('exa-settings', SettingsView);
