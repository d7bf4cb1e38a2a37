import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { type ColumnType, isNumeric } from '../../protocol/column.ts';
import type { Measure } from '../../protocol/profile.ts';
import { type ColumnRef, timeUnits } from '../../protocol/query.ts';
import { icon } from '../icons.ts';
import { unitWord } from '../trend/trend-words.ts';
import { actingList } from './acting-list.ts';
import type { PivotKey, Zone } from './pivot-state.ts';

/** What the bar of fields needs of its pivot. */
export interface PivotBar {
  readonly rows: readonly PivotKey[];
  readonly columns: readonly PivotKey[];
  readonly measures: readonly Measure[];
  readonly allMeasures: readonly Measure[];
  readonly fields: readonly ColumnRef[];
  label(column: ColumnRef): string;
  type(column: ColumnRef): ColumnType | undefined;
  place(key: PivotKey, zone: Zone, at?: number): void;
  remove(column: ColumnRef): void;
  rebin(key: PivotKey): void;
  chooseMeasures(ids: readonly string[]): void;
  make(kind: 'column' | 'measure', zone?: Zone): void;
}

/** The value of a choice that makes a new column or measure. */
const fresh = '+';
const widths = [1, 10, 100, 1000, 10_000];

/** The key a field begins with: months of dates, values of the rest. */
export function firstKey(column: ColumnRef, type: ColumnType | undefined): PivotKey {
  return type?.kind === 'date' || type?.kind === 'timestamp' ? { column, grain: 'month' } : { column };
}

/** Which fields divide rows and columns, and which measures are shown: chips to drag, and menus that do the same. */
export function pivotBar(bar: PivotBar): unknown {
  return html`<div class="fields" role="group" aria-label=${msg('Fields')}>
    <span class="name" id="rows-name">${msg('Rows')}</span>${zone(bar, 'rows')}
    <span class="name" id="columns-name">${msg('Columns')}</span>${zone(bar, 'columns')}
    <span class="name" id="measures-name">${msg('Measures')}</span>
    <div class="zone" role="group" aria-labelledby="measures-name">
      ${bar.measures.map((measure) => measureChip(bar, measure))}${addMeasure(bar)}
    </div>
  </div>`;
}

function zone(bar: PivotBar, name: Zone): unknown {
  return html`<div
    class="zone"
    role="group"
    aria-labelledby="${name}-name"
    @dragover=${(event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('text/plain')) return;
      event.preventDefault();
      (event.currentTarget as HTMLElement).classList.add('over');
    }}
    @dragleave=${(event: DragEvent) => (event.currentTarget as HTMLElement).classList.remove('over')}
    @drop=${(event: DragEvent) => drop(event, bar, name)}
  >
    ${bar[name].map((key, at) => chip(bar, name, key, at))}${addField(bar, name)}
  </div>`;
}

function drop(event: DragEvent, bar: PivotBar, name: Zone): void {
  event.preventDefault();
  const target = event.currentTarget as HTMLElement;
  target.classList.remove('over');
  const column = event.dataTransfer?.getData('text/plain') ?? '';
  const key = [...bar.rows, ...bar.columns].find((one) => one.column === column);
  if (!key) return;
  const chips = [...target.querySelectorAll<HTMLElement>('.chip')].filter(
    (one) => one.dataset.column !== column,
  );
  const at = chips.findIndex((one) => {
    const { left, right } = one.getBoundingClientRect();
    return event.clientX < (left + right) / 2;
  });
  bar.place(key, name, at < 0 ? undefined : at);
}

