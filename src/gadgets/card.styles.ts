import { css } from 'lit';

/** What cards with a chart share: a header of a name and small buttons above a picture that fills the rest. */
export const cardStyles = css`
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
    gap: 4px 8px;
    min-height: 32px;
  }
  header h3 {
    flex: 1 1 auto;
  }
`;
