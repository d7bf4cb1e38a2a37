import { css } from 'lit';

export const fitStyles = css`
  :host {
    min-height: 320px;
  }
  header h3 {
    overflow-wrap: anywhere;
  }
  select {
    min-height: 28px;
    max-width: 100%;
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
  .toggle[aria-pressed='true'] {
    background: var(--exa-accent-soft);
    color: var(--exa-accent-text);
  }
  .strip {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 8px;
    min-height: 28px;
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
  }
  .strip .grow {
    flex: 1 1 auto;
  }
  .strip progress {
    flex: 0 1 120px;
    height: 4px;
    border: 0;
    border-radius: 2px;
    overflow: hidden;
    appearance: none;
    background: var(--exa-hover);
  }
  .strip progress::-webkit-progress-bar {
    background: var(--exa-hover);
  }
  .strip progress::-webkit-progress-value {
    background: var(--exa-accent);
  }
  .strip progress::-moz-progress-bar {
    background: var(--exa-accent);
  }
  .strip .button {
    min-height: 26px;
    padding: 0 8px;
    font-size: var(--exa-size-meta);
  }
  .chart {
    position: relative;
    flex: 1;
    min-height: var(--exa-fit-height, 280px);
    transition: opacity var(--exa-fade);
  }
  .chart.old {
    opacity: 0.5;
  }
  .chart.tall {
    min-height: max(360px, var(--exa-fit-height, 0px));
  }
  .chart.second {
    flex: 0 0 auto;
    min-height: 140px;
    height: 140px;
  }
  exa-plot {
    position: absolute;
    inset: 0;
    height: auto;
  }
  .skeleton {
    flex: 1;
    min-height: 280px;
  }
  .readout {
    min-height: 20px;
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
    overflow-wrap: anywhere;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    padding: 4px 0;
    font-size: var(--exa-size-meta);
  }
  .legend li {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  .legend svg {
    flex: none;
    width: 14px;
    height: 14px;
    overflow: visible;
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 20px;
    margin: 8px 0 0;
    padding-top: 8px;
    border-top: 1px solid var(--exa-border);
    font-size: var(--exa-size-meta);
  }
  .facts div {
    display: flex;
    align-items: baseline;
    gap: 6px;
  }
  .facts .link {
    display: inline-flex;
    align-items: center;
    gap: 4px;
  }
  .facts dt {
    color: var(--exa-muted);
  }
  .facts dd {
    font-weight: 500;
  }
  .notes {
    display: grid;
    gap: 4px;
    margin-top: 8px;
    font-size: var(--exa-size-meta);
  }
  .notes li {
    display: flex;
    gap: 6px;
    color: var(--exa-warning);
  }
  .notes .icon {
    margin-top: 1px;
  }
  code,
  .mono {
    font-family: var(--exa-mono);
    font-size: 12px;
    overflow-wrap: anywhere;
  }
  .table {
    max-height: 360px;
    overflow: auto;
  }
  .table.low {
    max-height: 220px;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: var(--exa-size-meta);
  }
  caption {
    padding: 4px 8px;
    color: var(--exa-muted);
    text-align: start;
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
  }
  td,
  th.amount {
    text-align: end;
  }
  .link {
    min-height: 24px;
    padding: 0;
    border: 0;
    background: none;
    color: var(--exa-accent-text);
    text-decoration: underline;
    cursor: pointer;
  }
  .tabs {
    display: flex;
    flex-wrap: wrap;
    gap: 2px;
    border-bottom: 1px solid var(--exa-border);
  }
  .tabs button {
    min-height: 32px;
    padding: 0 10px;
    border: 0;
    border-bottom: 2px solid transparent;
    background: none;
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
    cursor: pointer;
  }
  .tabs button[aria-selected='true'] {
    border-color: var(--exa-accent);
    color: var(--exa-text);
    font-weight: 500;
  }
  .empty {
    display: grid;
    flex: 1;
    place-content: center;
    justify-items: center;
    gap: 8px;
    padding: 24px 0;
    color: var(--exa-muted);
    text-align: center;
  }
  /* Name and small buttons on one line, what is chosen below. */
  @media (max-width: 719px) {
    header h3 {
      flex: 1 1 0;
      min-width: 50%;
    }
    header > .toggle,
    header > exa-card-menu {
      order: 1;
    }
    header > select,
    header > .controls {
      order: 2;
      flex: 1 1 auto;
    }
  }
  @media (pointer: coarse) {
    select,
    .toggle,
    .strip .button,
    .tabs button {
      min-height: 44px;
    }
    .link {
      min-height: 44px;
    }
  }
`;
