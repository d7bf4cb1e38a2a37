import { css } from 'lit';

export const trendStyles = css`
  :host {
    min-height: 260px;
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
    min-height: 180px;
  }
  .skeleton {
    flex: 1;
    min-height: 200px;
  }
  .table {
    max-height: 220px;
  }
  @media (pointer: coarse) {
    select,
    .toggle {
      min-height: 44px;
    }
  }
`;
