import { css } from 'lit';

export const behindStyles = css`
  :host {
    position: fixed;
    z-index: 28;
    inset: 48px 0 0 auto;
    width: min(960px, 100vw);
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
  .picture {
    height: 100%;
  }
  .sheet {
    display: flex;
    flex-direction: column;
    height: 100%;
  }
  header {
    display: flex;
    align-items: center;
    gap: 8px;
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
    display: flex;
    flex: 1;
    flex-direction: column;
    min-height: 0;
  }
  .facts {
    border-bottom: 1px solid var(--exa-border);
  }
  exa-grid {
    flex: 1;
    min-height: 0;
  }
  .skeleton {
    margin: 16px;
    min-height: 200px;
  }
  @media (max-width: 719px) {
    :host {
      inset: 48px 0 56px 0;
      width: auto;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    :host {
      animation: none;
    }
  }
`;
