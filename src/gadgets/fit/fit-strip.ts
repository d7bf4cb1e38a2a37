import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { FitProgress, FitResult } from '../../protocol/fit.ts';
import type { Formats } from '../format.ts';
import { icon } from '../icons.ts';
import { coverageSentence, progressWords } from './fit-words.ts';

/** What the line under a fit's header is about. */
export interface FitStrip {
  readonly fit: {
    readonly isRunning: boolean;
    readonly isCancelled: boolean;
    readonly isOld: boolean;
    readonly runs: FitProgress | undefined;
    readonly result: Omit<FitResult, 'picture'> | undefined;
    pause(): void;
    resume(): void;
    cancel(): void;
    again(): void;
  };
  readonly formats: Formats;
  /** Version that last changed the data. */
  readonly changed: number | undefined;
}

/** While a fit runs: how far, how long still, pause, cancel. After: what it speaks for, and whether the data moved on. */
export function fitStrip({ fit, formats, changed }: FitStrip): unknown {
  const { runs, result } = fit;
  if (fit.isRunning) {
    const words = progressWords(runs, fit.isOld ? undefined : result, formats);
    return html`<div class="strip" role="group" aria-label=${msg('Progress of the fit')}>
      <progress max="1" .value=${runs?.done ?? 0} aria-label=${msg('Done')}></progress>
      <span>${words}</span><span class="grow"></span>
      ${
        runs?.paused
          ? html`<button class="button quiet" @click=${() => fit.resume()}>${msg('Resume')}</button>`
          : html`<button class="button quiet" @click=${() => fit.pause()}>${msg('Pause')}</button>`
      }
      <button class="button quiet" @click=${() => fit.cancel()}>${msg('Cancel')}</button>
    </div>`;
  }
  if (!result) return html`<div class="strip"></div>`;
  const isNewer = changed !== undefined && changed > result.coverage.version;
  return html`<div class="strip">
    ${fit.isCancelled ? html`<span>${icon('info')}</span><span>${msg('Stopped')}</span>` : nothing}
    <span title=${result.exactness.note}>${coverageSentence(result.coverage, formats)}</span>
    <span class="grow"></span>
    ${
      isNewer
        ? html`<span>${msg(str`Of version ${result.coverage.version}; the data are at ${changed}`)}</span>`
        : nothing
    }
    ${
      fit.isCancelled || isNewer
        ? html`<button class="button quiet" @click=${() => fit.again()}>
            ${fit.isCancelled ? msg('Go on') : msg('Fit again')}
          </button>`
        : nothing
    }
  </div>`;
}
