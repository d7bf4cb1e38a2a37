import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import { canSearch, printGrid, readGrid, withSearch } from '../change-request.ts';
import type { ModelForm } from './model-form.ts';

/** A grid of parameters, each tried on folds. */
export function searchPart({ request, change }: ModelForm): unknown {
  const { method } = request.estimator;
  if (!canSearch(method)) return nothing;
  const { search } = request;
  const folds = search?.folds ?? 5;
  return html`<fieldset>
    <legend>${msg('Choose by trying')}</legend>
    <label class="check">
      <input
        type="checkbox"
        .checked=${search !== undefined}
        @change=${(event: Event) => change(withSearch(request, (event.target as HTMLInputElement).checked))}
      />
      <span>${msg('Try a grid of parameters on folds')}</span>
    </label>
    ${
      search
        ? html`${Object.entries(search.grid).map(
            ([name, values]) => html`<label>
                <span><code>${name}</code></span>
                <input
                  type="text"
                  spellcheck="false"
                  .value=${printGrid(values)}
                  @change=${(event: Event) => {
                    const tried = readGrid((event.target as HTMLInputElement).value);
                    change({ ...request, search: { ...search, grid: { ...search.grid, [name]: tried } } });
                  }}
                />
              </label>`,
          )}
            <div class="pair">
              <label>
                <span>${msg('Folds')}</span>
                <select
                  @change=${(event: Event) =>
                    change({
                      ...request,
                      search: { ...search, folds: Number((event.target as HTMLSelectElement).value) },
                    })}
                >
                  ${[3, 5, 10].map((count) => html`<option value=${count} ?selected=${count === folds}>${count}</option>`)}
                </select>
              </label>
              <label>
                <span>${msg('Split')}</span>
                <select
                  @change=${(event: Event) => {
                    const split = (event.target as HTMLSelectElement).value === 'time' ? 'time' : 'k-fold';
                    change({ ...request, search: { ...search, split } });
                  }}
                >
                  <option value="k-fold" ?selected=${search.split !== 'time'}>${msg('Folds')}</option>
                  <option value="time" ?selected=${search.split === 'time'}>${msg('Earlier tell later')}</option>
                </select>
              </label>
            </div>`
        : nothing
    }
  </fieldset>`;
}
