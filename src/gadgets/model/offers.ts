import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { ExaError } from '../../protocol/errors.ts';
import type { FitRequest, UnfinishedFit } from '../../protocol/fit.ts';
import type { DatasetSummary } from '../../protocol/head.ts';
import type { Formats } from '../format.ts';
import { icon } from '../icons.ts';

/** Most fits offered at once. */
const most = 3;

/** Fits that an earlier page left: opened, one goes on where it stopped. */
export function leftFits({
  left,
  datasets,
  formats,
  goOn,
  dismiss,
}: {
  readonly left: readonly UnfinishedFit[];
  readonly datasets: readonly DatasetSummary[];
  readonly formats: Formats;
  readonly goOn: (request: FitRequest) => void;
  readonly dismiss: (request: FitRequest) => void;
}): unknown {
  return left.slice(0, most).map(({ request, progress }) => {
    const dataset = datasets.find(({ id }) => id === request.dataset);
    const name = dataset ? dataset.profile.label || dataset.name : request.dataset;
    const share = formats.percent(progress.done ?? 0, { digits: 0 });
    return html`<div class="cell left" role="status">
      ${icon('clock')}
      <span>${msg(str`${request.estimator.method} of ${name} was left at ${share}.`)}</span>
      <button class="button" @click=${() => goOn(request)}>${msg('Go on')}</button>
      <button class="button quiet" @click=${() => dismiss(request)}>${msg('Forget it')}</button>
    </div>`;
  });
}

/** A method that would be too dear offers the sample it can take, with the cost. */
export function sampleOffer(
  refused: ExaError | undefined,
  formats: Formats,
  take: (rows: number) => void,
): unknown {
  const { sampleRows, sampleSeconds } = refused?.facts ?? {};
  if (refused?.tag !== 'refused' || typeof sampleRows !== 'number') return nothing;
  const rows = formats.number(sampleRows);
  const cost =
    typeof sampleSeconds === 'number' ? msg(str` (about ${Math.max(1, Math.round(sampleSeconds))} s)`) : '';
  return html`<div class="cell left">
    ${icon('info')}<span>${refused.message}</span>
    <button class="button primary" @click=${() => take(sampleRows)}>
      ${msg(str`Fit a sample of ${rows} rows${cost}`)}
    </button>
  </div>`;
}
