import { css } from 'lit';

export const gridStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 240px;
    height: 480px;
    container-type: inline-size;
  }
  .picture {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-height: 0;
  }
  .skeleton {
    flex: 1;
  }
  exa-error-card {
    margin: 12px;
  }
  .dated {
    padding: 0 12px 6px;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    min-height: 36px;
    padding: 2px 12px;
  }
  .bar > span {
    unicode-bidi: plaintext;
  }
  .bar .spacer {
    flex: 1;
  }
  .small {
    min-height: 28px;
    padding: 0 8px;
    font-size: var(--exa-size-meta);
  }
  .new {
    color: var(--exa-accent-text);
  }
  .sort {
    display: none;
    min-height: 28px;
    border: 1px solid var(--exa-border);
    border-radius: 4px;
    background: var(--exa-surface);
  }
  .view {
    position: relative;
    flex: 1;
    min-height: 0;
    overflow: auto;
    overscroll-behavior: contain;
    overflow-anchor: none;
  }
  .view:focus-visible {
    outline-offset: -2px;
  }
  .view[aria-activedescendant]:focus-visible {
    outline: none;
  }
  .canvas {
    position: relative;
    min-width: min-content;
  }
  .rows {
    position: absolute;
    inset: 0 0 auto;
    min-width: min-content;
  }
  .head {
    position: sticky;
    z-index: 2;
    top: 0;
    background: var(--exa-surface);
    min-width: min-content;
  }
  .row {
    display: grid;
    grid-template-columns: var(--columns);
    height: var(--row-height);
    border-bottom: 1px solid var(--exa-border);
  }
  .head .row {
    height: 32px;
  }
  .head .row:first-child {
    border-top: 1px solid var(--exa-border);
  }
  .head .groups {
    height: 24px;
  }
  .head .cell {
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
    font-weight: 500;
  }
  .groups .cell {
    justify-content: start;
    border-inline-start: 1px solid var(--exa-border);
  }
  .groups .cell:first-child {
    border-inline-start: 0;
  }
  .cell {
    display: flex;
    align-items: center;
    min-width: 0;
    padding: 0 12px;
    overflow: hidden;
  }
  .cell > .text {
    unicode-bidi: plaintext;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  button.text {
    min-height: 24px;
    padding: 0;
    border: 0;
    background: none;
    color: var(--exa-accent-text);
    text-align: start;
    cursor: pointer;
  }
  button.text:hover {
    text-decoration: underline;
  }
  .number {
    justify-content: end;
  }
  .head .cell {
    padding: 0 4px;
  }
  .head .groups .cell {
    padding-inline-start: 12px;
  }
  .head button {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    min-width: 0;
    height: 28px;
    padding: 0 8px;
    border: 0;
    border-radius: 4px;
    background: none;
    cursor: pointer;
  }
  .head button:focus-visible {
    outline-offset: -2px;
  }
  .head button:hover {
    background: var(--exa-hover);
    color: var(--exa-text);
  }
  .head .by {
    flex: 0 1 auto;
    overflow: hidden;
  }
  .head span.by {
    padding: 0 8px;
  }
  .head .by > span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .head .cell {
    position: relative;
  }
  /* Over the heading's end, so that unseen it takes no room from the words. */
  .head .menu {
    position: absolute;
    inset-inline-end: 0;
    width: 24px;
    padding: 0 4px;
    background: var(--exa-surface);
    opacity: 0;
  }
  .head .number .menu {
    inset-inline: 0 auto;
  }
  .head .cell:hover .menu,
  .head .menu:focus-visible,
  .head .menu.filtered,
  .head .menu[aria-expanded='true'] {
    opacity: 1;
  }
  .head .menu.filtered,
  .head [aria-sort] .by {
    color: var(--exa-accent-text);
  }
  .head .icon {
    width: 14px;
    height: 14px;
  }
  .body:hover {
    background: var(--exa-hover);
  }
  .body {
    cursor: default;
  }
  .cell.selected {
    background: var(--exa-accent-soft);
  }
  .cell.active {
    outline: 2px solid var(--exa-accent);
    outline-offset: -2px;
  }
  .pending .text {
    width: 60%;
    height: 10px;
    border-radius: 3px;
    background: var(--exa-hover);
  }
  .empty {
    position: sticky;
    inset-inline: 0;
    padding: 32px 12px;
    color: var(--exa-muted);
    text-align: center;
  }
  .popover {
    position: fixed;
    inset: auto;
    width: 240px;
    margin: 0;
    padding: 12px;
    border: 1px solid var(--exa-border);
    border-radius: var(--exa-radius);
    background: var(--exa-raised);
    color: var(--exa-text);
    box-shadow: 0 4px 16px rgb(0 0 0 / 14%);
  }
  .popover form {
    display: grid;
    gap: 8px;
  }
  .popover label {
    display: grid;
    gap: 2px;
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
  }
  .popover input,
  .popover select {
    min-height: 32px;
    width: 100%;
    padding: 0 8px;
    border: 1px solid var(--exa-border-strong);
    border-radius: 4px;
    background: var(--exa-surface);
    color: var(--exa-text);
    font-size: var(--exa-size-body);
  }
  .popover .ways {
    display: flex;
    gap: 8px;
  }
  @container (max-width: 520px) {
    .sort {
      display: inline-block;
    }
    .bar .meta {
      display: none;
    }
    .head {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .canvas,
    .rows {
      min-width: 0;
    }
    .body {
      grid-template-columns: 1fr 1fr;
      grid-auto-rows: min-content;
      align-content: center;
      gap: 2px 12px;
      padding: 8px 12px;
    }
    .body .cell {
      justify-content: start;
      padding: 0;
      gap: 6px;
    }
    .body .cell:first-child {
      font-weight: 600;
    }
    .body .cell:nth-child(n + 7) {
      display: none;
    }
    .body .cell:nth-child(n + 3)::before {
      content: attr(data-label);
      flex: none;
      color: var(--exa-muted);
      font-size: var(--exa-size-meta);
    }
  }
  @media (pointer: coarse) {
    .small,
    .sort,
    .head button {
      min-height: 44px;
    }
    .head .menu {
      position: static;
      width: 44px;
      opacity: 1;
    }
    .head .number .menu {
      order: -1;
    }
    .head .row:not(.groups) {
      height: 44px;
    }
  }
`;
