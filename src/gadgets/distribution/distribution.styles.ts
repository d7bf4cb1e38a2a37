import { css } from 'lit';

export const distributionStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 240px;
    padding: 12px 16px;
  }
  .picture {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-height: 0;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 8px;
    min-height: 32px;
  }
  header h3 {
    flex: 1 1 auto;
  }
  .readout {
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
    white-space: nowrap;
  }
  .small {
    min-height: 28px;
    padding: 0 8px;
    font-size: var(--exa-size-meta);
  }
  .chart {
    position: relative;
    flex: 1;
    min-height: 150px;
  }
  exa-plot {
    position: absolute;
    inset: 0;
    height: auto;
  }
  .chart.slicing exa-plot {
    filter: grayscale(1);
    opacity: 0.35;
  }
  .tails {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 4px 8px;
  }
  .tails .above {
    margin-inline-start: auto;
  }
  .tails [aria-pressed='true'] {
    border-color: var(--exa-accent);
    font-weight: 600;
  }
  .skeleton {
    flex: 1;
    min-height: 190px;
  }
  .table {
    max-height: 220px;
    overflow: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: 4px 8px;
    border-bottom: 1px solid var(--exa-border);
    font-weight: 400;
    text-align: start;
  }
  thead th {
    position: sticky;
    top: 0;
    background: var(--exa-surface);
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
  }
  td,
  .amount {
    text-align: end;
  }
  .empty {
    display: grid;
    flex: 1;
    place-content: center;
    color: var(--exa-muted);
  }
  @media (pointer: coarse) {
    .small {
      min-height: 44px;
    }
  }
`;
