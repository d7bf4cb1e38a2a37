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
  .search {
    min-height: 32px;
    width: 100%;
    margin-bottom: 4px;
    padding: 0 8px;
    border: 1px solid var(--exa-border-strong);
    border-radius: 4px;
    background: var(--exa-surface);
    color: var(--exa-text);
  }
  .more {
    margin: 2px -8px -4px;
  }
  .bar {
    position: relative;
    display: flex;
    align-items: center;
    gap: 8px;
    width: 100%;
    min-height: 32px;
    padding: 0 4px 6px;
    border: 0;
    border-radius: 4px;
    background: none;
    text-align: start;
  }
  ul {
    margin: 0 -4px;
  }
  li {
    position: relative;
  }
  .behind {
    position: absolute;
    inset: 2px 2px auto auto;
    display: grid;
    place-items: center;
    width: 26px;
    height: 24px;
    padding: 0;
    border: 1px solid var(--exa-border);
    border-radius: 4px;
    background: var(--exa-raised);
    color: var(--exa-muted);
    cursor: pointer;
    opacity: 0;
  }
  .behind:hover {
    color: var(--exa-text);
  }
  li:hover .behind {
    opacity: 1;
  }
  .behind .icon {
    width: 14px;
    height: 14px;
  }
  @media (hover: none) {
    .behind {
      display: none;
    }
  }
  button.bar {
    cursor: pointer;
  }
  button.bar:hover {
    background: var(--exa-hover);
  }
  /* Under the words, so that no bar's end runs through them. */
  .track {
    position: absolute;
    inset: auto 4px 3px;
    height: 4px;
    border-radius: 2px;
    overflow: hidden;
    background: var(--exa-hover);
    pointer-events: none;
  }
  button.bar:hover .track {
    background: var(--exa-border);
  }
  .track > span {
    position: absolute;
    inset-block: 0;
    inset-inline-start: 0;
    min-width: 2px;
    border-radius: 2px;
  }
  .track > .ghost {
    background: var(--exa-ghost);
  }
  .track > .now {
    background: var(--exa-series-1);
  }
  .track > .none {
    min-width: 0;
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
  /* Numbers and names keep their own direction in a page of the other one. */
  .name,
  .amount {
    unicode-bidi: plaintext;
    text-align: match-parent;
  }
  .amount {
    position: relative;
    white-space: nowrap;
  }
  .off .name,
  .off .amount {
    color: var(--exa-muted);
  }
  .off .now {
    background: var(--exa-other);
    opacity: 0.45;
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
