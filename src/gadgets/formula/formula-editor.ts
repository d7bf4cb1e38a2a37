import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { type CheckedFormula, checkFormula } from '../../protocol/check-formula.ts';
import { ExaError, isExaError, toExaError } from '../../protocol/errors.ts';
import type { Head } from '../../protocol/head.ts';
import type { Measure, Profile } from '../../protocol/profile.ts';
import { AnswerController } from '../answer-controller.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { HeadController } from '../head-controller.ts';
import { icon } from '../icons.ts';
import { LinkedHeads } from '../linked-heads.ts';
import { choicesAt } from './completion.ts';
import { editorStyles } from './formula.styles.ts';
import './formula-input.ts';
import type { FormulaFault } from './formula-input.ts';
import { typeWords, unitWords } from './function-words.ts';
import { formatFor, previewColumn, previewQuestion } from './preview.ts';
import { previewTable } from './preview-table.ts';
import {
  type Definition,
  definitionOf,
  definitionsOf,
  freshId,
  isNameTaken,
  usersOf,
  withDefinition,
  withoutDefinition,
} from './profile-edit.ts';

/** What the editor is about, and what was typed so far. */
export interface FormulaEditorState {
  readonly dataset?: string;
  readonly kind: Definition['kind'];
  /** The definition that is changed; left out, a new one is made. */
  readonly id?: string;
  readonly label?: string;
  readonly formula?: string;
  readonly format?: Measure['format'];
  /** Whether the list of what there is is open. */
  readonly list: boolean;
}

const formats: readonly Measure['format'][] = ['number', 'count', 'money', 'percent'];

/** A pause in typing after which a preview is asked for, ms. */
const pauseMs = 300;

/**
 * Adds, changes and removes calculated columns and measures of a table: what is wrong is underlined as it is typed, the
 * first values are shown before anything is kept. Kept in the profile, through the outbox; a removal can be undone.
 * @event exa-formula-saved `{ kind, id }` @event exa-formula-cancel
 */
export class FormulaEditor extends Gadget<FormulaEditorState> {
  static override styles = [gadgetStyles, editorStyles];
  static override properties = {
    asked: { state: true },
    refused: { state: true },
    undo: { state: true },
    sending: { state: true },
  };

  /** The formula previewed: the last one that stood a moment and was right. */
  declare asked: string | undefined;
  declare refused: ExaError | undefined;
  declare sending: boolean;
  /** What the last change replaced, to bring it back. */
  declare undo: { readonly say: string; readonly back: (profile: Profile) => Profile } | undefined;

  readonly #head = new HeadController(this, () => this.state.dataset);
  readonly #linked = new LinkedHeads(this, () => this.#head.head);
  readonly #preview = new AnswerController(this, () => this.#question());
  #timer: ReturnType<typeof setTimeout> | undefined;

  protected override initialState(): FormulaEditorState {
    return { kind: 'column', list: false };
  }

  /** A preview that fails, or waits, leaves the form as it is. */
  protected override ownPhase(phase: Gadget['phase']): Gadget['phase'] {
    return this.#head.head ? 'ready' : this.#head.phase === 'failed' ? 'failed' : phase;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  get #definition(): Definition | undefined {
    const { kind, id } = this.state;
    const head = this.#head.head;
    return head && id !== undefined ? definitionOf(head.profile, kind, id) : undefined;
  }

