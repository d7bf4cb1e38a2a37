import { css } from 'lit';

export const ordersStyles = css`
  .bars {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: var(--exa-gap);
  }
  .bars > :only-child,
  .bars > :last-child:nth-child(odd) {
    grid-column: 1 / -1;
  }
  .coverage {
    display: flex;
    align-items: center;
    gap: 6px;
    color: var(--exa-warning);
    font-size: var(--exa-size-meta);
  }
  .grid {
    min-height: 420px;
  }
  .ways {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  @container (width < 640px) {
    .bars {
      grid-template-columns: minmax(0, 1fr);
      gap: 8px;
    }
  }
`;
