import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { html, nothing, type PropertyDeclarations } from 'lit';
import type { StorageReport } from '../../protocol/client.ts';
import { type ExaError, toExaError } from '../../protocol/errors.ts';
import type { DatasetSummary, Head } from '../../protocol/head.ts';
import { isLocal } from '../../protocol/local.ts';
import { type Part, parts, type Role, roles } from '../../protocol/profile.ts';
import { goTo } from '../../protocol/workspace.ts';
import { printWorkspace } from '../../protocol/workspace-url.ts';
import { ArraysController } from '../arrays-controller.ts';
import { columnLabel } from '../column-label.ts';
import { formatsFor } from '../format.ts';
import { typeWords } from '../formula/function-words.ts';
import { openFormula } from '../formula/open-formula.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { GadgetLoader } from '../gadget-loader.ts';
import { HeadController } from '../head-controller.ts';
import { icon } from '../icons.ts';
import { roleWords } from '../import/import-words.ts';
import { partWords } from '../part-words.ts';
import { viewStyles } from '../view-base.ts';
import { arrayList } from './array-list.ts';
import './key-names.ts';
import './take-along.ts';
import { datasetsStyles } from './datasets.styles.ts';

/**
 * All data sets: rows, size, version, freshness, keys, what is kept on this device. One that is named has a page of its
 * own: its columns, its rows, and what it plays, which can be chosen here.
 * @prop datasets @prop named The one with the page @prop kept State the workspace keeps for its grid
 */
export class DatasetsView extends Gadget<Record<string, never>> {
  static override styles = [gadgetStyles, viewStyles, datasetsStyles];
  static override properties: PropertyDeclarations = {
    datasets: { attribute: false },
    named: { attribute: false },
    kept: { attribute: false },
    report: { state: true },
    refused: { state: true },
    deleting: { state: true },
    sending: { state: true },
  };

  declare datasets: readonly DatasetSummary[];
  declare named: string | undefined;
  declare kept: object | undefined;
  declare report: StorageReport | undefined;
  /** Why the last change of a profile was not made. */
  declare refused: ExaError | undefined;
  declare sending: string | undefined;
  /** The data set whose deletion waits for a yes. */
  declare deleting: string | undefined;

  readonly #head = new HeadController(this, () => this.#shown()?.id);
  readonly #loader = new GadgetLoader(this);
  readonly #arrays = new ArraysController(this);

  constructor() {
    super();
    this.datasets = [];
    updateWhenLocaleChanges(this);
  }

  protected override initialState(): Record<string, never> {
    return {};
  }

  protected override ownPhase(): Gadget['phase'] {
    return 'ready';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    queueMicrotask(() => void this.#read());
  }

  async #read(): Promise<void> {
    const { client } = this;
    if (!client) return;
    const report = await this.job('storage', () => client.storage());
    if (report) this.report = report;
  }

