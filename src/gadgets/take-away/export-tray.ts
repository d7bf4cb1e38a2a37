import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyDeclarations } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { styleMap } from 'lit/directives/style-map.js';
import { toExaError } from '../../protocol/errors.ts';
import type { ExportDone, ExportProgress } from '../../protocol/export.ts';
import { formatsFor } from '../format.ts';
import { icon } from '../icons.ts';
import { sharedStyles } from '../theme/base.styles.ts';

/** One file in the tray. */
interface Entry {
  readonly id: number;
  name: string;
  phase: 'writing' | 'done' | 'failed' | 'cancelled';
  done: number;
  /** What is said below the name. */
  words: string;
  notes: readonly string[];
  cancel?: () => void;
}

/** What whoever writes a file tells of it. */
export interface TrayEntry {
  progress(progress: ExportProgress): void;
  done(name: string, done: ExportDone): void;
  failed(error: unknown): void;
  cancelled(): void;
}

/** How long a file that is whole and without any doubt is announced, in ms. */
const announcedMs = 8000;

/** Files being written, and how they ended: in a corner of the window, above everything, in the way of nothing. */
export class ExportTray extends LitElement {
  static override styles = [
    ...sharedStyles,
    css`
      :host {
        position: fixed;
        z-index: 60;
        right: 12px;
        bottom: 12px;
        width: min(360px, calc(100vw - 24px));
      }
      ul {
        display: grid;
        gap: 8px;
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 2px 8px;
        align-items: center;
        padding: 8px 8px 8px 12px;
        background: var(--exa-raised);
        border: 1px solid var(--exa-border);
        border-radius: var(--exa-radius);
        box-shadow: 0 4px 16px rgb(0 0 0 / 12%);
      }
      .name {
        overflow: hidden;
        font-weight: 500;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .words,
      .note,
      .bar {
        grid-column: 1 / -1;
      }
      .note {
        display: flex;
        gap: 6px;
        color: var(--exa-warning);
        font-size: var(--exa-size-meta);
      }
      .failed .words {
        color: var(--exa-danger);
      }
      .bar {
        height: 2px;
        background: var(--exa-hover);
      }
      .bar > span {
        display: block;
        height: 100%;
        background: var(--exa-accent);
        transform-origin: left;
      }
      @media (max-width: 719px) {
        :host {
          bottom: 64px;
        }
      }
      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];
  static override properties: PropertyDeclarations = { entries: { state: true } };

  declare entries: readonly Entry[];
  #last = 0;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.entries = [];
  }

  begin(name: string, cancel: () => void): TrayEntry {
    const entry: Entry = { id: ++this.#last, name, phase: 'writing', done: 0, words: '', notes: [], cancel };
    this.entries = [...this.entries, entry];
    const change = (part: Partial<Entry>): void => {
      Object.assign(entry, part);
      this.requestUpdate();
    };
    const formats = formatsFor(this);
    return {
      progress: ({ done, rows, bytes }) => {
        const count = formats.number(rows);
        change({ done, words: msg(str`${count} rows · ${formats.bytes(bytes)}`) });
      },
      done: (final, done) => {
        const count = formats.number(done.rows);
        const words = msg(str`Saved: ${count} rows · ${formats.bytes(done.bytes)}`);
        const notes = this.#notesOf(done);
        change({ name: final, phase: 'done', done: 1, words, notes, cancel: undefined });
        if (notes.length === 0) setTimeout(() => this.#remove(entry), announcedMs);
      },
      failed: (error) => change({ phase: 'failed', words: toExaError(error).message, cancel: undefined }),
      cancelled: () => this.#remove(entry),
    };
  }

  failed(name: string, error: unknown): void {
    this.begin(name, () => {}).failed(error);
  }

  /** What a reader of the file must know of it. */
  #notesOf({ coverage, order, cut }: ExportDone): string[] {
    const formats = formatsFor(this);
    const notes: string[] = [];
    if (coverage.blocks < coverage.blocksTotal) {
      const [here, all] = [formats.number(coverage.blocks), formats.number(coverage.blocksTotal)];
      notes.push(msg(str`Not complete: ${here} of ${all} blocks were here, the store could not be reached.`));
    } else if (coverage.mixed)
      notes.push(msg('Rows changed while the file was written: it is not of one moment. Download it again.'));
    if (order === 'arrival')
      notes.push(msg('Too many rows to be sorted here: they are in the order they came.'));
    if (cut > 0) {
      const count = formats.number(cut);
      notes.push(msg(str`${count} texts were cut to 32,767 characters, as Excel allows no more.`));
    }
    return notes;
  }

  #remove(entry: Entry): void {
    this.entries = this.entries.filter((one) => one !== entry);
  }

  protected override render(): unknown {
    return html`<div role="status" aria-label=${msg('Downloads')}>
      <ul>
        ${repeat(
          this.entries,
          ({ id }) => id,
          (entry) => this.#entry(entry),
        )}
      </ul>
    </div>`;
  }

  #entry(entry: Entry): unknown {
    const { name, phase, done, words, notes, cancel } = entry;
    return html`<li class=${phase}>
      <span class="name" title=${name}>${name}</span>
      ${
        cancel
          ? html`<button class="button quiet small" @click=${cancel}>${msg('Cancel')}</button>`
          : html`<button class="button quiet small" @click=${() => this.#remove(entry)}>
              ${icon('x')}<span class="hidden-text">${msg('Dismiss')}</span>
            </button>`
      }
      <span class="meta words">${words || msg('Beginning')}</span>
      ${notes.map((note) => html`<span class="note">${icon('alert')}<span>${note}</span></span>`)}
      ${
        phase === 'writing'
          ? html`<span class="bar" aria-hidden="true"><span style=${styleMap({ transform: `scaleX(${done})` })}></span></span>`
          : nothing
      }
    </li>`;
  }
}

if (!customElements.get('exa-export-tray')) customElements.define('exa-export-tray', ExportTray);

/** The tray of this page, made when it is first needed. */
export function exportTray(): ExportTray {
  const found = document.querySelector<ExportTray>('exa-export-tray');
  if (found) return found;
  const made = new ExportTray();
  document.body.append(made);
  return made;
}
