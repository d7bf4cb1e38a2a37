import { css } from 'lit';

export const figureStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    padding: 12px 16px;
    min-height: 84px;
    container-type: inline-size;
  }
  h3 {
    font-size: var(--exa-size-body);
    font-weight: 500;
    color: var(--exa-muted);
  }
  exa-card-menu {
    position: absolute;
    inset: 6px 6px auto auto;
  }
  /* A dimmed picture is its own frame: the menu stays in the card's corner. */
  .dimmed exa-card-menu {
    inset: -6px -10px auto auto;
  }
  @media (pointer: coarse) {
    exa-card-menu {
      inset: 0 0 auto auto;
    }
  }
  .picture,
  .skeleton {
    flex: 1;
  }
  :host([sparkline]) .skeleton {
    min-height: 98px;
  }
  .value {
    position: relative;
    display: block;
    width: fit-content;
    max-width: 100%;
    margin: 2px -4px;
    padding: 0 4px;
    border: 0;
    border-radius: 4px;
    background: none;
    font-size: min(var(--exa-size-figure), 16cqi);
    font-weight: 600;
    line-height: 1.25;
    letter-spacing: -0.01em;
    text-align: start;
    white-space: nowrap;
    cursor: copy;
  }
  .value:hover {
    background: var(--exa-hover);
  }
  .exact {
    position: absolute;
    z-index: 4;
    inset: 100% auto auto 0;
    padding: 2px 8px;
    border-radius: 4px;
    background: var(--exa-text);
    color: var(--exa-surface);
    font-size: var(--exa-size-meta);
    font-weight: 400;
    letter-spacing: 0;
    opacity: 0;
    pointer-events: none;
    transition: opacity var(--exa-fade);
  }
  .value:hover .exact,
  .value:focus-visible .exact {
    opacity: 1;
  }
  /* The room of what is drawn once the number is there. */
  .course {
    height: 32px;
  }
  .course.spanned {
    height: 52px;
  }
  @container (width < 190px) {
    .course.spanned {
      height: 66px;
    }
  }
  .change {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    column-gap: 4px;
    min-height: 20px;
    font-size: var(--exa-size-meta);
    color: var(--exa-muted);
  }
  .change .by {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    font-weight: 500;
    color: var(--exa-text);
  }
  .change .icon {
    width: 14px;
    height: 14px;
  }
`;
