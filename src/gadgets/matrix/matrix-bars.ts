import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { groupDigits } from '../exact/index-text.ts';
import { icon } from '../icons.ts';
import type { FoundCell } from './matrix-rows.ts';
import { cellsOf, type MatrixCell, type MatrixRange, type MatrixSize } from './matrix-selection.ts';

/** The line above the grid: its name, the box to go to an index, what can be taken away. */
export function matrixBar({
  name,
  isTable,
  bare,
  wrong,
  hasSelection,
  menu,
  go,
  typed,
  copy,
}: {
  readonly name: string;
  /** Whether places have two indices. */
  readonly isTable: boolean;
  readonly bare: boolean;
  /** Why the index asked for is none. */
  readonly wrong: string;
  readonly hasSelection: boolean;
  readonly menu: unknown;
  readonly go: (event: Event) => void;
  readonly typed: () => void;
  readonly copy: () => void;
}): unknown {
  return html`<div class="bar">
    <h3>${name}</h3>
    <form class="go" ?hidden=${bare} @submit=${go}>
      <label for="go">${msg('Go to')}</label>
      <input
        id="go"
        autocomplete="off"
        spellcheck="false"
        placeholder=${isTable ? msg('row, column') : msg('row: 1e17, −1')}
        aria-invalid=${wrong === '' ? 'false' : 'true'}
        aria-describedby="wrong"
        @input=${typed}
      />
      <button class="button small">${msg('Go')}</button>
    </form>
    <span class="spacer"></span>
    <button class="button quiet small" title=${msg('Copy the selected cells')} ?hidden=${!hasSelection} @click=${copy}>
      ${icon('copy')}${msg('Copy')}
    </button>
    ${menu}
    <p class="wrong" id="wrong" role="alert" ?hidden=${wrong === ''}>${wrong}</p>
  </div>`;
}

/** Row and column as typed: "1,000" is one number, "5, 7" is two. */
export function typedPlace(text: string): readonly [row: string, column: string | undefined] {
  const [row = '', column] = text.includes(';') ? text.split(';') : text.split(/,\s+|,(?!\d{3}(?:\D|$))/);
  return [row, column];
}

/** The line below the grid: why an edit was not made, else the cell chosen, else how large the array is. */
export function matrixFoot({
  refused,
  active,
  range,
  size,
  isFlat,
  readonly,
  fill,
  find,
  text,
}: {
  readonly refused: string;
  readonly active: MatrixCell | undefined;
  readonly range: MatrixRange | undefined;
  readonly size: MatrixSize;
  readonly isFlat: boolean;
  readonly readonly: boolean;
  readonly fill: string;
  readonly find: (cell: MatrixCell) => FoundCell | undefined;
  readonly text: (value: number | bigint) => string;
}): unknown {
  if (refused !== '') return html`<div class="foot"><span class="bad" role="alert">${refused}</span></div>`;
  if (!active || !range)
    return html`<div class="foot">${msg(str`${groupDigits(size.rows)} rows, ${groupDigits(size.columns)} columns`)}</div>`;
  const count = cellsOf(range);
  const found = find(active);
  const value = !found
    ? nothing
    : found.kind === 'unwritten'
      ? msg(str`Unwritten: fill value ${fill}`)
      : found.kind === 'away'
        ? msg('Not on this device')
        : html`<b>${text(found.value)}</b>`;
  return html`<div class="foot">
    <span>[${groupDigits(active.row)}${isFlat ? '' : `, ${groupDigits(active.column)}`}]</span>
    ${count > 1n ? html`<span>${msg(str`${groupDigits(count)} cells selected`)}</span>` : value}
    ${readonly || count > 1n ? nothing : html`<span class="keys">${msg('Enter edits')}</span>`}
  </div>`;
}
