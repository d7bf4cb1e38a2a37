import { css } from 'lit';

export const pageStyles = css`
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    margin-bottom: 12px;
  }
  .head h2 {
    flex: 1 1 auto;
    overflow-wrap: anywhere;
  }
  .head input {
    flex: 1 1 200px;
    min-height: 32px;
    padding: 0 8px;
    border: 1px solid var(--exa-border-strong);
    border-radius: var(--exa-radius);
    background: var(--exa-surface);
    font-size: var(--exa-size-title);
    font-weight: 600;
  }
  .page {
    position: relative;
    display: grid;
    grid-template-columns: repeat(12, minmax(0, 1fr));
    grid-auto-rows: 72px;
    gap: 12px;
  }
  .card {
    position: relative;
    display: flex;
    min-width: 0;
    min-height: 0;
    overflow: hidden;
  }
  .card > exa-filter-group > *,
  .card > .gadget {
    flex: 1;
    min-width: 0;
    min-height: 0;
    height: auto;
    overflow: auto;
  }
  .editing .card {
    padding-top: 34px;
    outline: 1px dashed var(--exa-border-strong);
  }
  .card.held {
    opacity: 0.85;
    outline: 2px solid var(--exa-accent);
  }
  .tools {
    position: absolute;
    z-index: 4;
    inset: 0 0 auto;
    display: flex;
    align-items: center;
    gap: 2px;
    padding: 2px 4px;
    background: var(--exa-hover);
  }
  .tools .button {
    min-height: 28px;
    width: 28px;
    padding: 0;
  }
  .tools .grip {
    cursor: grab;
    touch-action: none;
  }
  .tools .spacer {
    flex: 1;
  }
  .resize {
    position: absolute;
    z-index: 4;
    inset: auto 0 0 auto;
    width: 24px;
    height: 24px;
    border: 0;
    background: linear-gradient(135deg, transparent 55%, var(--exa-border-strong) 55%);
    cursor: nwse-resize;
    touch-action: none;
  }
  form {
    display: grid;
    gap: 8px;
    padding: 4px;
    min-width: 240px;
  }
  label {
    display: grid;
    gap: 2px;
  }
  label.check {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  form select,
  form input:not([type='checkbox']) {
    width: 100%;
    min-height: 32px;
    padding: 0 6px;
    border: 1px solid var(--exa-border-strong);
    border-radius: var(--exa-radius);
    background: var(--exa-surface);
  }
  .empty {
    display: grid;
    justify-items: start;
    gap: 12px;
    padding: 24px;
  }
  .starts {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  @media (max-width: 719px) {
    .page {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
    .card {
      flex: 1 1 100%;
      min-height: 220px;
    }
    /* Two in a line; while they are moved, each has room for its tools. */
    .page:not(.editing) > .card.figure {
      flex-basis: calc(50% - 4px);
    }
    .card.figure {
      min-height: 96px;
    }
    .card.grid {
      height: 480px;
    }
    .resize {
      display: none;
    }
  }
  @media (pointer: coarse) {
    .tools .button {
      min-height: 44px;
      width: 44px;
    }
    .editing .card {
      padding-top: 50px;
    }
    form select,
    form input:not([type='checkbox']) {
      min-height: 44px;
    }
  }
  @media print {
    .card {
      break-inside: avoid;
    }
    .head button,
    exa-popover-panel {
      display: none;
    }
  }
`;
