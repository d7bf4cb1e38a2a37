import { type CSSResultGroup, css } from 'lit';
import { sharedStyles } from './theme/base.styles.ts';

/** Styles of every gadget: the shared ones and the five phases. */
export const gadgetStyles: CSSResultGroup = [
  ...sharedStyles,
  css`
    :host {
      position: relative;
      min-width: 0;
    }
    .picture {
      min-width: 0;
    }
    .picture.dimmed {
      opacity: 0.86;
      filter: grayscale(1);
    }
    exa-error-card {
      margin-bottom: 8px;
    }
    h3 + exa-error-card {
      margin-top: 8px;
    }
    .skeleton {
      min-height: 64px;
      height: 100%;
      border-radius: var(--exa-radius);
      background: var(--exa-hover);
      opacity: 0;
      animation: exa-appear 120ms linear 200ms forwards;
    }
    .progress {
      position: absolute;
      z-index: 3;
      inset: 0 0 auto;
      height: 2px;
      overflow: hidden;
      border-radius: var(--exa-radius) var(--exa-radius) 0 0;
      opacity: 0;
      animation: exa-appear 120ms linear 200ms forwards;
    }
    .progress > span {
      display: block;
      height: 100%;
      background: var(--exa-accent);
      transform-origin: left;
    }
    .progress.unknown > span {
      width: 30%;
    }
    .dated {
      margin-top: 4px;
      display: flex;
      align-items: flex-start;
      gap: 4px;
      color: var(--exa-muted);
      font-size: var(--exa-size-meta);
    }
    .dated .icon {
      flex: none;
      /* As high as a line. */
      height: 1.4em;
    }
    .dated.partial {
      color: var(--exa-warning);
    }
    @keyframes exa-appear {
      to {
        opacity: 1;
      }
    }
    /* Reduced motion takes animations away (theme/base): what they reveal is then simply there. */
    @media (prefers-reduced-motion: reduce) {
      .skeleton,
      .progress {
        opacity: 1;
      }
    }
  `,
];
