import { css } from 'lit';

export const graphStyles = css`
  :host {
    min-height: 260px;
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
    min-height: 180px;
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
  }
  .skeleton {
    flex: 1;
    min-height: 190px;
  }
`;
