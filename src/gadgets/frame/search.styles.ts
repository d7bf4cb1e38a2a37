import { css } from 'lit';

export const searchStyles = css`
      :host {
        position: relative;
        width: min(320px, 100%);
      }
      .box {
        display: flex;
        align-items: center;
        gap: 6px;
        height: 32px;
        padding: 0 8px;
        border: 1px solid var(--exa-border-strong);
        border-radius: var(--exa-radius);
        background: var(--exa-surface);
        color: var(--exa-muted);
      }
      .box:focus-within {
        outline: var(--exa-focus);
        outline-offset: 1px;
      }
      input {
        flex: 1;
        min-width: 0;
        border: 0;
        outline: 0;
        background: none;
        color: var(--exa-text);
      }
      /* The box round it has the ring. */
      input:focus-visible {
        outline: 0;
      }
      input::placeholder {
        color: var(--exa-muted);
        opacity: 1;
      }
      kbd {
        font: 11px var(--exa-mono);
        border: 1px solid var(--exa-border);
        border-radius: 3px;
        padding: 0 4px;
      }
      ul {
        position: absolute;
        z-index: 20;
        top: calc(100% + 4px);
        left: 0;
        right: 0;
        min-width: 260px;
        max-height: 400px;
        overflow: auto;
        padding: 4px;
        background: var(--exa-raised);
        border: 1px solid var(--exa-border);
        border-radius: var(--exa-radius);
        box-shadow: 0 4px 16px rgb(0 0 0 / 12%);
      }
      li {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 32px;
        padding: 0 8px;
        border-radius: 4px;
        cursor: pointer;
      }
      li[aria-selected='true'] {
        background: var(--exa-accent-soft);
      }
      li .meta {
        margin-inline-start: auto;
      }
      .none {
        padding: 8px;
        color: var(--exa-muted);
        cursor: default;
      }
      @media (max-width: 719px) {
        :host {
          position: static;
          width: 40px;
        }
        kbd {
          display: none;
        }
        .box {
          width: 40px;
          height: 40px;
          padding: 0 11px;
          border-color: transparent;
        }
        .box:not(:focus-within) input {
          opacity: 0;
        }
        .box:focus-within {
          position: absolute;
          z-index: 2;
          inset: 4px 8px;
          width: auto;
          border-color: var(--exa-border-strong);
        }
        ul {
          top: 48px;
          left: 8px;
          right: 8px;
        }
      }
    `;
