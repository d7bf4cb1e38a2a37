import { css } from 'lit';

export const barsStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    padding: 12px 16px;
    min-height: 120px;
  }
  header {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 32px;
  }
  header h3 {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .small {
    min-height: 28px;
    padding: 0 8px;
    font-size: var(--exa-size-meta);
  }
  .bar {
    position: relative;
    display: flex;
    align-items: center;
    gap: 8px;
    width: 100%;
    min-height: 28px;
    padding: 0 8px;
    border: 0;
    border-radius: 4px;
    background: none;
    text-align: start;
  }
  button.bar {
    cursor: pointer;
  }
  button.bar:hover {
    background: var(--exa-hover);
  }
  .track {
    position: absolute;
    inset: 2px 0;
    pointer-events: none;
  }
  .track > span {
    position: absolute;
    inset: 0 auto 0 0;
    min-width: 2px;
    border-radius: 3px;
  }
  .track > .ghost {
    background: var(--exa-ghost);
    opacity: 0.6;
  }
  .track > .now {
    background: var(--exa-series-1);
    opacity: 0.26;
  }
  .track > .none {
    min-width: 0;
  }
  .bar.rest .now {
    background: var(--exa-other);
    opacity: 0.2;
  }
  .mark {
    position: relative;
    flex: none;
    width: 14px;
    height: 14px;
  }
  .mark .icon {
    width: 14px;
    height: 14px;
  }
  .name {
    position: relative;
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .amount {
    position: relative;
    white-space: nowrap;
  }
  .off .name,
  .off .amount {
    color: var(--exa-muted);
  }
  .off .track {
    opacity: 0.4;
  }
  .out .name {
    text-decoration: line-through;
  }
  .chosen .name {
    font-weight: 600;
  }
  .rest,
  .absent {
    color: var(--exa-muted);
  }
  .skeleton {
    min-height: 160px;
  }
  @media (pointer: coarse) {
    .bar {
      min-height: 44px;
    }
    .small {
      min-height: 44px;
    }
  }
`;
