import { css } from 'lit';

export const homeStyles = css`
  .side {
    display: grid;
    gap: inherit;
    align-content: start;
  }
  exa-drop-zone {
    justify-self: stretch;
  }
  .command {
    display: flex;
    align-items: center;
    gap: 8px;
    width: 100%;
    max-width: 560px;
    padding: 4px 4px 4px 12px;
    border: 1px solid var(--exa-border);
    border-radius: var(--exa-radius);
    background: var(--exa-canvas);
  }
  code {
    flex: 1;
    min-width: 0;
    overflow-x: auto;
    font: 13px / 1.6 var(--exa-mono);
    white-space: nowrap;
  }
  .starts,
  .recent {
    display: grid;
    margin: 8px -8px -4px;
  }
  .starts a,
  .recent a {
    display: flex;
    align-items: center;
    gap: 12px;
    min-height: 36px;
    padding: 6px 8px;
    border-radius: 4px;
    color: var(--exa-text);
    text-decoration: none;
  }
  .starts a:hover,
  .recent a:hover {
    background: var(--exa-hover);
  }
  .starts a > span {
    display: grid;
    flex: 1;
    min-width: 0;
  }
  .starts b {
    font-weight: 500;
  }
  .starts .icon {
    color: var(--exa-muted);
  }
  .starts a > .icon:first-child {
    width: 20px;
    height: 20px;
    color: var(--exa-accent-text);
  }
  .recent a {
    justify-content: space-between;
  }
  .recent a > :first-child {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .recent .meta {
    white-space: nowrap;
  }
  .saved li {
    display: flex;
    align-items: center;
    gap: 2px;
  }
  .saved {
    margin-top: 8px;
  }
  .saved a {
    display: grid;
    flex: 1;
    min-width: 0;
    padding: 4px 8px;
    margin-inline-start: -8px;
    border-radius: 4px;
    color: var(--exa-text);
    text-decoration: none;
  }
  .saved a:hover {
    background: var(--exa-hover);
  }
  .saved a > :first-child {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-weight: 500;
  }
  .saved form {
    display: flex;
    flex: 1;
    gap: 8px;
    min-width: 0;
  }
  .saved input {
    flex: 1;
    min-width: 0;
    min-height: 32px;
    padding: 0 8px;
    border: 1px solid var(--exa-border-strong);
    border-radius: var(--exa-radius);
    background: var(--exa-surface);
  }
  .saved .button[aria-pressed='true'] {
    color: var(--exa-accent-text);
  }
  .import {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 12px;
    justify-content: space-between;
  }
  exa-drop-zone {
    width: 100%;
  }
`;
