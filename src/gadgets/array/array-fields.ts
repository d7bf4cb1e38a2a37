import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { toExaError } from '../../protocol/errors.ts';
import { parseIndex } from '../exact/index-text.ts';
import type { ArrayPlace, ArrayState } from './array-place.ts';

type Keep = (part: Partial<ArrayState>) => void;

const nameOfStep: readonly (readonly [string, string])[] = [
  ['1', '1 ns'],
  ['1000', '1 µs'],
  ['1000000', '1 ms'],
  ['1000000000', '1 s'],
  ['60000000000', '1 min'],
  ['300000000000', '5 min'],
];

/** How rows are read: by index, or as times from an instant on. */
export function timeFields({ origin, step }: ArrayState, keep: Keep): unknown {
  return html`<label class="field"
        >${msg('Rows are')}
        <select
          @change=${(event: Event) => {
            const chosen = (event.target as HTMLSelectElement).value;
            keep(chosen === '' ? { origin: '', step: '' } : { origin: origin || '2000-01-01', step: chosen });
          }}
        >
          <option value="" ?selected=${origin === ''}>${msg('indices')}</option>
          ${nameOfStep.map(
            ([value, name]) =>
              html`<option value=${value} ?selected=${origin !== '' && step === value}>${msg(str`one each ${name}`)}</option>`,
          )}
        </select>
      </label>
      ${
        origin === ''
          ? nothing
          : html`<label class="field time"
              >${msg('From (UTC)')}
              <input
                .value=${origin}
                @change=${(event: Event) => keep({ origin: (event.target as HTMLInputElement).value.trim() })}
              />
            </label>`
      }`;
}

/** The index along each axis before those shown; `wrong` is told why a text is none, or nothing. */
export function leadingFields(
  { leading, shape }: ArrayPlace,
  keep: Keep,
  wrong: (sentence: string) => void,
): unknown {
  return leading.map(
    (at, axis) => html`<label class="field"
        >${msg(str`Axis ${axis}`)}
        <input
          .value=${String(at)}
          @change=${(event: Event) => {
            try {
              const index = parseIndex((event.target as HTMLInputElement).value, shape[axis]!);
              const next = leading.map((one, i) => (i === axis ? index : one));
              wrong('');
              keep({ at: next.join(',') });
            } catch (error) {
              wrong(toExaError(error).message);
            }
          }}
        />
      </label>`,
  );
}

/** The columns there are, each drawn or not. */
export function lineChips({ lines: drawn, columns }: ArrayPlace, keep: Keep): unknown {
  return html`<span class="field"
      ><span id="lines">${msg('Columns')}</span
      ><span class="chips" role="group" aria-labelledby="lines">
        ${Array.from({ length: Number(columns) }, (_, i) => BigInt(i)).map(
          (column) => html`<button
            class="chip"
            aria-pressed=${String(drawn.includes(column))}
            @click=${() => {
              const next = drawn.includes(column)
                ? drawn.filter((one) => one !== column)
                : [...drawn, column].sort((one, other) => Number(one - other));
              if (next.length > 0) keep({ lines: next.join(',') });
            }}
          >
            ${String(column)}
          </button>`,
        )}
      </span></span
    >`;
}
