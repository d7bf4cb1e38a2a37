import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { styleMap } from 'lit/directives/style-map.js';
import type { ExaError } from '../protocol/errors.ts';
import './error-card.ts';
import { shareWords } from './coverage-words.ts';
import { formatsFor } from './format.ts';
import { icon } from './icons.ts';
import type { Phase } from './phase.ts';

/** What is drawn round a gadget's picture. */
export interface PhaseFrame {
  readonly phase: Phase;
  readonly host: HTMLElement;
  readonly progress: number | undefined;
  readonly asOf: string | undefined;
  /** Fraction of all rows the picture speaks for, when not for all. */
  readonly covered: number | undefined;
  readonly error: ExaError | undefined;
  /** Above an error card that has no picture. */
  readonly heading: unknown;
  readonly picture: unknown;
  readonly skeleton: unknown;
  readonly retry: () => void;
}

/** The five phases as every gadget shows them: progress line, skeleton, dated and dimmed picture, error card. */
export function phaseFrame(frame: PhaseFrame): unknown {
  const { phase, picture, progress } = frame;
  const failed = phase === 'failed' && frame.error;
  return html`
    ${
      phase === 'loading'
        ? html`<div class=${classMap({ progress: true, unknown: progress === undefined })} part="progress" aria-hidden="true">
            <span style=${styleMap({ transform: progress === undefined ? 'none' : `scaleX(${progress})` })}></span>
          </div>`
        : nothing
    }
    ${failed ? html`${frame.heading}<exa-error-card .error=${failed} @exa-retry=${own(frame.retry)}></exa-error-card>` : nothing}
    ${frame.skeleton}
    ${
      picture === nothing
        ? nothing
        : html`<div class=${classMap({ picture: true, dimmed: phase === 'failed' })} part="picture">${picture}</div>`
    }
    ${picture !== nothing && (phase === 'stale' || phase === 'failed') ? dated(frame) : nothing}
  `;
}

function dated({ host, asOf, covered }: PhaseFrame): unknown {
  if (asOf === undefined) return nothing;
  const formats = formatsFor(host);
  const time = formats.moment(Date.parse(asOf));
  if (covered === undefined)
    return html`<p class="dated" part="dated">${icon('clock')}${msg(str`As of ${time}`)}</p>`;
  const share = shareWords(covered, formats);
  return html`<p class="dated partial" part="dated">${icon('clock')}${msg(str`As of ${time} (${share} of rows)`)}</p>`;
}

function own(retry: () => void): (event: Event) => void {
  return (event) => {
    event.stopPropagation();
    retry();
  };
}
