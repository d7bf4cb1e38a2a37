import { css } from 'lit';

export const exploreStyles = css`
  .menus {
    grid-column: 1 / -1;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .menus .button {
    padding-inline: 8px;
  }
  .menus select {
    max-width: 150px;
  }
  /* Neither stands alone in a line. */
  .makes {
    display: inline-flex;
    flex-wrap: wrap;
  }
  .menus label {
    display: flex;
    align-items: center;
    gap: 6px;
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
  }
  select {
    min-height: 32px;
    max-width: 220px;
    padding: 0 6px;
    border: 1px solid var(--exa-border-strong);
    border-radius: 4px;
    background: var(--exa-surface);
    color: var(--exa-text);
    font-size: var(--exa-size-body);
  }
  .choices {
    display: grid;
    max-height: 320px;
    overflow: auto;
  }
  .choices label {
    min-height: 32px;
    padding: 0 4px;
    border-radius: 4px;
    color: var(--exa-text);
    font-size: var(--exa-size-body);
  }
  .choices label:hover {
    background: var(--exa-hover);
  }
  .choices input {
    width: 16px;
    height: 16px;
    accent-color: var(--exa-accent);
  }
  /* Room for the comparison that a brush brings: what stands below stays where it is. */
  .dated exa-figure {
    min-height: 110px;
  }
  .side {
    display: grid;
    align-content: start;
    gap: inherit;
    min-width: 0;
  }
  .boards {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    align-content: start;
    gap: var(--exa-gap);
  }
  .boards > :only-child {
    grid-column: 1 / -1;
  }
  .coverage {
    display: flex;
    align-items: center;
    gap: 6px;
    color: var(--exa-warning);
    font-size: var(--exa-size-meta);
  }
  .skeleton.tall {
    min-height: 180px;
  }
  .grid {
    min-height: 420px;
  }
  .ways {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  exa-distribution.cell {
    padding: 12px 16px;
  }
  @media (pointer: coarse) {
    select {
      min-height: 44px;
    }
  }
  @container (width < 640px) {
    .boards {
      grid-template-columns: minmax(0, 1fr);
      gap: 8px;
    }
    .dated exa-figure {
      min-height: 124px;
    }
    /* Two in a line, all of one width; of three menus the first has a line of its own. */
    .menus {
      grid-template-columns: repeat(2, minmax(0, 1fr));
      display: grid;
      align-items: end;
    }
    .menus > label {
      flex-direction: column;
      align-items: stretch;
      gap: 2px;
    }
    .menus > label:first-of-type:nth-last-of-type(odd),
    .menus > exa-popover-panel:only-of-type {
      grid-column: 1 / -1;
    }
    .menus .makes {
      display: contents;
    }
    .menus .button {
      width: 100%;
      border-color: var(--exa-border-strong);
      background: var(--exa-surface);
    }
    .menus exa-popover-panel .button {
      gap: 4px;
      justify-content: start;
      text-align: start;
    }
    .menus exa-popover-panel .button .icon {
      margin-inline-start: auto;
    }
    .menus select {
      max-width: none;
      width: 100%;
    }
    select {
      max-width: none;
      width: 100%;
    }
  }
`;
