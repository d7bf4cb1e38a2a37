import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import type { ColumnType, Literal } from '../../protocol/column.ts';
import type { Measure } from '../../protocol/profile.ts';
import type { Formats } from '../format.ts';
import { icon } from '../icons.ts';
import { compactMeasure, exactMeasure } from '../measure.ts';
import { lengthOf } from './bar-rows.ts';
import type { Choice } from './bars.query.ts';

/** A bar as it is drawn: a value of the column, or (undefined) all the rest together. */
export interface Bar {
  readonly value: Literal | undefined;
  /** NaN for none. */
  readonly amount: number;
  readonly exact: string;
  /** What it is compared with, drawn behind it. */
  readonly ghost: number | undefined;
  /** The amount that fills the width. */
  readonly longest: number;
  /** Of the measure's values. */
  readonly type: ColumnType;
  readonly measure: Measure;
  readonly currency: string | undefined;
  readonly choice: Choice | undefined;
  readonly formats: Formats;
  readonly toggle: (value: Literal, exclude: boolean) => void;
  /** Shows the rows behind it; undefined: of the rest. */
  readonly drill: (value: Literal | undefined) => void;
}

/**
 * A bar's list item: pressed it includes its value, with a modifier or the minus key it excludes it; R, or the button that
 * shows with the pointer, shows its rows.
 */
export function barOf(bar: Bar): unknown {
  const { formats, measure, choice, toggle } = bar;
  const amount = Number.isNaN(bar.amount) ? null : bar.amount;
  const text = compactMeasure(formats, inColumn(measure), whole(amount), undefined);
  const exact = exactMeasure(formats, measure, bar.exact || null, bar.currency, bar.type);
  if (bar.value === undefined)
    return html`<li><div class="bar rest">
      <span class="name">${msg('Other')}</span><span class="amount" title=${exact}>${text}</span>
    </div>${behind(bar, msg('Other'))}</li>`;
  const { value } = bar;
  const chosen = choice?.values.includes(value) ?? false;
  const out = chosen && choice?.excluded === true;
  const name = valueText(value);
  // What is read out begins with what is seen.
  const shown = `${name} ${text}`;
  const classes = {
    bar: true,
    absent: value === null,
    chosen: chosen && !out,
    out,
    off: out || (choice !== undefined && !choice.excluded && !chosen),
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key === 'r' || event.key === 'R') bar.drill(value);
    if (event.key !== '-' && event.key !== 'Delete') return;
    event.preventDefault();
    toggle(value, true);
  };
  return html`<li><button
    class=${classMap(classes)}
    aria-keyshortcuts="R"
    aria-pressed=${chosen}
    aria-label=${out ? msg(str`${shown}, ${exact}, excluded`) : `${shown}, ${exact}`}
    title="${name} · ${exact}"
    @click=${(event: MouseEvent) =>
      toggle(value, event.altKey || event.ctrlKey || event.metaKey || event.shiftKey)}
    @keydown=${key}
  >
    ${track(bar)}<span class="name">${name}</span>
    ${chosen ? html`<span class="mark">${icon(out ? 'minus' : 'check')}</span>` : nothing}
    <span class="amount">${text}</span>
  </button>${behind(bar, name)}</li>`;
}

/** The button of a bar's rows, for the pointer; the keyboard, and who does not see it, have R. */
function behind({ value, drill }: Bar, name: string): unknown {
  const label = msg(str`Show the rows of ${name}`);
  return html`<button class="behind" tabindex="-1" aria-hidden="true" title=${label} @click=${() => drill(value)}>
    ${icon('rows')}
  </button>`;
}

function track({ amount, ghost, longest }: Bar): unknown {
  const length = lengthOf(amount, longest);
  const before = lengthOf(ghost ?? 0, longest);
  return html`<span class="track" aria-hidden="true">
    ${before > 0 ? html`<span class="ghost" style="width:${before}%"></span>` : nothing}
    <span class=${length > 0 ? 'now' : 'now none'} style="width:${length}%"></span>
  </span>`;
}

/** A value as a bar says it. */
export function valueText(value: Literal): string {
  if (value === null) return msg('No value');
  if (typeof value === 'boolean') return value ? msg('Yes') : msg('No');
  return value === '' ? msg('Empty text') : String(value);
}

/** In a column the currency is said once, in the exact value. */
function inColumn(measure: Measure): Measure {
  return measure.format === 'money' ? { ...measure, format: 'number' } : measure;
}

/** No cents from a thousand on. */
function whole(amount: number | null): number | null {
  return amount !== null && Math.abs(amount) >= 1000 ? Math.round(amount) : amount;
}
