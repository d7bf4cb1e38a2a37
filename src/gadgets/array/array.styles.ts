import { css } from 'lit';

export const arrayStyles = css`
  .columns {
    align-items: stretch;
  }
  exa-series.cell,
  exa-heatmap.cell,
  exa-histogram.cell {
    padding: 12px 16px;
  }
  exa-matrix.cell {
    padding: 0;
    height: 420px;
  }
  exa-histogram.cell {
    min-height: 260px;
  }
  .about {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 12px;
  }
  .about h2 {
    font-size: var(--exa-size-view);
  }
  .shape {
    font-size: var(--exa-size-body);
    white-space: nowrap;
  }
  .about .meta {
    white-space: nowrap;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 8px 12px;
    margin-top: 10px;
  }
  .field {
    display: grid;
    gap: 2px;
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
  }
  .field input,
  .field select {
    min-height: 32px;
    padding: 0 8px;
    border: 1px solid var(--exa-border-strong);
    border-radius: 4px;
    background: var(--exa-surface);
    color: var(--exa-text);
    font-size: var(--exa-size-body);
  }
  .field input[aria-invalid='true'] {
    border-color: var(--exa-danger);
  }
  .slice input {
    width: min(420px, 72vw);
    font-family: var(--exa-mono);
    font-size: 13px;
  }
  .go input {
    width: min(210px, 60vw);
  }
  .time input {
    width: 190px;
  }
  .pair {
    display: flex;
    gap: 4px;
  }
  .wrong {
    flex-basis: 100%;
    color: var(--exa-danger);
    font-size: var(--exa-size-meta);
  }
  .told {
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    align-items: center;
  }
  /* As high as the fields beside them. */
  .field .chips {
    min-height: 32px;
  }
  .chip {
    min-height: 28px;
    padding: 0 10px;
    border: 1px solid var(--exa-border-strong);
    border-radius: 14px;
    background: var(--exa-surface);
    font-size: var(--exa-size-meta);
    cursor: pointer;
  }
  .chip[aria-pressed='true'],
  .chip.filter {
    border-color: var(--exa-accent);
    background: var(--exa-accent-soft);
    color: var(--exa-accent-text);
  }
  .chip .icon {
    display: inline-block;
    width: 12px;
    height: 12px;
    margin-inline-start: 6px;
    vertical-align: -1px;
  }
  details {
    margin-top: 8px;
  }
  summary {
    width: max-content;
    max-width: 100%;
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
    cursor: pointer;
  }
  .geometry {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 8px 16px;
    padding-top: 8px;
  }
  .geometry p {
    flex: 1 1 280px;
  }
  .list {
    display: grid;
    gap: 0;
  }
  progress {
    width: 160px;
    accent-color: var(--exa-accent);
  }
  @media (pointer: coarse) {
    .chip {
      min-width: 44px;
      border-radius: 22px;
    }
    .chip,
    .field input,
    .field select {
      min-height: 44px;
    }
  }
  @media (max-width: 719px) {
    exa-series.cell,
    exa-heatmap.cell,
    exa-histogram.cell {
      padding: 8px 12px;
    }
    exa-heatmap.cell {
      height: 440px;
    }
    .slice,
    .slice input {
      width: 100%;
    }
  }
`;