/** A field: a menu of its bins and of where it may go; it can be dragged too. */
function chip(bar: PivotBar, name: Zone, key: PivotKey, at: number): unknown {
  const label = bar.label(key.column);
  const type = bar.type(key.column);
  const isTime = type?.kind === 'date' || type?.kind === 'timestamp';
  const isNumber = type !== undefined && isNumeric(type);
  const shown = key.grain
    ? `${label} · ${unitWord(key.grain)}`
    : key.width
      ? `${label} · ${key.width}`
      : label;
  const list = actingList((chosen) => {
    const [verb, value] = chosen.split(':');
    if (verb === 'grain') bar.rebin({ column: key.column, grain: timeUnits.find((unit) => unit === value) });
    else if (verb === 'width') bar.rebin({ column: key.column, width: Number(value) });
    else if (verb === 'values') bar.rebin({ column: key.column });
    else if (verb === 'to') bar.place(key, value === 'rows' ? 'rows' : 'columns');
    else if (verb === 'move') bar.place(key, name, at + Number(value));
    else if (verb === 'remove') bar.remove(key.column);
  });
  return html`<span
    class="chip"
    draggable="true"
    data-column=${key.column}
    @dragstart=${(event: DragEvent) => event.dataTransfer?.setData('text/plain', key.column)}
  >
    <select aria-label=${shown} title=${msg('By keyboard: choose, then Enter')} @change=${list.change} @keydown=${list.keydown} @pointerdown=${list.pointerdown} @blur=${list.blur}>
      <option value="" selected hidden>${shown}</option>
      ${
        isTime
          ? html`<optgroup label=${msg('By')}>
            ${timeUnits
              .filter((unit) => unit !== 'hour' || type?.kind === 'timestamp')
              .map((unit) => html`<option value="grain:${unit}">${unitWord(unit)}</option>`)}
          </optgroup>`
          : nothing
      }
      ${
        isNumber
          ? html`<optgroup label=${msg('By')}>
            <option value="values">${msg('Each value')}</option>
            ${widths.map((width) => html`<option value="width:${width}">${msg(str`Steps of ${width}`)}</option>`)}
          </optgroup>`
          : nothing
      }
      <optgroup label=${msg('Move')}>
        ${name === 'rows' ? html`<option value="to:columns">${msg('To columns')}</option>` : html`<option value="to:rows">${msg('To rows')}</option>`}
        ${at > 0 ? html`<option value="move:-1">${msg('Earlier')}</option>` : nothing}
        ${at < bar[name].length - 1 ? html`<option value="move:1">${msg('Later')}</option>` : nothing}
        <option value="remove">${msg('Remove')}</option>
      </optgroup>
    </select>
    <button class="button quiet icon-only" aria-label=${msg(str`Remove ${label}`)} @click=${() => bar.remove(key.column)}>${icon('x')}</button>
  </span>`;
}

function addField(bar: PivotBar, name: Zone): unknown {
  const used = new Set(bar[name].map(({ column }) => column));
  const free = bar.fields.filter((column) => !used.has(column));
  const list = actingList((value) => {
    if (value === fresh) bar.make('column', name);
    else bar.place(firstKey(value, bar.type(value)), name);
  });
  const words = name === 'rows' ? msg('Add to rows') : msg('Add to columns');
  return html`<select class="add" aria-label=${words} title=${msg('By keyboard: choose, then Enter')} @change=${list.change} @keydown=${list.keydown} @pointerdown=${list.pointerdown} @blur=${list.blur}>
    <option value="" selected>+ ${msg('Field')}</option>
    ${free.map((column) => html`<option value=${column}>${bar.label(column)}</option>`)}
    <option value=${fresh}>${msg('New column…')}</option>
  </select>`;
}

function measureChip(bar: PivotBar, measure: Measure): unknown {
  const ids = bar.measures.map(({ id }) => id);
  return html`<span class="chip">
    <select
      aria-label=${measure.label}
      @change=${(event: Event) => {
        const { value } = event.target as HTMLSelectElement;
        bar.chooseMeasures([...new Set(ids.map((id) => (id === measure.id ? value : id)))]);
      }}
    >
      ${bar.allMeasures.map((one) => html`<option value=${one.id} ?selected=${one.id === measure.id}>${one.label}</option>`)}
    </select>
    ${
      ids.length > 1
        ? html`<button class="button quiet icon-only" aria-label=${msg(str`Remove ${measure.label}`)} @click=${() => bar.chooseMeasures(ids.filter((id) => id !== measure.id))}>${icon('x')}</button>`
        : nothing
    }
  </span>`;
}

function addMeasure(bar: PivotBar): unknown {
  const ids = bar.measures.map(({ id }) => id);
  const list = actingList((value) => {
    if (value === fresh) bar.make('measure');
    else bar.chooseMeasures([...ids, value]);
  });
  return html`<select class="add" aria-label=${msg('Add measure')} title=${msg('By keyboard: choose, then Enter')} @change=${list.change} @keydown=${list.keydown} @pointerdown=${list.pointerdown} @blur=${list.blur}>
    <option value="" selected>+ ${msg('Measure')}</option>
    ${bar.allMeasures.filter(({ id }) => !ids.includes(id)).map(({ id, label }) => html`<option value=${id}>${label}</option>`)}
    <option value=${fresh}>${msg('New measure…')}</option>
  </select>`;
}