  #shown(): DatasetSummary | undefined {
    return this.datasets.find(({ id }) => id === this.named);
  }

  protected override view(): unknown {
    const arrays = this.#arrays.arrays ?? [];
    if (this.datasets.length === 0 && arrays.length === 0)
      return html`<div class="cell empty">
        <h2>${msg('No data sets')}</h2>
        <p>${msg('Home says how to bring one in.')}</p>
        <a class="button" href="#/home">${msg('Open Home')}</a>
      </div>`;
    const shown = this.#shown();
    if (shown) return this.#page(shown);
    return html`
      <div class="cell list" role="region" tabindex="0" aria-label=${msg('Data sets')} ?hidden=${this.datasets.length === 0}>
        <table>
          <thead>
            <tr>
              <th scope="col">${msg('Name')}</th>
              <th scope="col">${msg('Plays')}</th>
              <th scope="col" class="end">${msg('Rows')}</th>
              <th scope="col" class="end">${msg('Size')}</th>
              <th scope="col" class="end">${msg('Version')}</th>
              <th scope="col">${msg('Changed')}</th>
              <th scope="col">${msg('Keys')}</th>
              <th scope="col" class="end">${msg('On this device')}</th>
              <th scope="col"><span class="hidden-text">${msg('Actions')}</span></th>
            </tr>
          </thead>
          <tbody>${this.datasets.map((dataset) => this.#row(dataset))}</tbody>
        </table>
      </div>
      ${arrayList(arrays, formatsFor(this))}
    `;
  }

  #row(dataset: DatasetSummary): unknown {
    const formats = formatsFor(this);
    const here = this.report?.datasets.find(({ id }) => id === dataset.id)?.bytes ?? 0;
    const { keys } = dataset.profile;
    const name = dataset.profile.label || dataset.name;
    return html`<tr>
      <th scope="row"><a href=${printWorkspace(goTo('datasets', dataset.id))}>${name}</a>${isLocal(dataset.id) ? html` <span class="here">${msg('on this device')}</span>` : nothing}</th>
      <td>${partWords(dataset.profile.part)}</td>
      <td class="end">${formats.number(dataset.rows)}</td>
      <td class="end">${formats.bytes(dataset.bytes)}</td>
      <td class="end">${formats.number(dataset.version)}</td>
      <td>${formats.moment(Date.parse(dataset.asOf))}</td>
      <td><exa-key-names .source=${keys.length > 0 ? dataset.id : undefined}></exa-key-names></td>
      <td class="end">${here > 0 ? formats.bytes(here) : '—'}</td>
      <td class="end">
        ${
          isLocal(dataset.id)
            ? this.#deleteButton(dataset.id, name)
            : here > 0
              ? html`<button
                class="button quiet"
                aria-label=${msg(str`Forget ${name} on this device`)}
                @click=${() => void this.#forget(dataset.id)}
              >
                ${msg('Forget')}
              </button>`
              : nothing
        }
      </td>
    </tr>`;
  }

  /** Deleting cannot be undone, so it is asked first, in place. */
  #deleteButton(dataset: string, name: string): unknown {
    if (this.deleting !== dataset)
      return html`<button
        class="button quiet"
        aria-label=${msg(str`Delete ${name}`)}
        @click=${() => {
          this.deleting = dataset;
        }}
      >
        ${msg('Delete')}
      </button>`;
    return html`<span class="sure" role="group" aria-label=${msg(str`Delete ${name} for good?`)}>
      <span>${msg('Delete for good?')}</span>
      <button class="button" @click=${() => void this.#drop(dataset)}>${msg('Delete')}</button>
      <button
        class="button quiet"
        @click=${() => {
          this.deleting = undefined;
        }}
      >
        ${msg('Keep')}
      </button>
    </span>`;
  }

  async #drop(dataset: string): Promise<void> {
    const { client } = this;
    if (!client) return;
    this.deleting = undefined;
    await this.job('drop', () => client.drop(dataset));
    await this.#read();
  }

  #page(dataset: DatasetSummary): unknown {
    const head = this.#head.head;
    const formats = formatsFor(this);
    const name = dataset.profile.label || dataset.name;
    const rows = formats.number(dataset.rows);
    return html`<section class="cell detail" aria-labelledby="detail">
      <div class="top">
        <a class="button quiet icon-only" href=${printWorkspace(goTo('datasets'))} aria-label=${msg('All data sets')} title=${msg('All data sets')}>${icon('chevron-left')}</a>
        <h2 id="detail">${name}</h2>
        <span class="meta">${msg(str`${rows} rows`)} · ${formats.bytes(dataset.bytes)} · ${formats.moment(Date.parse(dataset.asOf))}</span>
        <a class="button go" href=${printWorkspace(goTo('explore', dataset.id))}>${msg(str`Explore ${name}`)}</a>
      </div>
      <label class="plays"
        >${msg('What this table plays')}
        <select .value=${dataset.profile.part} ?disabled=${!head} @change=${(event: Event) => void this.#play(head, event)}>
          ${parts.map((part) => html`<option value=${part} ?selected=${part === dataset.profile.part}>${partWords(part)}</option>`)}
        </select>
      </label>
      ${this.sending === undefined ? nothing : html`<p class="meta" role="status">${this.sending}</p>`}
      ${this.refused ? html`<exa-error-card .error=${this.refused} @exa-retry=${() => this.#dismiss()}></exa-error-card>` : nothing}
      ${head ? this.#columns(head) : nothing}
      <exa-take-along dataset=${dataset.id}></exa-take-along>
    </section>
    ${
      this.#loader.has('exa-grid')
        ? html`<exa-grid class="cell rows" id="rows" dataset=${dataset.id} .label=${name} .state=${this.kept ?? {}}></exa-grid>`
        : nothing
    }`;
  }

  #columns(head: Head): unknown {
    const playedBy = (ref: string): readonly Role[] =>
      roles.filter((role) => head.profile.roles[role] === ref);
    return html`<ul class="fields" aria-label=${msg('Columns')}>
      ${head.columns.map(
        ({ id, name, type }) =>
          html`<li>
            <span>${columnLabel(id, head, this.datasets)}</span>
            <span class="meta">${[name, typeWords(type), ...playedBy(id).map(roleWords)].join(' · ')}</span>
          </li>`,
      )}
      ${head.profile.calculated.map(
        ({ label, formula }) =>
          html`<li>
            <span>${icon('table')}${label}</span><span class="meta">${formula}</span>
          </li>`,
      )}
    </ul>
    <div class="formulas">
      <button class="button" @click=${() => void openFormula(this, { dataset: head.id, kind: 'column' })}>${icon('plus')}${msg('New column…')}</button>
      <button class="button" @click=${() => void openFormula(this, { dataset: head.id, kind: 'measure' })}>${icon('plus')}${msg('New measure…')}</button>
      <button class="button quiet" @click=${() => void openFormula(this, { dataset: head.id, kind: 'measure', manage: true })}>${msg('All formulas')}</button>
    </div>`;
  }

  #dismiss(): void {
    this.refused = undefined;
  }

  async #play(head: Head | undefined, event: Event): Promise<void> {
    const chosen = (event.target as HTMLSelectElement).value;
    const part: Part | undefined = parts.find((known) => known === chosen);
    const { client } = this;
    if (!head || !client || !part) return;
    this.refused = undefined;
    try {
      const { kept, stored } = client.write({
        kind: 'profile',
        dataset: head.id,
        profile: { ...head.profile, part },
      });
      stored.catch(() => undefined);
      await kept;
      this.sending = msg('Kept here, not yet stored.');
      await stored;
    } catch (error) {
      this.refused = toExaError(error);
    }
    this.sending = undefined;
  }

  async #forget(dataset: string): Promise<void> {
    const { client } = this;
    if (!client) return;
    await this.job('forget', () => client.forget(dataset));
    await this.#read();
  }
}

defineGadget('exa-datasets', DatasetsView);
