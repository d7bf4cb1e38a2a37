import { css } from 'lit';

export const recordStyles = css`
  :host {
    position: fixed;
    z-index: 30;
    inset: 48px 0 0 auto;
    width: 480px;
    border-inline-start: 1px solid var(--exa-border);
    background: var(--exa-surface);
    box-shadow: -8px 0 32px rgb(0 0 0 / 10%);
    animation: slide-in 120ms ease-out;
  }
  @keyframes slide-in {
    from {
      transform: translateX(24px);
      opacity: 0;
    }
  }
  .sheet {
    display: flex;
    flex-direction: column;
    height: 100%;
  }
  header {
    display: flex;
    align-items: center;
    gap: 4px;
    min-height: 48px;
    padding: 0 8px 0 16px;
    border-bottom: 1px solid var(--exa-border);
  }
  h2 {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .body {
    position: relative;
    flex: 1;
    min-height: 0;
    overflow: auto;
    padding: 8px 16px 24px;
  }
  .body:focus-visible {
    outline-offset: -2px;
  }
  .field {
    display: grid;
    grid-template-columns: 152px minmax(0, 1fr);
    gap: 12px;
    align-items: center;
    min-height: var(--exa-row);
    border-bottom: 1px solid var(--exa-border);
  }
  dt {
    color: var(--exa-muted);
    overflow-wrap: anywhere;
  }
  dd {
    display: flex;
    align-items: center;
    gap: 8px;
    min-width: 0;
  }
  dd > span {
    flex: 1;
    min-width: 0;
    padding: 4px 0;
    overflow-wrap: anywhere;
  }
  .edit {
    color: var(--exa-muted);
    min-height: 28px;
    width: 28px;
  }
  .editor {
    display: flex;
    flex: 1;
    gap: 6px;
    min-width: 0;
    padding: 4px 0;
  }
  .editor input {
    flex: 1;
    min-width: 0;
    padding: 0 8px;
    border: 1px solid var(--exa-border-strong);
    border-radius: 4px;
    background: var(--exa-surface);
  }
  .note,
  .gone {
    display: flex;
    gap: 8px;
    align-items: flex-start;
    margin: 8px 0;
    padding: 8px 12px;
    border-radius: var(--exa-radius);
    background: var(--exa-warning-soft);
  }
  .note.bad {
    background: var(--exa-danger-soft);
  }
  .note .icon,
  .gone .icon {
    margin-top: 2px;
    color: var(--exa-warning);
  }
  .note.bad .icon {
    color: var(--exa-danger);
  }
  @media (max-width: 719px) {
    :host {
      inset: 0;
      width: auto;
      border: 0;
    }
    .field {
      grid-template-columns: 112px minmax(0, 1fr);
    }
  }
  /* Said once for the whole sheet. */
  :host(:is([phase='stale'], [phase='failed'])) exa-related::part(dated) {
    display: none;
  }
`;