  get #text(): string {
    return this.state.formula ?? this.#definition?.value.formula ?? '';
  }

  get #label(): string {
    return this.state.label ?? this.#definition?.value.label ?? '';
  }

  #check(head: Head): { readonly checked?: CheckedFormula; readonly fault?: FormulaFault } {
    const text = this.#text;
    if (text.trim() === '') return {};
    const { kind, id } = this.state;
    try {
      return { checked: checkFormula(text, { kind, head, linked: this.#linked.heads, id }) };
    } catch (error) {
      if (!isExaError(error)) throw error;
      const at = typeof error.facts.at === 'number' ? error.facts.at : 0;
      const end = typeof error.facts.end === 'number' ? error.facts.end : text.length;
      return { fault: { at, end, sentence: error.message } };
    }
  }

  #question() {
    const head = this.#head.head;
    const { asked } = this;
    if (!head || asked === undefined) return undefined;
    return previewQuestion(asked, this.state.kind, head);
  }

  protected override willUpdate(): void {
    const head = this.#head.head;
    const text = head && this.#check(head).checked ? this.#text : undefined;
    if (text === this.asked) return;
    clearTimeout(this.#timer);
    if (this.asked === undefined || text === undefined) {
      this.asked = text;
      return;
    }
    this.#timer = setTimeout(() => {
      this.asked = text;
    }, pauseMs);
  }

  protected override view(): unknown {
    const head = this.#head.head;
    if (!head) return nothing;
    const { kind } = this.state;
    const { checked, fault } = this.#check(head);
    const about = fault?.sentence ?? (checked ? typeLine(checked) : '');
    const nameFault = this.#nameFault(head);
    const isWhole = checked !== undefined && this.#label.trim() !== '' && nameFault === '';
    return html`<form @submit=${(event: Event) => this.#submit(event, head, checked)}>
      <div class="top">
        <label class="field"
          >${msg('Name')}
          <input
            name="label"
            autocomplete="off"
            maxlength="100"
            .value=${this.#label}
            aria-invalid=${nameFault ? 'true' : 'false'}
            aria-describedby="name-fault"
            @input=${(event: Event) => void this.changeState({ label: (event.target as HTMLInputElement).value })}
          />
        </label>
        ${kind === 'measure' ? this.#format(checked) : nothing}
      </div>
      <p class="fault" id="name-fault" role="status">${nameFault}</p>
      <div class="field">
        <span aria-hidden="true">${msg('Formula')}</span>
        <exa-formula-input
          .value=${this.#text}
          .label=${msg('Formula')}
          .about=${about}
          .fault=${fault}
          .choices=${(text: string, caret: number) =>
            choicesAt(text, caret, { kind, head, linked: this.#linked.heads, id: this.state.id })}
          @exa-input=${(event: CustomEvent<string>) => void this.changeState({ formula: event.detail })}
          @exa-accept=${() => isWhole && void this.#save(head, checked)}
        ></exa-formula-input>
      </div>
      <p class=${fault ? 'fault' : 'meta'} id="about" role="status">${about || this.#hint()}</p>
      ${this.#previewed(checked, head)}
      ${this.refused ? html`<p class="fault" role="alert">${icon('alert')}${this.refused.message}</p>` : nothing}
      <div class="buttons">
        <button type="button" class="button quiet" @click=${() => this.dispatchEvent(new CustomEvent('exa-formula-cancel', { bubbles: true, composed: true }))}>${msg('Cancel')}</button>
        <button class="button primary" ?disabled=${!isWhole || this.sending}>${this.sending ? msg('Saving…') : msg('Save')}</button>
      </div>
      ${this.#list(head)}
    </form>`;
  }

  #hint(): string {
    return this.state.kind === 'column'
      ? msg('A value a row, such as Quantity * Price. Columns and functions are offered as you type.')
      : msg('A number over many rows, such as sum(Quantity). Columns and functions are offered as you type.');
  }

  #nameFault(head: Head): string {
    const label = this.#label;
    if (label === '' || !isNameTaken(label, head, this.state.id)) return '';
    return msg(str`There is already something called “${label}” in this table.`);
  }

  #format(checked: CheckedFormula | undefined): unknown {
    const words = {
      number: msg('Number'),
      count: msg('Count'),
      money: msg('Money'),
      percent: msg('Percent'),
    };
    const format = this.#chosenFormat(checked);
    return html`<label class="field"
      >${msg('Shown as')}
      <select @change=${(event: Event) => void this.changeState({ format: formats[(event.target as HTMLSelectElement).selectedIndex]! })}>
        ${formats.map((one) => html`<option ?selected=${one === format}>${words[one]}</option>`)}
      </select>
    </label>`;
  }

  #chosenFormat(checked: CheckedFormula | undefined): Measure['format'] {
    const definition = this.#definition;
    if (this.state.format) return this.state.format;
    if (definition?.kind === 'measure' && this.state.formula === undefined) return definition.value.format;
    return checked ? formatFor(checked) : 'number';
  }

  #previewed(checked: CheckedFormula | undefined, head: Head): unknown {
    const { error, table, question } = this.#preview;
    if (error && this.asked !== undefined)
      return html`<p class="fault" role="status">${icon('alert')}${error.message}</p>`;
    if (!checked) return html`<div class="preview empty"></div>`;
    if (!table || !question || !table.has(previewColumn(question)))
      return html`<div class="preview empty" aria-busy="true"></div>`;
    return html`<div class="preview" role="region" tabindex="0" aria-label=${msg('Preview')}>
      ${previewTable({
        table,
        question,
        head,
        linked: this.#linked.heads,
        label: this.#label || msg('New'),
        format: this.#chosenFormat(checked),
        formats: formatsFor(this),
      })}
    </div>`;
  }

  #list(head: Head): unknown {
    const all = definitionsOf(head.profile);
    return html`<details ?open=${this.state.list} @toggle=${(event: Event) => void this.changeState({ list: (event.target as HTMLDetailsElement).open })}>
      <summary>${msg(str`All formulas of ${head.profile.label || head.name} (${all.length})`)}</summary>
      ${this.undo ? html`<p class="undo" role="status">${this.undo.say} <button type="button" class="button quiet" @click=${() => void this.#undo(head)}>${msg('Undo')}</button></p>` : nothing}
      <ul>
        ${all.map(
          ({
            kind,
            value,
          }) => html`<li class=${kind === this.state.kind && value.id === this.state.id ? 'now' : ''}>
            <span class="name">${value.label}</span>
            <code>${value.formula}</code>
            <span class="meta">${kind === 'column' ? msg('Column') : msg('Measure')}</span>
            <button type="button" class="button quiet icon-only" aria-label=${msg(str`Change ${value.label}`)} @click=${() => this.#edit(kind, value.id)}>${icon('edit')}</button>
            <button type="button" class="button quiet icon-only" aria-label=${msg(str`Remove ${value.label}`)} @click=${() => void this.#remove(head, kind, value.id)}>${icon('trash')}</button>
          </li>`,
        )}
      </ul>
    </details>`;
  }

  #edit(kind: Definition['kind'], id: string): void {
    this.refused = undefined;
    this.state = { dataset: this.state.dataset, kind, id, list: this.state.list };
  }

  #submit(event: Event, head: Head, checked: CheckedFormula | undefined): void {
    event.preventDefault();
    void this.#save(head, checked);
  }

  async #save(head: Head, checked: CheckedFormula | undefined): Promise<void> {
    const { kind } = this.state;
    if (!checked) return;
    const label = this.#label.trim();
    const id = this.state.id ?? freshId(label, head);
    const formula = this.#text.trim();
    const definition: Definition =
      kind === 'column'
        ? { kind, value: { id, label, formula } }
        : { kind, value: { id, label, formula, format: this.#chosenFormat(checked) } };
    const before = definitionOf(head.profile, kind, id);
    const written = await this.#write(head, withDefinition(head.profile, definition));
    if (!written) return;
    this.undo = {
      say: msg(str`“${label}” is kept.`),
      back: (profile) => (before ? withDefinition(profile, before) : withoutDefinition(profile, kind, id)),
    };
    this.dispatchEvent(
      new CustomEvent('exa-formula-saved', { bubbles: true, composed: true, detail: { kind, id } }),
    );
  }

  async #remove(head: Head, kind: Definition['kind'], id: string): Promise<void> {
    const before = head.profile;
    const label = definitionOf(before, kind, id)?.value.label ?? id;
    const users = usersOf(head, kind, id);
    if (users.length > 0) {
      const list = formatsFor(this).list(users);
      this.refused = new ExaError(
        'conflict',
        msg(str`“${label}” is used by ${list}: change or remove that first.`),
      );
      return;
    }
    if (!(await this.#write(head, withoutDefinition(before, kind, id)))) return;
    // What named it (a role, a dimension) comes back with it.
    this.undo = { say: msg(str`“${label}” was removed.`), back: () => before };
    if (kind === this.state.kind && id === this.state.id)
      this.state = { dataset: this.state.dataset, kind, list: this.state.list };
  }

  async #undo(head: Head): Promise<void> {
    const { undo } = this;
    if (undo && (await this.#write(head, undo.back(head.profile)))) this.undo = undefined;
  }

  /** Resolves true once the change survives a crash of this browser; what the store refuses is said. */
  async #write(head: Head, profile: Profile): Promise<boolean> {
    const { client } = this;
    if (!client) return false;
    this.refused = undefined;
    this.sending = true;
    try {
      const { kept, stored } = client.write({ kind: 'profile', dataset: head.id, profile });
      stored.catch((error: unknown) => {
        this.refused = toExaError(error);
      });
      await kept;
      return true;
    } catch (error) {
      this.refused = toExaError(error);
      return false;
    } finally {
      this.sending = false;
    }
  }
}

function typeLine({ type, unit }: CheckedFormula): string {
  const words = unitWords(unit);
  const scale =
    type.kind === 'decimal' ? msg(str`${typeWords(type)}, ${type.scale} decimals`) : typeWords(type);
  return words ? msg(str`${scale} · ${words}`) : scale;
}

defineGadget('exa-formula-editor', FormulaEditor);
