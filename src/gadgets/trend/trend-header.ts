import { msg } from '@lit/localize';
import { html } from 'lit';
import { type TimeUnit, timeUnits } from '../../protocol/query.ts';
import { icon } from '../icons.ts';
import { unitWord } from './trend-words.ts';

/** What stands above a trend. */
export interface TrendHeader {
  readonly name: string;
  /** The bin under the pointer and its value, as text. */
  readonly readout: string;
  /** Undefined until the span is known. */
  readonly unit: TimeUnit | undefined;
  readonly units: readonly TimeUnit[];
  /** Shown as a table. */
  readonly table: boolean;
  readonly choose: (unit: TimeUnit) => void;
  readonly turn: () => void;
  /** The card's menu. */
  readonly menu: unknown;
}

export function trendHeader(header: TrendHeader): unknown {
  const choose = (event: Event): void => {
    const unit = timeUnits.find((one) => one === (event.target as HTMLSelectElement).value);
    if (unit) header.choose(unit);
  };
  return html`<header>
    <h3>${header.name}</h3>
    <span class="readout">${header.readout}</span>
    <select aria-label=${msg('Group by')} ?hidden=${header.units.length === 0} @change=${choose}>
      ${header.units.map(
        (one) => html`<option value=${one} ?selected=${one === header.unit}>${unitWord(one)}</option>`,
      )}
    </select>
    <button class="button quiet toggle" aria-pressed=${header.table} @click=${header.turn}>
      ${icon('table')}<span class="hidden-text">${msg('Show as a table')}</span>
    </button>
    ${header.menu}
  </header>`;
}
