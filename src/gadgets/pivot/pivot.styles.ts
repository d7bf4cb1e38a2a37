import { type CSSResult, css } from 'lit';

export const pivotStyles: CSSResult = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 320px;
    height: 480px;
    container-type: inline-size;
  }
  :host(.cell) {
    height: max(420px, calc(100dvh - 112px));
    overflow: hidden;
    background: var(--exa-surface);
    border: 1px solid var(--exa-border);
    border-radius: var(--exa-radius);
  }
  .picture {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-height: 0;
    overflow: auto;
  }
  .fields,
  .tools {
    flex: none;
  }
  .skeleton {
    min-height: 320px;
  }
  .fields {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 6px 12px;
    align-items: center;
    padding: 8px 12px;
    border-bottom: 1px solid var(--exa-border);
  }
  .fields > .name {
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
  }
  .zone {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    align-items: center;
    min-height: 36px;
    padding: 2px;
    border-radius: var(--exa-radius);
  }
  .zone.over {
    outline: 2px dashed var(--exa-accent);
  }
  .chip {
    display: inline-flex;
    align-items: center;
    max-width: 100%;
    border: 1px solid var(--exa-border-strong);
    border-radius: 16px;
    background: var(--exa-accent-soft);
  }
  .chip select {
    max-width: 220px;
    border: 0;
    border-radius: 16px;
    background: none;
    padding-inline: 10px 4px;
    text-overflow: ellipsis;
  }
  .chip option {
    background: var(--exa-raised);
    color: var(--exa-text);
  }
  .chip .button {
    min-height: 28px;
    width: 28px;
    border-radius: 16px;
  }
  select {
    min-height: 28px;
    min-width: 0;
  }
  select.add {
    max-width: 180px;
    padding: 0 6px;
    border: 1px solid var(--exa-border-strong);
    border-radius: 16px;
    background: var(--exa-surface);
    color: var(--exa-muted);
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    align-items: center;
    min-height: 36px;
    padding: 2px 12px;
    border-bottom: 1px solid var(--exa-border);
  }
  /* Its words stand in line with what is above and below. */
  .tools > .button:first-child {
    margin-inline-start: -12px;
  }
  .tools label {
    display: inline-flex;
    gap: 6px;
    align-items: center;
  }
  .tools .spacer {
    flex: 1;
  }
  .tools .button {
    min-height: 28px;
  }
  .scroll {
    position: relative;
    flex: 1;
    min-height: 160px;
    overflow: auto;
    overscroll-behavior: contain;
  }
  .canvas {
    position: relative;
    min-width: 100%;
  }
  .row {
    display: flex;
    height: var(--row);
    background: var(--exa-surface);
  }
  .body .row {
    position: absolute;
    inset-inline-start: 0;
  }
  .head,
  .grand {
    position: sticky;
    z-index: 2;
  }
  .head {
    top: 0;
    height: 44px;
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
  }
  .grand {
    top: 44px;
    font-weight: 600;
  }
  .head .cell,
  .grand .cell {
    border-bottom-color: var(--exa-border-strong);
  }
  .cell {
    flex: none;
    width: var(--leaf);
    padding: 0 8px;
    border-bottom: 1px solid var(--exa-border);
    display: flex;
    align-items: center;
    justify-content: flex-end;
    overflow: hidden;
    white-space: nowrap;
    background: var(--exa-surface);
  }
  .cell.header {
    position: sticky;
    inset-inline-start: 0;
    z-index: 1;
    width: var(--side);
    justify-content: flex-start;
    gap: 4px;
    border-inline-end: 1px solid var(--exa-border);
  }
  .cell.total {
    background: var(--exa-hover);
  }
  .cell.now {
    outline: var(--exa-focus);
    outline-offset: -2px;
  }
  .scroll:not(:focus-visible) .cell.now {
    outline: none;
  }
  .scroll:focus-visible {
    outline-offset: -2px;
  }
  .cell.waiting::after {
    content: '';
    width: 60%;
    height: 8px;
    border-radius: 4px;
    background: var(--exa-hover);
  }
  .label {
    overflow: hidden;
    text-overflow: ellipsis;
    unicode-bidi: plaintext;
  }
  .twist {
    flex: none;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    width: 24px;
    height: 24px;
    padding: 0;
    border: 0;
    border-radius: 4px;
    background: none;
    cursor: pointer;
  }
  .twist:hover {
    background: var(--exa-hover);
  }
  .sort {
    display: grid;
    width: 100%;
    height: 100%;
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    text-align: end;
    align-content: center;
    cursor: pointer;
  }
  .sort span {
    overflow: hidden;
    text-overflow: ellipsis;
    line-height: 1.3;
  }
  .header .sort {
    text-align: start;
  }
  .sort .by {
    color: var(--exa-text);
    font-weight: 600;
  }
  .sort .icon {
    display: inline-block;
    width: 12px;
    height: 12px;
    vertical-align: -1px;
  }
  .body .cell:not(.header) {
    cursor: pointer;
  }
  .empty {
    display: grid;
    justify-items: start;
    gap: 12px;
    padding: 24px;
  }
  .nothing {
    padding: 24px 12px;
    color: var(--exa-muted);
  }
  @container (width < 720px) {
    .zone {
      flex-wrap: nowrap;
      overflow-x: auto;
    }
    .chip,
    select.add {
      flex: none;
    }
    select.add {
      width: 112px;
    }
    @supports (field-sizing: content) {
      select.add {
        field-sizing: content;
        width: auto;
        max-width: 140px;
      }
    }
    /* What there is to do in one line, what there is to see in the next. */
    .tools .spacer {
      flex-basis: 100%;
    }
    .tools .spacer + .meta {
      flex: 1;
    }
  }
  @media (max-width: 719px) {
    :host(.cell) {
      height: max(480px, calc(100dvh - 166px));
    }
  }
  @media (pointer: coarse) {
    .chip select,
    select.add {
      min-height: 36px;
    }
  }
`;
