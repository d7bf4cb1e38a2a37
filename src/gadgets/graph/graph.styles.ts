import { css } from 'lit';

export const graphStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 260px;
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
  .small {
    min-height: 28px;
    padding: 0 8px;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: var(--exa-size-meta);
  }
  .legend li::before {
    content: '';
    display: inline-block;
    width: 12px;
    height: 0;
    margin-inline-end: 6px;
    border-top: 3px solid;
    border-color: inherit;
    vertical-align: middle;
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
  .mark {
    position: absolute;
    margin: 0;
    padding: 0;
    border: 0;
    border-radius: 2px;
    background: transparent;
    cursor: pointer;
  }
  .mark:hover {
    background: color-mix(in srgb, var(--exa-accent) 12%, transparent);
  }
  .table {
    max-height: 320px;
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
  .skeleton {
    flex: 1;
    min-height: 190px;
  }
  .empty {
    display: grid;
    flex: 1;
    place-content: center;
    color: var(--exa-muted);
  }
`;
