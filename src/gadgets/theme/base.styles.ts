import { type CSSResult, css } from 'lit';
import { componentTokens, tokens } from './tokens.ts';

const base: CSSResult = css`
  :host {
    display: block;
    box-sizing: border-box;
    color: var(--exa-text);
    font: 400 var(--exa-size-body) / 1.4 var(--exa-font);
    font-variant-numeric: tabular-nums;
    -webkit-text-size-adjust: 100%;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ul,
  ol {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h1 {
    font-size: var(--exa-size-view);
    font-weight: 600;
    line-height: 1.4;
  }
  h2,
  h3 {
    font-size: var(--exa-size-title);
    font-weight: 600;
    line-height: 1.4;
  }
  a {
    color: var(--exa-accent-text);
  }
  button,
  input,
  select {
    font: inherit;
    color: inherit;
  }
  :focus-visible {
    outline: var(--exa-focus);
    outline-offset: 1px;
  }
  .meta {
    color: var(--exa-muted);
    font-size: var(--exa-size-meta);
  }
  .card {
    background: var(--exa-surface);
    border: 1px solid var(--exa-border);
    border-radius: var(--exa-radius);
  }
  .hidden-text {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-height: 32px;
    padding: 0 12px;
    border: 1px solid var(--exa-border-strong);
    border-radius: var(--exa-radius);
    background: var(--exa-surface);
    font-weight: 500;
    text-decoration: none;
    color: var(--exa-text);
    cursor: pointer;
    transition: background var(--exa-fade);
  }
  .button:hover {
    background: var(--exa-hover);
  }
  .button[disabled] {
    opacity: 0.5;
    cursor: default;
  }
  .button.primary {
    background: var(--exa-accent);
    border-color: var(--exa-accent);
    color: var(--exa-on-accent);
  }
  .button.quiet {
    border-color: transparent;
    background: none;
  }
  .button.quiet:hover {
    background: var(--exa-hover);
  }
  .button.icon-only {
    padding: 0;
    width: 32px;
  }
  .icon {
    width: 16px;
    height: 16px;
    flex: none;
    display: block;
  }
  @media (pointer: coarse) {
    .button {
      min-height: 44px;
    }
    .button.icon-only {
      width: 44px;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      transition: none !important;
      animation: none !important;
    }
  }
`;

/** Styles every gadget begins with: tokens, type, cards (`.card`), buttons (`.button`), `.meta`, `.icon`, `.hidden-text`. */
export const sharedStyles: readonly CSSResult[] = [tokens, base];

/** For gadgets that use Web Awesome components as well. */
export const sharedComponentStyles: readonly CSSResult[] = [tokens, componentTokens, base];
