import { css } from 'lit';

export const matrixStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 400px;
    min-height: 200px;
    padding: 0;
    overflow: hidden auto;
  }
  .picture {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-height: 0;
  }
  exa-error-card {
    margin: 12px;
  }
  .dated {
    padding: 0 12px 6px;
  }
  .skeleton {
    flex: 1;
    margin: 12px;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 8px;
    min-height: 44px;
    padding: 4px 12px;
  }
  .bar h3 {
    margin-inline-end: 4px;
  }
  .bar .spacer {
    flex: 1;
  }
  .go {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
    white-space: nowrap;
  }
  .go input {
    width: 190px;
    max-width: 46vw;
    min-height: 28px;
    padding: 0 8px;
    border: 1px solid var(--exa-border-strong);
    border-radius: 4px;
    background: var(--exa-surface);
    color: var(--exa-text);
    font-size: var(--exa-size-body);
  }
  .go input[aria-invalid='true'] {
    border-color: var(--exa-danger);
  }
  .wrong {
    flex-basis: 100%;
    color: var(--exa-danger);
    font-size: var(--exa-size-meta);
  }
  .small {
    min-height: 28px;
    padding: 0 8px;
    font-size: var(--exa-size-meta);
  }
  .frame {
    position: relative;
    flex: 1;
    min-height: 104px;
    display: grid;
    grid-template: minmax(0, 1fr) auto / minmax(0, 1fr) auto;
    border-top: 1px solid var(--exa-border);
  }
  exa-exact-scrollbar[orientation='vertical'] {
    width: 14px;
    border-inline-start: 1px solid var(--exa-border);
  }
  exa-exact-scrollbar[orientation='horizontal'] {
    height: 14px;
    border-top: 1px solid var(--exa-border);
  }
  .view {
    position: relative;
    overflow: hidden;
    touch-action: none;
    user-select: none;
    -webkit-user-select: none;
    cursor: cell;
  }
  .view:focus-visible {
    outline-offset: -2px;
  }
  .head {
    position: absolute;
    z-index: 2;
    inset: 0 0 auto;
    display: flex;
    height: 32px;
    background: var(--exa-surface);
    border-bottom: 1px solid var(--exa-border);
  }
  .corner,
  .columnhead,
  .rowhead {
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
  }
  .corner,
  .rowhead {
    flex: none;
    width: var(--rowhead);
    background: var(--exa-surface);
    border-inline-end: 1px solid var(--exa-border);
  }
  .corner {
    position: relative;
    z-index: 3;
    display: flex;
    align-items: center;
    justify-content: flex-end;
    padding: 0 10px;
  }
  .columnheads {
    position: relative;
    flex: 1;
    overflow: hidden;
  }
  .columnheads > div,
  .cells {
    display: flex;
    width: max-content;
  }
  .columnhead,
  .cell {
    display: flex;
    flex: none;
    align-items: center;
    justify-content: flex-end;
    width: var(--cell);
    padding: 0 10px;
    overflow: hidden;
    white-space: nowrap;
  }
  .columnhead {
    height: 31px;
  }
  .rows {
    position: absolute;
    inset: 32px 0 0;
    overflow: hidden;
  }
  .row {
    display: flex;
    height: var(--row);
    border-bottom: 1px solid var(--exa-border);
  }
  .rowhead {
    position: relative;
    z-index: 1;
    display: flex;
    align-items: center;
    justify-content: flex-end;
    padding: 0 10px;
  }
  .strip {
    flex: 1;
    min-width: 0;
    overflow: hidden;
  }
  .cells {
    height: 100%;
  }
  .cell {
    position: relative;
    border-inline-end: 1px solid transparent;
  }
  .cell.unwritten {
    color: var(--exa-muted);
    background: repeating-linear-gradient(
      135deg,
      transparent 0 6px,
      color-mix(in srgb, var(--exa-border) 70%, transparent) 6px 7px
    );
  }
  .cell.waiting::before {
    content: '';
    width: 60%;
    height: 8px;
    border-radius: 4px;
    background: var(--exa-hover);
  }
  .cell.away {
    color: var(--exa-muted);
    background: var(--exa-warning-soft);
  }
  .cell.within {
    background-color: var(--exa-accent-soft);
  }
  .cell.active {
    outline: 2px solid var(--exa-accent);
    outline-offset: -2px;
  }
  .cell.kept {
    font-style: italic;
  }
  .cell input {
    position: absolute;
    inset: 0;
    width: 100%;
    padding: 0 8px;
    border: 2px solid var(--exa-accent);
    background: var(--exa-surface);
    text-align: end;
  }
  .rowhead.active,
  .columnhead.active {
    color: var(--exa-accent-text);
    font-weight: 600;
  }
  .empty {
    display: grid;
    flex: 1;
    place-content: center;
    color: var(--exa-muted);
  }
  .foot {
    display: flex;
    gap: 0 12px;
    align-items: center;
    min-height: 28px;
    padding: 2px 12px;
    border-top: 1px solid var(--exa-border);
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
    overflow: hidden;
    flex: none;
    flex-wrap: wrap;
    white-space: nowrap;
  }
  .foot b {
    color: var(--exa-text);
    font-weight: 500;
  }
  .foot .bad {
    color: var(--exa-danger);
  }
  @media (pointer: coarse) {
    .foot .keys {
      display: none;
    }
    .go input,
    .small {
      min-height: 44px;
    }
    exa-exact-scrollbar[orientation='vertical'] {
      width: 24px;
    }
    exa-exact-scrollbar[orientation='horizontal'] {
      height: 24px;
    }
  }
`;
