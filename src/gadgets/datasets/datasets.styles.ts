import { css } from 'lit';

export const datasetsStyles = css`
  .list {
    padding: 0;
    overflow-x: auto;
  }
  .arrays {
    margin-top: var(--exa-gap);
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    height: var(--exa-row);
    padding: 0 12px;
    text-align: start;
    white-space: nowrap;
    font-weight: 400;
  }
  thead th {
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
  }
  tbody tr > * {
    border-top: 1px solid var(--exa-border);
  }
  tbody tr:hover {
    background: var(--exa-hover);
  }
  tbody tr {
    position: relative;
  }
  /* The whole row is the link; buttons stand above it. */
  tbody th a::after {
    content: '';
    position: absolute;
    inset: 0;
  }
  tbody th a:focus-visible {
    outline: none;
  }
  tbody th a:focus-visible::after {
    outline: var(--exa-focus);
    outline-offset: -2px;
  }
  tbody .button {
    position: relative;
  }
  tbody th a {
    font-weight: 500;
    color: var(--exa-text);
    text-decoration: none;
  }
  tbody th a:hover {
    text-decoration: underline;
  }
  td .button {
    min-height: 28px;
  }
  .end {
    text-align: end;
  }
  @media (max-width: 719px) {
    /* Name, rows and what is here fit a phone; the rest stands on the page of each. */
    .list :is(th, td):is(:nth-child(2), :nth-child(4), :nth-child(5), :nth-child(6), :nth-child(7)) {
      display: none;
    }
    .list :is(th, td) {
      padding: 0 6px;
    }
    .list :is(th, td):first-child {
      padding-inline-start: 12px;
    }
  }
  .rows {
    margin-top: var(--exa-gap);
    height: max(420px, calc(100dvh - 300px));
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
  }
  .top .icon-only {
    margin-inline-start: -8px;
  }
  .top .go {
    margin-inline-start: auto;
  }
  .plays {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    margin: 8px 0;
    color: var(--exa-muted);
  }
  select {
    min-height: 32px;
    padding: 0 8px;
    border: 1px solid var(--exa-border-strong);
    border-radius: 4px;
    background: var(--exa-surface);
    color: var(--exa-text);
  }
  .formulas {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-top: 12px;
  }
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(320px, 100%), 1fr));
    gap: 0 24px;
  }
  .fields li {
    display: flex;
    justify-content: space-between;
    align-items: center;
    gap: 12px;
    min-height: 32px;
    border-bottom: 1px solid var(--exa-border);
  }
  .fields li > span:first-child {
    display: flex;
    gap: 6px;
    align-items: center;
    white-space: nowrap;
  }
  .fields .meta {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .here {
    display: inline-block;
    margin-inline-start: 6px;
    padding: 0 6px;
    border: 1px solid var(--exa-border-strong);
    border-radius: 9px;
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
    font-weight: 400;
    white-space: nowrap;
  }
  .sure {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    white-space: nowrap;
  }
`;
