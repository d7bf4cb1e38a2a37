import { type CSSResult, css } from 'lit';

/** The sheet of keyboard shortcuts, which lies in the frame. */
export const shortcutsStyles: CSSResult = css`
  .shortcuts wa-dialog {
    --width: min(496px, calc(100vw - 24px));
  }
  .shortcuts dd {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .shortcuts dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 8px 16px;
    align-items: center;
  }
  .shortcuts kbd {
    padding: 2px 6px;
    border: 1px solid var(--exa-border-strong);
    border-radius: 4px;
    font: 12px var(--exa-mono);
    white-space: nowrap;
  }
`;
