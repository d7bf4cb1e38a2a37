import { localized, msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyDeclarations } from 'lit';
import {
  type Against,
  type PeriodChoice,
  parsePeriod,
  periodPresets,
  printPeriod,
} from '../../protocol/period.ts';
import { formatsFor } from '../format.ts';
import { icon } from '../icons.ts';
import '../popover-panel.ts';
import type { PopoverPanel } from '../popover-panel.ts';
import { sharedStyles } from '../theme/base.styles.ts';

const dayMs = 86_400_000;

/** A choice in words. */
export function periodWords(choice: PeriodChoice | undefined): string {
  if (!choice) return msg('All time');
  if (choice.kind === 'last') {
    const count = String(choice.count);
    return choice.unit === 'day' ? msg(str`Last ${count} days`) : msg(str`Last ${count} months`);
  }
  if (choice.kind === 'this')
    return { month: msg('This month'), quarter: msg('This quarter'), year: msg('This year') }[choice.unit];
  if (choice.kind === 'past')
    return { month: msg('Previous month'), quarter: msg('Previous quarter'), year: msg('Previous year') }[
      choice.unit
    ];
  return msg('Custom');
}

const compared = ['before', 'year', 'nothing'] as const;

function comparedWords(one: (typeof compared)[number]): string {
  return { before: msg('the period before'), year: msg('the same days last year'), nothing: msg('nothing') }[
    one
  ];
}

/**
 * Chooses the span of time a view is about; relative spans count from the newest row.
 * @prop choice @prop newest UTC ms of the newest row @prop compare @prop against @event exa-period `{ choice }`
 * @event exa-compare `{ compare, against }`
 */
export class PeriodPicker extends LitElement {
  static override styles = [
    ...sharedStyles,
    css`
      .list,
      form {
        min-width: 280px;
      }
      .list {
        display: grid;
        gap: 2px;
      }
      .option {
        display: flex;
        align-items: center;
        gap: 8px;
        width: 100%;
        min-height: 32px;
        padding: 0 8px;
        border: 0;
        border-radius: 4px;
        background: none;
        text-align: start;
        cursor: pointer;
      }
      .option:hover {
        background: var(--exa-hover);
      }
      .option .icon {
        visibility: hidden;
      }
      .option[aria-pressed='true'] .icon {
        visibility: visible;
      }
      form {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
        margin-top: 8px;
        padding-top: 8px;
        border-top: 1px solid var(--exa-border);
      }
      label {
        display: grid;
        gap: 4px;
        font-size: var(--exa-size-meta);
        color: var(--exa-muted);
      }
      input[type='date'] {
        min-height: 32px;
        min-width: 0;
        padding: 0 6px;
        border: 1px solid var(--exa-border-strong);
        border-radius: 4px;
        background: var(--exa-surface);
        color: var(--exa-text);
      }
      form .button,
      form .wrong,
      .compare {
        grid-column: 1 / -1;
      }
      .compare {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 32px;
        margin-top: 8px;
        padding-top: 8px;
        border-top: 1px solid var(--exa-border);
        font-size: var(--exa-size-body);
        color: var(--exa-text);
      }
      .compare select {
        flex: 1;
        min-height: 32px;
        min-width: 0;
        padding: 0 6px;
        border: 1px solid var(--exa-border-strong);
        border-radius: 4px;
        background: var(--exa-surface);
        color: var(--exa-text);
      }
      .wrong {
        color: var(--exa-danger);
        font-size: var(--exa-size-meta);
      }
      @media (max-width: 719px) {
        [slot='trigger'] {
          padding: 0 8px;
        }
        [slot='trigger'] > .icon:first-child {
          display: none;
        }
        .word {
          max-width: min(120px, 31vw);
          overflow: hidden;
          text-overflow: ellipsis;
          white-space: nowrap;
        }
      }
      @media (max-width: 379px) {
        .word {
          max-width: 60px;
        }
      }
    `,
  ];

  static override properties: PropertyDeclarations = {
    choice: { attribute: false },
    newest: { attribute: false },
    compare: { type: Boolean },
    against: { attribute: false },
    wrong: { state: true },
  };

  declare choice: PeriodChoice | undefined;
  declare newest: number | undefined;
  declare compare: boolean;
  declare against: Against | undefined;
  declare wrong: boolean;

  constructor() {
    super();
    this.compare = true;
    this.wrong = false;
  }

  protected override render(): unknown {
    const formats = formatsFor(this);
    const between = this.choice?.kind === 'between' ? this.choice : undefined;
    const current = this.choice ? printPeriod(this.choice) : '';
    const lastDay = between?.to === undefined ? undefined : dayBefore(between.to);
    const word =
      between?.from !== undefined && between.to !== undefined
        ? formats.period(Date.parse(between.from), Date.parse(between.to))
        : periodWords(this.choice);
    return html`
      <exa-popover-panel side="end" label=${msg('Period')}>
        <button slot="trigger" class="button quiet">
          ${icon('calendar')}<span class="hidden-text">${msg('Period')}:</span><span class="word">${word}</span>${icon('chevron-down')}
        </button>
        ${
          this.newest === undefined
            ? nothing
            : html`<p class="meta">${msg(str`Counted back from the newest row, ${formats.date(this.newest)}`)}</p>`
        }
        <div class="list">
          ${[undefined, ...periodPresets].map(
            (preset) => html`<button
              class="option"
              aria-pressed=${String((preset ? printPeriod(preset) : '') === current)}
              @click=${() => this.#choose(preset)}
            >
              ${icon('check')}${periodWords(preset)}
            </button>`,
          )}
        </div>
        <form @submit=${this.#custom}>
          <label>${msg('From')}<input type="date" name="from" .value=${between?.from ?? ''} /></label>
          <label>${msg('To')}<input type="date" name="to" .value=${lastDay ?? ''} /></label>
          ${this.wrong ? html`<p class="wrong" role="alert">${msg('The end is before the beginning.')}</p>` : nothing}
          <button class="button">${msg('Apply')}</button>
        </form>
        <label class="compare">
          ${msg('Compare with')}
          <select @change=${this.#compare}>
            ${compared.map(
              (one) =>
                html`<option value=${one} ?selected=${one === (this.compare ? (this.against ?? 'before') : 'nothing')}>
                  ${comparedWords(one)}
                </option>`,
            )}
          </select>
        </label>
      </exa-popover-panel>
    `;
  }

  #choose(choice: PeriodChoice | undefined): void {
    this.wrong = false;
    this.renderRoot.querySelector<PopoverPanel>('exa-popover-panel')?.show(false);
    this.dispatchEvent(new CustomEvent('exa-period', { detail: { choice } }));
  }

  #custom(event: SubmitEvent): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const from = String(form.get('from') ?? '');
    const last = String(form.get('to') ?? '');
    const empty = from === '' && last === '';
    const choice = empty ? undefined : parsePeriod(`${from}..${last === '' ? '' : dayAfter(last)}`);
    this.wrong = !empty && choice === undefined;
    if (!this.wrong) this.#choose(choice);
  }

  #compare(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    const detail = { compare: value !== 'nothing', against: value === 'year' ? 'year' : undefined };
    this.dispatchEvent(new CustomEvent('exa-compare', { detail }));
  }
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + dayMs).toISOString().slice(0, 10);
}

function dayBefore(day: string): string {
  return new Date(Date.parse(day) - dayMs).toISOString().slice(0, 10);
}

localized()(PeriodPicker);
if (!customElements.get('exa-period-picker')) customElements.define('exa-period-picker', PeriodPicker);
