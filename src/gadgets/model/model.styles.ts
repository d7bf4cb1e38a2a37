import { css } from 'lit';

export const modelStyles = css`
  .model {
    display: grid;
    grid-template-columns: minmax(260px, 320px) minmax(0, 1fr);
    gap: var(--exa-gap);
    align-items: start;
  }
  .right {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--exa-gap);
    min-width: 0;
  }
  .cell.fitted {
    --exa-fit-height: 360px;
    min-height: 480px;
    padding: 12px 16px;
  }
  .form {
    display: grid;
    gap: 16px;
  }
  fieldset {
    display: grid;
    gap: 8px;
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend,
  summary {
    padding: 0;
    font-weight: 600;
  }
  legend {
    margin-bottom: 4px;
  }
  .group[open] {
    display: grid;
    gap: 8px;
  }
  summary {
    min-height: 28px;
    cursor: pointer;
  }
  label {
    display: grid;
    gap: 2px;
    min-width: 0;
  }
  label > span,
  .label {
    font-size: var(--exa-size-meta);
    color: var(--exa-muted);
  }
  .check {
    display: flex;
    gap: 8px;
    align-items: flex-start;
    min-height: 24px;
  }
  .check > span {
    color: var(--exa-text);
    font-size: var(--exa-size-body);
    overflow-wrap: anywhere;
  }
  .check input,
  .param input[type='checkbox'] {
    width: 16px;
    height: 16px;
    margin: 2px 0 0;
    accent-color: var(--exa-accent);
  }
  select,
  input[type='text'],
  input[type='number'] {
    width: 100%;
    min-width: 0;
    min-height: 32px;
    padding: 0 8px;
    border: 1px solid var(--exa-border-strong);
    border-radius: var(--exa-radius);
    background: var(--exa-surface);
  }
  .encoding {
    width: calc(100% - 24px);
    margin: 2px 0 8px 24px;
  }

  .choices {
    display: grid;
    gap: 2px;
    max-height: max(300px, 50vh);
    overflow: auto;
    /* A shadow where more is hidden. */
    background:
      linear-gradient(var(--exa-surface) 30%, transparent) top / 100% 24px local no-repeat,
      linear-gradient(transparent, var(--exa-surface) 70%) bottom / 100% 24px local no-repeat,
      linear-gradient(var(--exa-border), transparent) top / 100% 8px scroll no-repeat,
      linear-gradient(transparent, var(--exa-border)) bottom / 100% 8px scroll no-repeat;
  }
  .pair {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 8px;
  }
  .param {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    gap: 0 8px;
    align-items: center;
  }
  .param label {
    font-size: var(--exa-size-body);
  }
  .param .hint,
  .param .fault {
    grid-column: 1 / -1;
  }
  .param.default input,
  .param.default select {
    color: var(--exa-muted);
    border-color: var(--exa-border);
  }
  .hint {
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
  }
  .fault,
  .warning {
    display: flex;
    gap: 6px;
    align-items: flex-start;
    font-size: var(--exa-size-meta);
  }
  .fault {
    color: var(--exa-danger);
  }
  .warning {
    color: var(--exa-warning);
  }
  .warning span {
    flex: 1;
    overflow-wrap: anywhere;
  }
  .warning .button {
    min-height: 24px;
    padding: 0 6px;
    font-size: var(--exa-size-meta);
  }
  input[aria-invalid='true'] {
    border-color: var(--exa-danger);
  }
  code,
  pre {
    font-family: var(--exa-mono);
    font-size: 12px;
  }
  .selected {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(220px, 100%), 1fr));
    gap: inherit;
    min-width: 0;
  }
  .selected .lead {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    justify-content: space-between;
    grid-column: 1 / -1;
  }
  .selected .rows {
    grid-column: 1 / -1;
    height: 320px;
  }
  .noticed {
    display: grid;
    gap: 4px;
  }
  .noticed li,
  .left {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .noticed li {
    flex-wrap: nowrap;
    align-items: flex-start;
    color: var(--exa-warning);
  }
  .left > span {
    flex: 1 1 200px;
  }
  .code summary {
    display: flex;
    gap: 8px;
    align-items: center;
  }
  .code .ways {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    margin: 8px 0;
  }
  pre {
    max-height: 420px;
    margin: 0;
    padding: 12px;
    overflow: auto;
    border-radius: var(--exa-radius);
    background: var(--exa-canvas);
    line-height: 1.5;
  }
  @media (max-width: 899px) {
    .model {
      grid-template-columns: minmax(0, 1fr);
    }
    .right {
      order: -1;
    }
    .cell.fitted {
      --exa-fit-height: 280px;
      min-height: 420px;
    }
  }
  @media (pointer: coarse) {
    select,
    input[type='text'],
    input[type='number'] {
      min-height: 44px;
    }
    .check,
    summary {
      min-height: 44px;
      align-items: center;
    }
  }
`;
