import { css } from 'lit';

export const importStyles = css`
  .import {
    display: grid;
    gap: var(--exa-gap);
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
  }
  .top h2 {
    overflow-wrap: anywhere;
  }
  .grow {
    flex: 1;
  }
  .scroll {
    overflow-x: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    max-width: 280px;
    padding: 4px 8px;
    overflow: hidden;
    border-bottom: 1px solid var(--exa-border);
    text-align: start;
    text-overflow: ellipsis;
    white-space: nowrap;
    vertical-align: top;
    font-weight: 400;
  }
  thead th {
    font-weight: 600;
  }
  thead select {
    display: block;
    width: 100%;
    min-width: 136px;
    margin-top: 4px;
    font-weight: 400;
  }
  thead .name {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .end {
    text-align: end;
  }
  .none {
    color: var(--exa-muted);
  }
  select,
  input[type='text'] {
    min-height: 32px;
    padding: 0 8px;
    border: 1px solid var(--exa-border-strong);
    border-radius: var(--exa-radius);
    background: var(--exa-surface);
    color: var(--exa-text);
  }
  .doubts,
  .notes {
    display: grid;
    gap: 8px;
  }
  .doubt {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    padding: 8px 12px;
    border: 1px solid var(--exa-warning);
    border-radius: var(--exa-radius);
    background: var(--exa-warning-soft);
  }
  .doubt > .icon {
    color: var(--exa-warning);
  }
  .doubt p {
    flex: 1 1 280px;
    overflow-wrap: anywhere;
  }
  .notes li {
    overflow-wrap: anywhere;
  }
  .how {
    display: flex;
    flex-wrap: wrap;
    gap: 16px 24px;
    align-items: start;
  }
  .how label.field,
  fieldset {
    display: grid;
    gap: 4px;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend,
  .field > span {
    padding: 0;
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
  }
  fieldset label {
    display: flex;
    align-items: center;
    gap: 6px;
    min-height: 28px;
  }
  fieldset input {
    margin: 0;
    accent-color: var(--exa-accent);
  }
  .difference {
    display: grid;
    gap: 4px;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
  }
  progress {
    width: min(320px, 100%);
    height: 8px;
    accent-color: var(--exa-accent);
  }
  @media (pointer: coarse) {
    select,
    input[type='text'],
    fieldset label {
      min-height: 44px;
    }
  }
`;
