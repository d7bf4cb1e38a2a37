import { ContextConsumer } from '@lit/context';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import { ExaError } from '../../protocol/errors.ts';
import type { DatasetSummary } from '../../protocol/head.ts';
import type { ImportDecisions, ImportPlace, ImportPlan, ImportPreview } from '../../protocol/import.ts';
import type { ImportMode } from '../../protocol/import-columns.ts';
import { isLocal } from '../../protocol/local.ts';
import { type Part, parts } from '../../protocol/profile.ts';
import { goTo } from '../../protocol/workspace.ts';
import { importClientContext } from '../contexts.ts';
import { DatasetsController } from '../datasets-controller.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { partWords } from '../part-words.ts';
import { viewStyles } from '../view-base.ts';
import { changeWorkspace } from '../workspace-event.ts';
import './drop-zone.ts';
import { importStyles } from './import.styles.ts';
import { ImportController } from './import-controller.ts';
import { doubtCard, failureCard } from './import-doubts.ts';
import { keyField, modeField, placeField, sheetField } from './import-fields.ts';
import { previewTable } from './import-preview.ts';
import { differenceSentences, progressSentence } from './import-words.ts';

/**
 * Brings a file in: looks at it, lets people mend types and roles and decide doubts, stores it on this device or in
 * the store, whole or not at all, then opens it in Explore.
 * @prop incoming A file that was dropped elsewhere
 */
export class ImportView extends Gadget<Record<string, never>> {
  static override styles = [gadgetStyles, viewStyles, importStyles];
  static override properties: PropertyDeclarations = {
    incoming: { attribute: false },
    name: { state: true },
    place: { state: true },
    mode: { state: true },
    keeping: { state: true },
  };

  declare incoming: File | undefined;
  /** What people typed; undefined: the file's own. */
  declare name: string | undefined;
  declare place: ImportPlace | undefined;
  declare mode: Exclude<ImportMode, 'create'> | undefined;

  /** An array on its way into this browser: its file’s name, and how much of it is there. */
  declare keeping: { readonly name: string; readonly done: number } | undefined;

