import { css } from 'lit';

export const distributionStyles = css`
  :host {
    min-height: 240px;
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
    min-height: 150px;
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
  }
  @media (pointer: coarse) {
    .small {
      min-height: 44px;
    }
  }
`;
