import { css } from 'lit';

export const filterBarStyles = css`
  .bar {
    display: flex;
    align-items: center;
    gap: 6px;
    min-height: 40px;
    min-width: 0;
  }
  .bar > ul {
    display: contents;
  }
  .pill {
    display: inline-flex;
    align-items: center;
    min-width: 0;
    height: 28px;
    padding-inline-start: 4px;
    border: 1px solid var(--exa-border);
    border-radius: 14px;
    background: var(--exa-accent-soft);
    color: var(--exa-text);
    white-space: nowrap;
  }
  .pill.out {
    background: var(--exa-danger-soft);
  }
  .pill .words {
    display: block;
    width: auto;
    border-radius: 4px;
    color: inherit;
    overflow: hidden;
    text-overflow: ellipsis;
    max-width: 320px;
    height: 26px;
    padding: 0 6px;
    border: 0;
    background: none;
    cursor: pointer;
  }
  .pill .label {
    font-weight: 600;
  }
  .pill b {
    margin-inline: 4px;
    color: var(--exa-danger);
  }
  .pill > button {
    display: grid;
    place-items: center;
    width: 26px;
    height: 26px;
    padding: 0;
    border: 0;
    border-radius: 13px;
    background: none;
    cursor: pointer;
    color: var(--exa-muted);
  }
  .pill > button:hover,
  .pill .words:hover {
    color: var(--exa-text);
    background: var(--exa-hover);
  }
  .pill .icon {
    width: 14px;
    height: 14px;
  }
  .button.small {
    min-height: 28px;
    padding: 0 8px;
    white-space: nowrap;
  }
  .columns {
    display: grid;
    min-width: 200px;
  }
  .columns .last {
    margin-top: 4px;
    padding-top: 4px;
    border-top: 1px solid var(--exa-border);
  }
  exa-filter-editor,
  exa-condition-group {
    min-width: 260px;
  }
  .option {
    width: 100%;
    min-height: 32px;
    padding: 0 8px;
    border: 0;
    border-radius: 4px;
    background: none;
    text-align: start;
    cursor: pointer;
  }
  .option:hover {
    background: var(--exa-hover);
  }
  .editor {
    display: grid;
    gap: 8px;
    min-width: 260px;
  }
  .editor > .button {
    justify-self: start;
  }
  @media (max-width: 719px) {
    .bar {
      overflow-x: auto;
      scrollbar-width: none;
    }
    .pill,
    .bar > * {
      flex: none;
    }
    .pill .words {
      max-width: calc(100vw - 80px);
    }
    .pill .turn {
      display: none;
    }
  }
`;
