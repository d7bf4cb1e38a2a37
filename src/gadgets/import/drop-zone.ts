import { ContextConsumer } from '@lit/context';
import { msg, updateWhenLocaleChanges } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyDeclarations } from 'lit';
import { importClientContext } from '../contexts.ts';
import { icon } from '../icons.ts';
import { sharedStyles } from '../theme/base.styles.ts';

/** A file a person brought: bubbling, composed. */
export type BringEvent = CustomEvent<{ readonly file: File }>;

/** Kinds of files that can be chosen. */
const accepted =
  '.csv,.tsv,.tab,.txt,.gz,.npy,.ndjson,.jsonl,.parquet,.arrow,.arrows,.feather,.xlsx,.xlsm,text/csv,text/tab-separated-values';

/**
 * Where a file is dropped or chosen, or cells are pasted. Offers nothing where no ancestor brings files in.
 * @event exa-bring `{ file }`
 */
export class DropZone extends LitElement {
  static override styles = [
    ...sharedStyles,
    css`
      .zone {
        display: grid;
        justify-items: center;
        gap: 8px;
        padding: 24px 16px;
        border: 1px dashed var(--exa-border-strong);
        border-radius: var(--exa-radius);
        text-align: center;
      }
      .zone.over {
        border-color: var(--exa-accent);
        background: var(--exa-accent-soft);
      }
      .zone > .icon {
        width: 24px;
        height: 24px;
        color: var(--exa-muted);
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 8px;
      }
      .pasting {
        display: grid;
        gap: 8px;
        width: 100%;
        max-width: 640px;
        text-align: start;
      }
      textarea {
        width: 100%;
        min-height: 120px;
        padding: 8px;
        border: 1px solid var(--exa-border-strong);
        border-radius: var(--exa-radius);
        background: var(--exa-surface);
        color: var(--exa-text);
        font: 13px / 1.5 var(--exa-mono);
        white-space: pre;
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    pasting: { state: true },
    over: { state: true },
  };

  declare pasting: boolean;
  declare over: boolean;

  readonly #imports = new ContextConsumer(this, { context: importClientContext, subscribe: true });

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.pasting = false;
    this.over = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.ownerDocument.addEventListener('paste', this.#pasted);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.ownerDocument.removeEventListener('paste', this.#pasted);
  }

  protected override render(): unknown {
    if (!this.#imports.value) return nothing;
    return html`<div
      class="zone ${this.over ? 'over' : ''}"
      @dragover=${() => {
        this.over = true;
      }}
      @dragleave=${() => {
        this.over = false;
      }}
      @drop=${() => {
        this.over = false;
      }}
    >
      ${icon('download')}
      <p>${msg('Drop a CSV, Excel, Parquet, Arrow or .npy file here, or paste cells.')}</p>
      <div class="buttons">
        <button class="button primary" @click=${() => this.#choose()}>${msg('Choose a file')}</button>
        <button
          class="button"
          aria-expanded=${String(this.pasting)}
          @click=${() => {
            this.pasting = !this.pasting;
          }}
        >
          ${msg('Paste cells')}
        </button>
      </div>
      <input
        type="file"
        hidden
        tabindex="-1"
        aria-label=${msg('Choose a file')}
        accept=${accepted}
        @change=${(event: Event) => this.#chosen(event)}
      />
      ${this.pasting ? this.#pasteBox() : nothing}
      <p class="meta">${msg('It is read in this browser. You see it before anything is stored.')}</p>
    </div>`;
  }

  #pasteBox(): unknown {
    return html`<form class="pasting" @submit=${(event: Event) => this.#pasteForm(event)}>
      <label for="cells">${msg('Cells, their column names in the first row')}</label>
      <textarea id="cells" name="cells" spellcheck="false"></textarea>
      <div><button class="button">${msg('Read these cells')}</button></div>
    </form>`;
  }

  #choose(): void {
    this.renderRoot.querySelector<HTMLInputElement>('input[type=file]')?.click();
  }

  #chosen(event: Event): void {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file) this.#bring(file);
    input.value = '';
  }

  #pasteForm(event: Event): void {
    event.preventDefault();
    const text = this.renderRoot.querySelector('textarea')?.value ?? '';
    if (text.trim() !== '') this.#bring(pastedFile(text));
  }

  readonly #pasted = (event: ClipboardEvent): void => {
    const origin = event.composedPath()[0];
    if (origin instanceof HTMLInputElement || origin instanceof HTMLTextAreaElement) return;
    if (!this.#imports.value || event.defaultPrevented) return;
    const file = event.clipboardData?.files[0];
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (file) this.#bring(file);
    else if (text.trim().includes('\n')) this.#bring(pastedFile(text));
    else return;
    event.preventDefault();
  };

  #bring(file: File): void {
    this.dispatchEvent(
      new CustomEvent('exa-bring', { bubbles: true, composed: true, detail: { file } }) satisfies BringEvent,
    );
  }
}

/** Cells of a spreadsheet as its clipboard text has them: tabs between cells, a line a row. */
function pastedFile(text: string): File {
  return new File([text], `${msg('Pasted cells')}.tsv`, { type: 'text/tab-separated-values' });
}

if (!customElements.get('exa-drop-zone')) customElements.define('exa-drop-zone', DropZone);
