import { css } from 'lit';

export const trendStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 260px;
    padding: 12px 16px;
  }
  :host([compact]) {
    min-height: 172px;
  }
  :host([compact]) .chart {
    min-height: 112px;
  }
  :host([compact]) .skeleton {
    min-height: 120px;
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
  .late {
    position: absolute;
    z-index: 2;
    inset: 52px 16px auto auto;
    display: flex;
    align-items: center;
    gap: 4px;
    padding: 2px 8px;
    border-radius: 4px;
    background: var(--exa-warning-soft);
    color: var(--exa-warning);
    font-size: var(--exa-size-meta);
  }
  .legend {
    display: flex;
    align-items: center;
    gap: 6px;
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
  }
  .dash {
    width: 18px;
    border-top: 2px dashed var(--exa-series-2);
  }
  .readout {
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
    white-space: nowrap;
  }
  select {
    min-height: 28px;
    padding: 0 4px;
    border: 1px solid var(--exa-border);
    border-radius: 4px;
    background: var(--exa-surface);
    font-size: var(--exa-size-meta);
  }
  .toggle {
    min-height: 28px;
    padding: 0 6px;
    font-size: var(--exa-size-meta);
  }
  .chart {
    position: relative;
    flex: 1;
    min-height: 180px;
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
  .skeleton {
    flex: 1;
    min-height: 200px;
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
  td,
  .amount {
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
    select,
    .toggle {
      min-height: 44px;
    }
  }
`;
