import { type CSSResult, css } from 'lit';

export const editorStyles: CSSResult = css`
  form {
    display: grid;
    gap: 8px;
    padding: 12px 16px 16px;
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    gap: 12px;
  }
  .top .field:first-child {
    flex: 1 1 220px;
  }
  .field {
    display: grid;
    gap: 4px;
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
  }
  input,
  select {
    min-height: 32px;
    min-width: 0;
    padding: 0 8px;
    border: 1px solid var(--exa-border-strong);
    border-radius: 4px;
    background: var(--exa-surface);
    color: var(--exa-text);
    font-size: var(--exa-size-body);
  }
  .fault {
    display: flex;
    gap: 6px;
    align-items: baseline;
    color: var(--exa-danger);
  }
  .fault .icon {
    align-self: center;
  }
  .fault:empty {
    display: none;
  }
  #about {
    min-height: 20px;
    font-size: var(--exa-size-meta);
  }
  .preview {
    min-height: 52px;
    overflow: auto;
    border: 1px solid var(--exa-border);
    border-radius: 4px;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: var(--exa-size-meta);
  }
  th,
  td {
    height: 24px;
    padding: 0 8px;
    border-bottom: 1px solid var(--exa-border);
    text-align: start;
    white-space: nowrap;
    max-width: 220px;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  tbody tr:last-child td {
    border-bottom: 0;
  }
  th {
    color: var(--exa-muted);
    font-weight: 500;
  }
  .end {
    text-align: end;
  }
  .made {
    background: var(--exa-accent-soft);
    color: var(--exa-text);
  }
  .buttons {
    display: flex;
    justify-content: flex-end;
    gap: 8px;
  }
  details {
    border-top: 1px solid var(--exa-border);
    padding-top: 8px;
  }
  summary {
    min-height: 28px;
    color: var(--exa-muted);
    cursor: pointer;
  }
  li {
    display: grid;
    grid-template-columns: minmax(80px, 1fr) minmax(0, 2fr) auto auto auto;
    align-items: center;
    gap: 8px;
    min-height: 36px;
    border-top: 1px solid var(--exa-border);
  }
  li.now .name {
    font-weight: 600;
  }
  li .name,
  li code {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  code {
    font-family: var(--exa-mono);
    font-size: var(--exa-size-meta);
    color: var(--exa-muted);
  }
  .undo {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  @media (max-width: 480px) {
    li {
      grid-template-columns: minmax(0, 1fr) auto auto;
    }
    li code {
      grid-row: 2;
      grid-column: 1 / -1;
      padding-bottom: 4px;
    }
    li .meta {
      display: none;
    }
  }
`;
