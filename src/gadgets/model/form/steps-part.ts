import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { icon } from '../../icons.ts';
import { methodOf } from '../methods/methods.ts';
import { choicesOf, type Fill, fills, type Scaler, scalers, stepsOf } from '../steps.ts';
import { stepWord } from '../words.ts';
import type { ModelForm } from './model-form.ts';

/** Missing values, scale, powers. */
export function stepsPart({ request, change }: ModelForm): unknown {
  const choices = choicesOf(request.steps);
  const set = (part: Partial<ReturnType<typeof choicesOf>>): void =>
    change({ ...request, steps: stepsOf({ ...choices, ...part }) });
  const value = (event: Event): string => (event.target as HTMLSelectElement).value;
  const fillWords: Record<Fill, string> = {
    mean: msg('Fill with the mean'),
    median: msg('Fill with the median'),
    most_frequent: msg('Fill with the most frequent'),
  };
  const needs = methodOf(request.estimator.method).scaled && choices.scaler === undefined;
  return html`<fieldset>
    <legend>${msg('Preprocessing')}</legend>
    <label>
      <span>${msg('Missing values')}</span>
      <select @change=${(event: Event) => set({ fill: fills.find((one) => one === value(event)) })}>
        <option value="" ?selected=${choices.fill === undefined}>${msg('Leave their rows out')}</option>
        ${fills.map((one) => html`<option value=${one} ?selected=${one === choices.fill}>${fillWords[one]}</option>`)}
      </select>
    </label>
    <label>
      <span>${msg('Scale')}</span>
      <select @change=${(event: Event) => set({ scaler: scalers.find((one: Scaler) => one === value(event)) })}>
        <option value="" ?selected=${choices.scaler === undefined}>${msg('As it is')}</option>
        ${scalers.map((one) => html`<option value=${one} ?selected=${one === choices.scaler}>${stepWord(one)}</option>`)}
      </select>
    </label>
    ${
      needs
        ? html`<p class="warning">
            ${icon('alert')}<span>${msg('This method compares columns: without a scale the widest one decides.')}</span>
          </p>`
        : nothing
    }
    <label>
      <span>${stepWord('PolynomialFeatures')}</span>
      <select @change=${(event: Event) => set({ degree: Number(value(event)) })}>
        ${[1, 2, 3].map(
          (degree) => html`<option value=${degree} ?selected=${degree === choices.degree}>
            ${degree === 1 ? msg('None') : msg(str`Up to degree ${degree}`)}
          </option>`,
        )}
      </select>
    </label>
    <p class="hint">${msg('Texts become a column of 0 and 1 a value, or its place in order.')}</p>
  </fieldset>`;
}