  readonly #list = new DatasetsController(this);
  readonly #import = new ImportController(this);
  readonly #imports = new ContextConsumer(this, { context: importClientContext, subscribe: true });
  #taken: File | undefined;
  #file: File | undefined;
  #compared = '';

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.addEventListener('exa-bring', (event) => {
      event.stopPropagation();
      this.#open((event as CustomEvent<{ readonly file: File }>).detail.file);
    });
  }

  protected override initialState(): Record<string, never> {
    return {};
  }

  protected override ownPhase(): Gadget['phase'] {
    return 'ready';
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.incoming && this.incoming !== this.#taken && this.#imports.value) {
      this.#taken = this.incoming;
      this.#open(this.incoming);
    }
    this.#compare();
  }

  #open(file: File): void {
    const client = this.#imports.value;
    if (!client) return;
    this.#file = file;
    this.name = undefined;
    this.mode = undefined;
    this.#compared = '';
    if (/\.npy$/i.test(file.name)) {
      this.#import.reset();
      void this.#keepArray(file);
    } else void this.#import.open(client, file);
  }

  /** A `.npy` file, or numbers as text, become an array of this browser and are opened. */
  async #keepArray(file: File): Promise<void> {
    const name = file.name.replace(/\.[^.]+$/, '');
    // What was wrong with the file before is past.
    this.retry();
    this.keeping = { name: file.name, done: 0 };
    const id = await this.job('array', (signal) =>
      this.client!.arrays.keep(file, name, {
        signal,
        progress: (done) => {
          this.keeping = { name: file.name, done };
        },
      }),
    );
    this.keeping = undefined;
    if (id !== undefined && this.isConnected)
      changeWorkspace(this, { period: undefined, record: undefined, ...goTo('array', id) });
  }

  /** Says what a merge would change, once a plan for one stands. */
  #compare(): void {
    const { stage, preview } = this.#import;
    const plan =
      preview && stage === 'preview' && preview.doubts.length === 0 ? this.#plan(preview) : undefined;
    const isMerge = plan && plan.mode !== 'create';
    const key = isMerge ? JSON.stringify(plan) : '';
    if (key === this.#compared) return;
    this.#compared = key;
    void this.#import.compare(isMerge ? plan : undefined);
  }

  get #online(): boolean {
    const connection = this.#list.status?.connection;
    return connection === 'live' || connection === 'updating';
  }

  get #canKeepHere(): boolean {
    return this.#list.status?.keeps !== 'memory';
  }

  get #placeNow(): ImportPlace {
    if (!this.#canKeepHere) return 'store';
    return this.#online ? (this.place ?? 'here') : 'here';
  }

  #nameOf(preview: ImportPreview): string {
    return (this.name ?? preview.name).trim();
  }

  #existing(preview: ImportPreview): DatasetSummary | undefined {
    const name = this.#nameOf(preview);
    const isHere = this.#placeNow === 'here';
    return this.#list.datasets?.find((dataset) => isLocal(dataset.id) === isHere && dataset.name === name);
  }

  /** Undefined while something is still to be chosen. */
  #plan(preview: ImportPreview): ImportPlan | undefined {
    const name = this.#nameOf(preview);
    const existing = this.#existing(preview);
    const mode = existing ? this.mode : 'create';
    if (name === '' || mode === undefined) return undefined;
    const { decisions } = this.#import;
    return { name, place: this.#placeNow, mode, dataset: existing?.id, decisions };
  }

  protected override view(): unknown {
    const { stage, preview, error, fileName } = this.#import;
    if (!this.#imports.value) return html`<p class="cell">${msg('Files cannot be brought in here.')}</p>`;
    const formats = formatsFor(this);
    const choices = {
      decide: (more: ImportDecisions) => this.#decide(more),
      stop: () => this.#import.reset(),
    };
    const failure = error ? failureCard(error, choices, () => this.#decide({}), formats) : nothing;
    if (this.keeping)
      return html`<div class="import">
        <section class="cell import" aria-labelledby="file">
          <h2 id="file">${this.keeping.name}</h2>
          <div class="actions">
            <progress aria-label=${msg('Import')} max="1" .value=${this.keeping.done}></progress>
            <span role="status">${msg('Kept in this browser as an array, and summarised.')}</span>
            <button class="button" @click=${() => void this.job('array', async () => undefined)}>
              ${msg('Cancel')}
            </button>
          </div>
        </section>
      </div>`;
    if (stage === 'choose')
      return html`<div class="import">
        ${error ? html`<p class="meta">${fileName}</p>` : nothing} ${failure}
        <exa-drop-zone></exa-drop-zone>
      </div>`;
    return html`<div class="import">
      <section class="cell import" aria-labelledby="file">
        <div class="top">
          <h2 id="file">${fileName}</h2>
          ${preview ? html`<span class="meta">${this.#facts(preview)}</span>` : nothing}
          <span class="grow"></span>
          <button class="button quiet" ?disabled=${stage === 'storing'} @click=${() => this.#import.reset()}>
            ${msg('Choose another file')}
          </button>
        </div>
        ${stage === 'preview' || stage === 'storing' ? nothing : this.#progress()} ${failure}
        ${preview ? this.#found(preview, choices) : nothing}
      </section>
      ${preview ? this.#how(preview) : nothing}
    </div>`;
  }

  #facts(preview: ImportPreview): string {
    const formats = formatsFor(this);
    const rows = formats.number(preview.rows);
    const columns = formats.number(preview.columns.length);
    return msg(str`${rows} rows, ${columns} columns`);
  }

  #found(preview: ImportPreview, choices: Parameters<typeof doubtCard>[1]): unknown {
    const formats = formatsFor(this);
    const { doubts, notes } = preview;
    return html`
      ${sheetField(preview, choices.decide)}
      ${doubts.length > 0 ? html`<div class="doubts">${doubts.map((doubt) => doubtCard(doubt, choices, formats))}</div>` : nothing}
      ${notes.length > 0 ? html`<ul class="notes meta">${notes.map((note) => html`<li>${note}</li>`)}</ul>` : nothing}
      ${previewTable(preview, choices.decide)}
    `;
  }

  #how(preview: ImportPreview): unknown {
    const { stage } = this.#import;
    const existing = this.#existing(preview);
    const isBusy = stage !== 'preview';
    return html`<section class="cell import" aria-label=${msg('How to keep it')}>
      <div class="how">
        <label class="field"
          ><span>${msg('Name')}</span>
          <input
            type="text"
            maxlength="200"
            .value=${this.name ?? preview.name}
            ?disabled=${isBusy}
            @input=${(event: Event) => {
              this.name = (event.target as HTMLInputElement).value;
              this.mode = undefined;
            }}
          />
        </label>
        <label class="field"
          ><span>${msg('What this table plays')}</span>
          <select .value=${preview.profile.part} ?disabled=${isBusy} @change=${(event: Event) => this.#play(event)}>
            ${parts.map((part) => html`<option value=${part} ?selected=${part === preview.profile.part}>${partWords(part)}</option>`)}
          </select>
        </label>
        ${keyField(preview, isBusy, (more) => this.#decide(more))}
        ${placeField({
          chosen: this.#placeNow,
          possible: { here: this.#canKeepHere, store: this.#online },
          isBusy,
          choose: (place) => {
            this.place = place;
            this.mode = undefined;
          },
        })}
        ${
          existing
            ? modeField({
                existing,
                chosen: this.mode,
                isBusy,
                choose: (mode) => {
                  this.mode = mode;
                },
              })
            : nothing
        }
      </div>
      ${this.#difference(preview)}
      <div class="actions">
        ${stage === 'storing' ? this.#progress() : this.#storeButton(preview)}
        ${stage === 'preview' && this.#isMatrix(preview) ? this.#matrixButton() : nothing}
      </div>
    </section>`;
  }

  /** Whether a text file is nothing but numbers: then it may be an array as well. */
  #isMatrix({ format, columns }: ImportPreview): boolean {
    return (
      format === 'csv' &&
      this.#canKeepHere &&
      !/\.gz$/i.test(this.#file?.name ?? '') &&
      columns.length > 1 &&
      columns.every(({ type }) => type.kind !== 'text' && type.kind !== 'bool' && type.kind !== 'timestamp')
    );
  }

  #matrixButton(): unknown {
    return html`<button class="button" @click=${() => this.#file && void this.#keepArray(this.#file)}>
      ${msg('Keep as an array on this device')}
    </button>`;
  }

  #difference(preview: ImportPreview): unknown {
    const { difference } = this.#import;
    if (!this.mode || !this.#existing(preview)) return nothing;
    if (!difference)
      return preview.doubts.length > 0 || this.#import.error
        ? nothing
        : html`<p class="meta" role="status">${msg('Comparing with what is there.')}</p>`;
    const sentences = differenceSentences(difference, this.mode, formatsFor(this));
    return html`<div class="difference" role="status">${sentences.map((sentence) => html`<p>${sentence}</p>`)}</div>`;
  }

  #storeButton(preview: ImportPreview): unknown {
    const plan = preview.doubts.length === 0 ? this.#plan(preview) : undefined;
    const { difference, stage } = this.#import;
    const lacksKey = plan?.mode === 'upsert' && difference?.keys.length === 0;
    const rows = formatsFor(this).number(preview.rows);
    const waitsFor =
      preview.doubts.length > 0
        ? msg('Decide what is asked above first.')
        : plan === undefined
          ? msg('Give it a name, or choose what happens to the table of that name.')
          : nothing;
    return html`<button
        class="button primary"
        ?disabled=${plan === undefined || stage !== 'preview' || lacksKey || (plan.mode !== 'create' && !difference)}
        @click=${() => plan && void this.#store(plan)}
      >
        ${msg(str`Import ${rows} rows`)}
      </button>
      <span class="meta">${waitsFor}</span>`;
  }

  #progress(): unknown {
    const { progress } = this.#import;
    const formats = formatsFor(this);
    const sentence = progress ? progressSentence(progress, formats) : msg('Reading the file.');
    const { rows = 0, rowsTotal } = progress ?? {};
    return html`<div class="actions">
      <progress
        aria-label=${msg('Import')}
        max="1"
        .value=${rowsTotal === undefined ? 0 : rows / Math.max(1, rowsTotal)}
      ></progress>
      <span role="status">${sentence}</span>
      <button class="button" @click=${() => this.#import.cancel()}>${msg('Cancel')}</button>
    </div>`;
  }

  #decide(more: ImportDecisions): void {
    void this.#import.decide(more);
  }

  #play(event: Event): void {
    const chosen = (event.target as HTMLSelectElement).value;
    const part: Part | undefined = parts.find((known) => known === chosen);
    if (part) this.#decide({ part });
  }

  async #store(plan: ImportPlan): Promise<void> {
    if (plan.place === 'here' && !this.#canKeepHere)
      return this.fail(new ExaError('refused', msg('This browser keeps nothing here.')));
    const done = await this.#import.store(plan);
    if (!done || !this.isConnected) return;
    this.dispatchEvent(new CustomEvent('exa-imported', { bubbles: true, composed: true, detail: done }));
    changeWorkspace(this, { period: undefined, record: undefined, ...goTo('explore', done.dataset) });
  }
}

defineGadget('exa-import', ImportView);
