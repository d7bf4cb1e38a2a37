import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { type AnswerTable, openAnswer } from '../../arrow/answer-table.ts';
import { toExaError } from '../../protocol/errors.ts';
import type { Citation } from '../../protocol/saved-view.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { icon } from '../icons.ts';
import { cardMenu, type TakeAway } from '../take-away/take-away.ts';

/** Which citation is shown. */
export interface CiteState {
  readonly id: string;
}

/** Most rows drawn; all of them can be downloaded. */
const maxRows = 500;

interface Cited {
  readonly citation: Citation;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly table: AnswerTable;
  /** The bytes are those that were hashed when they were kept. */
  readonly intact: boolean;
}

/**
 * An answer as it was cited, whatever was written since, beside whether the same question says the same now. One that nobody
 * keeps any more says so.
 */
export class CiteView extends Gadget<CiteState> {
  static override styles = [
    gadgetStyles,
    css`
      .paper {
        max-width: 900px;
        padding: 16px 20px;
        background: var(--exa-surface);
        border: 1px solid var(--exa-border);
        border-radius: var(--exa-radius);
      }
      header {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      header h2 {
        flex: 1;
        overflow-wrap: anywhere;
      }
      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 2px 16px;
        margin: 8px 0 12px;
      }
      dt {
        color: var(--exa-muted);
      }
      dd {
        overflow-wrap: anywhere;
      }
      code {
        font: 12px var(--exa-mono);
      }
      .now {
        display: flex;
        align-items: center;
        gap: 8px;
        margin-bottom: 12px;
      }
      .table {
        max-height: 60vh;
        overflow: auto;
      }
      table {
        border-collapse: collapse;
      }
      th,
      td {
        padding: 4px 12px 4px 0;
        border-bottom: 1px solid var(--exa-border);
        text-align: start;
        font-weight: 400;
      }
      th {
        color: var(--exa-muted);
      }
      .number {
        text-align: end;
      }
    `,
  ];
  static override properties = {
    cited: { state: true },
    now: { state: true },
  };

  declare cited: Cited | undefined;
  declare now: 'same' | 'other' | 'unknown' | undefined;

  constructor() {
    super();
    this.service(() => this.#load());
  }

  protected override initialState(): CiteState {
    return { id: '' };
  }

  protected override onStateChange(): Promise<void> {
    return this.#load();
  }

  override takeAway(): TakeAway | undefined {
    const { cited } = this;
    if (!cited) return undefined;
    const { title, columns, coverage } = cited.citation;
    return {
      title,
      data: {
        what: { kind: 'table', bytes: cited.bytes, coverage },
        columns: this.#columns(cited) ?? columns,
      },
    };
  }

  async #load(): Promise<void> {
    const { id } = this.state;
    await this.updateComplete;
    const keep = this.client?.keep;
    if (!keep || id === '' || this.cited?.citation.id === id) return;
    await this.job('load', async (signal) => {
      this.cited = undefined;
      this.now = undefined;
      const citation = await keep.citation(id);
      const bytes = bytesOf(citation.answer);
      const intact = (await hexHash(bytes)) === citation.hash;
      signal.throwIfAborted();
      this.cited = { citation, bytes, table: openAnswer(bytes.slice()), intact };
      void this.#compare(this.cited);
    });
  }

  /** Asks the question again, of the data as they are. */
  async #compare(cited: Cited): Promise<void> {
    try {
      const answer = await this.client?.ask(cited.citation.question);
      if (!answer || this.cited !== cited) return;
      this.now = isSame(cited.table, openAnswer(answer.bytes)) ? 'same' : 'other';
    } catch {
      this.now = 'unknown';
    }
  }

  protected override ownPhase(phase: Gadget['phase']): Gadget['phase'] {
    return this.state.id !== '' && !this.cited && phase !== 'failed'
      ? 'loading'
      : phase === 'idle'
        ? 'ready'
        : phase;
  }

  protected override hasPicture(): boolean {
    return this.cited !== undefined || this.state.id === '';
  }

  protected override view(): unknown {
    const { cited } = this;
    if (!cited)
      return html`<div class="paper"><h2>${msg('No citation')}</h2><p>${msg('A card’s menu (“Cite”) makes one: the answer is kept as it is, and its link shows the same digits later.')}</p></div>`;
    const { citation, intact } = cited;
    const formats = formatsFor(this);
    const version = formats.number(citation.coverage.version);
    return html`<article class="paper">
      <header><h2>${citation.title}</h2>${cardMenu(this)}</header>
      <dl>
        <dt>${msg('Data set')}</dt>
        <dd>${citation.dataset.name} · ${msg(str`version ${version}`)}</dd>
        <dt>${msg('As of')}</dt>
        <dd>${formats.moment(Date.parse(citation.coverage.asOf))}</dd>
        <dt>${msg('Cited')}</dt>
        <dd>${formats.moment(Date.parse(citation.at))}</dd>
        <dt>SHA-256</dt>
        <dd><code>${citation.hash}</code></dd>
      </dl>
      ${intact ? nothing : html`<p class="now" role="alert">${icon('alert')}${msg('These bytes are not those that were cited: do not rely on them.')}</p>`}
      <p class="now" role="status">${this.#nowWords()}</p>
      ${this.#table(cited)}
      <p><a href=${citation.workspace}>${msg('Open the view as it is now')}</a></p>
    </article>`;
  }

  #nowWords(): unknown {
    switch (this.now) {
      case 'same':
        return html`${icon('check')}${msg('The data say the same now.')}`;
      case 'other':
        return html`${icon('info')}${msg('The data have changed since: now the same question has another answer. Below is what was cited.')}`;
      case 'unknown':
        return html`${icon('info')}${msg('The question can no longer be asked of these data. Below is what was cited.')}`;
      default:
        return html`${icon('clock')}${msg('Asking again …')}`;
    }
  }

  #columns({ citation, table }: Cited): Citation['columns'] {
    return citation.columns.filter(({ id }) => table.has(id));
  }

  #table(cited: Cited): unknown {
    const { table } = cited;
    const columns = this.#columns(cited);
    const formats = formatsFor(this);
    const isNumber = (id: string): boolean =>
      !['text', 'date', 'timestamp', 'bool'].includes(table.type(id).kind);
    const rows = Math.min(maxRows, table.rows);
    return html`<div class="table" tabindex="0" role="region" aria-label=${msg('What was cited')}>
      <table>
        <thead>
          <tr>
            ${columns.map(({ id, name }) => html`<th scope="col" class=${isNumber(id) ? 'number' : ''}>${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${Array.from(
            { length: rows },
            (_, row) => html`<tr>
              ${columns.map(
                ({ id }) =>
                  html`<td class=${isNumber(id) ? 'number' : ''}>${formats.cell(table.exact(id, row) || null, table.type(id))}</td>`,
              )}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}

function isSame(one: AnswerTable, other: AnswerTable): boolean {
  if (one.rows !== other.rows || one.names.some((name) => !other.has(name))) return false;
  return one.names.every((name) =>
    Array.from({ length: one.rows }, (_, row) => row).every(
      (row) => one.exact(name, row) === other.exact(name, row),
    ),
  );
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch (error) {
    throw toExaError(error);
  }
}

async function hexHash(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

defineGadget('exa-cite', CiteView);
