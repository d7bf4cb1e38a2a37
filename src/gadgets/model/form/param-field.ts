import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { Json } from '../../../protocol/fit.ts';
import { paramFault, rangeWords, readParam } from '../methods/check-param.ts';
import { type Covariance, defaultCovariance, printCovariance } from '../methods/covariance.ts';
import type { Param } from '../methods/param.ts';

/** A parameter in the form. */
export interface ParamField {
  readonly param: Param;
  readonly value: Json;
  /** What people typed that cannot be used, if anything. */
  readonly wrong: string | undefined;
  /** A value that can be used; undefined: the default. */
  readonly change: (value: Json | undefined) => void;
  /** Text that cannot be used. */
  readonly refuse: (text: string) => void;
}

/** A parameter's field under scikit-learn's name: dim while it is the default, its fault beside it. */
export function paramField(field: ParamField): unknown {
  const { param, value, wrong } = field;
  const { name, range } = param;
  const isDefault = wrong === undefined && value === param.default;
  const id = `param-${name}`;
  const fault = wrong === undefined ? undefined : paramFault(param, readParam(range, wrong));
  const take = (text: string): void => {
    const read = readParam(range, text);
    if (text.trim() === '') field.change(undefined);
    else if (paramFault(param, read) === undefined) field.change(read === param.default ? undefined : read);
    else field.refuse(text);
  };
  const described = `${id}-hint${fault === undefined ? '' : ` ${id}-fault`}`;
  return html`<div class=${isDefault ? 'param default' : 'param'}>
    <label for=${id}><code>${name}</code></label>
    ${control(field, id, described, take)}
    <p class="hint" id="${id}-hint">${param.hint()}</p>
    ${fault === undefined ? nothing : html`<p class="fault" id="${id}-fault" role="alert">${fault}</p>`}
  </div>`;
}

function control(field: ParamField, id: string, described: string, take: (text: string) => void): unknown {
  const { param, value, wrong } = field;
  const { range } = param;
  if (range.kind === 'flag')
    return html`<input
      id=${id}
      type="checkbox"
      aria-describedby=${described}
      .checked=${value === true}
      @change=${(event: Event) => take(String((event.target as HTMLInputElement).checked))}
    />`;
  if (range.kind === 'choice')
    return html`<select
      id=${id}
      aria-describedby=${described}
      @change=${(event: Event) => take((event.target as HTMLSelectElement).value)}
    >
      ${range.of.map((one) => html`<option value=${one ?? 'None'} ?selected=${one === value}>${one ?? 'None'}</option>`)}
    </select>`;
  const shown = wrong ?? paramText(param, value);
  return html`<input
    id=${id}
    type="text"
    inputmode=${range.kind === 'number' && !range.words ? 'decimal' : 'text'}
    autocomplete="off"
    spellcheck="false"
    aria-describedby=${described}
    aria-invalid=${wrong === undefined ? 'false' : 'true'}
    title=${range.kind === 'covariance' ? covarianceHelp() : msg(str`${param.name}: ${rangeWords(range)}`)}
    .value=${shown}
    @change=${(event: Event) => take((event.target as HTMLInputElement).value)}
  />`;
}

function covarianceHelp(): string {
  return msg(
    'RBF(length), Matern(length, nu), RationalQuadratic(length, alpha), Periodic(length, period), Linear(sigma), White(noise), with + and *',
  );
}

/** A parameter's value as the field shows it. */
export function paramText(param: Param, value: Json): string {
  if (param.range.kind === 'covariance')
    return typeof value === 'object' && value !== null
      ? printCovariance(value as unknown as Covariance)
      : defaultCovariance;
  return value === null ? 'None' : String(value);
}
