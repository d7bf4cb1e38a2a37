import { css } from 'lit';

/** What cards of arrays share: a header of a name, a readout, and small buttons. */
export const arrayCardStyles = css`
  :host {
    display: flex;
    flex-direction: column;
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
    gap: 2px 8px;
    min-height: 32px;
  }
  header h3 {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .badge {
    padding: 1px 8px;
    border-radius: 10px;
    background: var(--exa-hover);
    font-size: var(--exa-size-meta);
    white-space: nowrap;
  }
  .readout {
    flex: 1 1 120px;
    min-width: 0;
    min-height: 18px;
    overflow: hidden;
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
    text-align: end;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .readout b {
    color: var(--exa-text);
    font-weight: 600;
  }
  .tools {
    display: flex;
    gap: 0;
    margin-inline-end: -6px;
  }
  .tool {
    min-height: 28px;
    padding: 0 6px;
    font-size: var(--exa-size-meta);
  }
  .tool[aria-pressed='true'] {
    background: var(--exa-accent-soft);
    color: var(--exa-accent-text);
  }
  .chart {
    position: relative;
    flex: 1;
    min-height: 140px;
  }
  exa-plot,
  canvas.data {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  canvas.data {
    pointer-events: none;
  }
  .area {
    position: absolute;
    overflow: hidden;
    cursor: grab;
    touch-action: pan-y;
    user-select: none;
    -webkit-user-select: none;
  }
  .area:active {
    cursor: grabbing;
  }
  .area.selecting {
    cursor: crosshair;
  }
  .area:focus-visible {
    outline-offset: -2px;
    border-radius: 2px;
  }
  .cursor {
    position: absolute;
    top: 0;
    bottom: 0;
    width: 1px;
    background: var(--exa-border-strong);
    pointer-events: none;
  }
  .shade {
    position: absolute;
    top: 0;
    bottom: 0;
    background: color-mix(in srgb, var(--exa-surface) 66%, transparent);
    pointer-events: none;
  }
  .edge {
    position: absolute;
    top: 0;
    bottom: 0;
    width: 1.5px;
    margin-inline-start: -0.75px;
    background: var(--exa-accent);
    pointer-events: none;
  }
  .band {
    position: absolute;
    left: 0;
    right: 0;
    background: var(--exa-accent);
    opacity: 0.1;
    pointer-events: none;
  }
  .gap {
    position: absolute;
    top: 50%;
    transform: translate(-50%, -50%);
    padding: 2px 10px;
    border-radius: 10px;
    background: var(--exa-surface);
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
    white-space: nowrap;
    pointer-events: none;
  }
  .strip {
    margin-top: 4px;
  }
  .table {
    flex: 1;
    min-height: 0;
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
    text-align: end;
    white-space: nowrap;
  }
  thead th {
    position: sticky;
    top: 0;
    background: var(--exa-surface);
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
  }
  .empty {
    display: grid;
    flex: 1;
    place-content: center;
    color: var(--exa-muted);
  }
  @media (pointer: coarse) {
    .tool {
      min-width: 44px;
      min-height: 44px;
    }
  }
  @media (max-width: 719px) {
    :host {
      padding: 8px 12px;
    }
    .readout {
      flex-basis: 100%;
      order: 5;
      text-align: start;
    }
  }
`;

export const seriesStyles = css`
  :host {
    min-height: 240px;
  }
  .skeleton {
    flex: 1;
    min-height: 180px;
  }
`;
