import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import type { DatasetSummary } from '../../protocol/head.ts';
import { tableName } from '../frame/frame-crumbs.ts';
import { measuresOf } from '../subject.ts';
import { measureWords } from '../view-base.ts';
import { type CardKind, cardKinds, type PageItem, showsMeasure } from './page-items.ts';

/** What the form about a card says; without an id, of a new one. */
export interface Chosen {
  readonly id: string | undefined;
  readonly kind: CardKind;
  readonly dataset: string;
  readonly measure: string;
  readonly column: string;
  readonly label: string;
  readonly alone: boolean;
}

export function chosenOf(item: PageItem): Chosen {
  const { id, kind, dataset, measure = '', column = '', label = '', alone = false } = item;
  return { id, kind, dataset, measure, column, label, alone };
}

/** The form about a card: what it shows, of which table, by which column, under which title. */
export function cardForm(
  chosen: Chosen,
  {
    submit,
    datasets,
    columns,
    change,
    apply,
  }: {
    readonly submit: string;
    readonly datasets: readonly DatasetSummary[];
    /** Columns a card of this kind may be about; empty where it takes none. */
    readonly columns: readonly { readonly ref: string; readonly label: string }[];
    readonly change: (part: Partial<Chosen>) => void;
    readonly apply: () => void;
  },
): unknown {
  const dataset = datasets.find(({ id }) => id === chosen.dataset);
  const of = (event: Event): string => (event.target as HTMLSelectElement).value;
  return html`<form
    @submit=${(event: Event) => {
      event.preventDefault();
      apply();
    }}
  >
    <label>
      <span class="meta">${msg('Shows')}</span>
      <select @change=${(event: Event) => change({ kind: cardKinds.find((kind) => kind === of(event)) ?? 'bars', column: '' })}>
        ${cardKinds.map((kind) => html`<option value=${kind} ?selected=${kind === chosen.kind}>${kindWord(kind)}</option>`)}
      </select>
    </label>
    <label>
      <span class="meta">${msg('Table')}</span>
      <select @change=${(event: Event) => change({ dataset: of(event), measure: '', column: '' })}>
        ${datasets.map((one) => html`<option value=${one.id} ?selected=${one.id === chosen.dataset}>${tableName(one)}</option>`)}
      </select>
    </label>
    ${
      dataset && showsMeasure(chosen.kind)
        ? html`<label>
            <span class="meta">${msg('Measure')}</span>
            <select @change=${(event: Event) => change({ measure: of(event) })}>
              ${measuresOf(dataset.profile, measureWords()).map((one) => html`<option value=${one.id} ?selected=${one.id === chosen.measure}>${one.label}</option>`)}
            </select>
          </label>`
        : nothing
    }
    ${
      columns.length > 0
        ? html`<label>
            <span class="meta">${chosen.kind === 'bars' ? msg('By') : msg('Column')}</span>
            <select @change=${(event: Event) => change({ column: of(event) })}>
              ${columns.map(({ ref, label }) => html`<option value=${ref} ?selected=${ref === chosen.column}>${label}</option>`)}
            </select>
          </label>`
        : nothing
    }
    <label>
      <span class="meta">${msg('Title (left out: its own)')}</span>
      <input maxlength="120" .value=${chosen.label} @input=${(event: Event) => change({ label: of(event) })} />
    </label>
    <label class="check">
      <input type="checkbox" .checked=${chosen.alone} @change=${(event: Event) => change({ alone: (event.target as HTMLInputElement).checked })} />
      ${msg('Stands alone: other cards do not filter it')}
    </label>
    <button class="button primary">${submit}</button>
  </form>`;
}

export function kindWord(kind: CardKind): string {
  const words: Record<CardKind, string> = {
    figure: msg('Figure'),
    trend: msg('Trend'),
    bars: msg('Leaderboard'),
    distribution: msg('Distribution'),
    grid: msg('Rows'),
  };
  return words[kind];
}
