import { css } from 'lit';

/** A chart, and the same as a table: for cards of a few series. */
export const chartStyles = css`
  .chart {
    position: relative;
    flex: 1;
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
  .table {
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
`;
