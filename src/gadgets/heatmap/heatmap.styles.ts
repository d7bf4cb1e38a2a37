import { css } from 'lit';

export const heatmapStyles = css`
  :host {
    min-height: 320px;
    height: 520px;
  }
  .skeleton {
    flex: 1;
  }
  .area {
    touch-action: none;
    cursor: crosshair;
  }
  .area:active {
    cursor: grabbing;
  }
  .cursor.across {
    top: auto;
    bottom: auto;
    left: 0;
    right: 0;
    width: auto;
    height: 1px;
  }
  .cursor {
    background: var(--exa-text);
    opacity: 0.55;
  }
  .scale {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
    white-space: nowrap;
  }
  .scale i {
    display: block;
    width: 96px;
    height: 10px;
    border-radius: 2px;
  }
  .mini {
    position: absolute;
    z-index: 2;
    right: 8px;
    bottom: 8px;
    width: 132px;
    height: 84px;
    border: 1px solid var(--exa-border-strong);
    border-radius: 4px;
    background: var(--exa-surface);
    cursor: pointer;
  }
  @media (max-width: 719px) {
    .mini {
      width: 56px;
      height: 40px;
    }
    .scale i {
      width: 64px;
    }
  }
`;
