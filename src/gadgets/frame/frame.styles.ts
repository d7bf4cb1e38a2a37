import { css } from 'lit';

export const frameStyles = css`
  :host {
    display: grid;
    grid-template: 'panel header' 48px 'panel bar' auto 'panel main' 1fr / 240px minmax(0, 1fr);
    height: 100vh;
    height: 100dvh;
    background: var(--exa-canvas);
    color: var(--exa-text);
  }
  :host([panel='narrow']) {
    grid-template-columns: 56px minmax(0, 1fr);
  }
  /* In somebody else's page: no ways to other views. */
  :host([embedded]) {
    grid-template: 'header' auto 'bar' auto 'main' 1fr / minmax(0, 1fr);
  }
  :host([embedded]) :is(.panel, .skip, exa-search) {
    display: none;
  }
  .skip {
    position: absolute;
    z-index: 60;
    top: 8px;
    left: 8px;
    transform: translateY(-64px);
  }
  .skip:focus {
    transform: none;
  }
  .panel {
    grid-area: panel;
    display: flex;
    flex-direction: column;
    gap: 2px;
    padding: 8px;
    border-inline-end: 1px solid var(--exa-border);
    background: var(--exa-surface);
    overflow: hidden auto;
  }
  .brand {
    display: flex;
    align-items: center;
    gap: 10px;
    height: 32px;
    margin-bottom: 12px;
    padding: 0 8px;
    font-weight: 600;
    white-space: nowrap;
    color: var(--exa-text);
    text-decoration: none;
  }
  .brand svg {
    width: 24px;
    height: 24px;
    flex: none;
  }
  .entry {
    display: flex;
    align-items: center;
    gap: 12px;
    width: 100%;
    min-height: 36px;
    padding: 0 12px;
    border: 0;
    border-radius: var(--exa-radius);
    background: none;
    color: var(--exa-muted);
    text-decoration: none;
    text-align: start;
    white-space: nowrap;
    cursor: pointer;
  }
  .entry:hover {
    background: var(--exa-hover);
    color: var(--exa-text);
  }
  .entry[aria-current] {
    background: var(--exa-accent-soft);
    color: var(--exa-accent-text);
    font-weight: 500;
  }
  .grow {
    flex: 1;
  }
  .more {
    display: none;
  }
  :host([panel='narrow']) .entry,
  :host([panel='narrow']) .brand {
    justify-content: center;
    padding: 0;
  }
  :host([panel='narrow']) .entry > span,
  :host([panel='narrow']) .brand > span {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .header {
    grid-area: header;
    position: relative;
    z-index: 12;
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 0 16px;
    border-bottom: 1px solid var(--exa-border);
    background: var(--exa-surface);
  }
  .crumbs {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
    flex: 1 1 auto;
  }
  exa-search {
    flex: 0 20 320px;
    min-width: 120px;
  }
  exa-period-picker,
  exa-freshness {
    flex: none;
  }
  .crumbs ol {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
  }
  .crumbs li {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
    white-space: nowrap;
  }
  .crumbs li:first-child {
    flex: none;
  }
  .crumbs h1 {
    outline-offset: 4px;
  }
  .crumbs .icon {
    width: 14px;
    height: 14px;
    color: var(--exa-muted);
  }
  .crumbs .table {
    color: var(--exa-muted);
  }
  .crumbs .table:not(:has(exa-popover-panel)) {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .tables {
    display: grid;
  }
  .tables button {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 32px;
    padding: 0 8px;
    border: 0;
    border-radius: 4px;
    background: none;
    text-align: start;
    cursor: pointer;
  }
  .tables button[aria-current] {
    font-weight: 600;
  }
  .tables button:hover {
    background: var(--exa-hover);
  }
  .bar {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    grid-area: bar;
    position: relative;
    z-index: 11;
    min-height: 40px;
    padding: 0 16px;
    border-bottom: 1px solid var(--exa-border);
    background: var(--exa-surface);
  }
  .main {
    grid-area: main;
    position: relative;
    overflow: auto;
    outline: none;
  }
  .view {
    max-width: 1680px;
    padding: 12px 16px 24px;
    margin: 0 auto;
  }
  .note {
    display: flex;
    align-items: center;
    gap: 8px;
    margin-bottom: 12px;
    padding: 8px 12px;
    border: 1px solid var(--exa-border);
    border-radius: var(--exa-radius);
    background: var(--exa-warning-soft);
  }
  .note .button {
    margin-inline-start: auto;
  }
  .note .icon {
    color: var(--exa-warning);
  }
  .line {
    position: absolute;
    z-index: 13;
    right: 0;
    bottom: -1px;
    left: 0;
    height: 2px;
    overflow: hidden;
  }
  .line::after {
    content: '';
    display: block;
    width: 30%;
    height: 100%;
    background: var(--exa-accent);
    animation: slide 1.2s linear infinite;
  }
  @keyframes slide {
    from {
      transform: translateX(-100%);
    }
    to {
      transform: translateX(360%);
    }
  }
  @media (max-width: 719px) {
    :host,
    :host([panel='narrow']) {
      grid-template: 'header' 48px 'bar' auto 'main' minmax(0, 1fr) 'panel' 56px / minmax(0, 1fr);
    }
    .panel {
      flex-direction: row;
      gap: 0;
      padding: 0 4px;
      overflow: hidden;
      border: 0;
      border-top: 1px solid var(--exa-border);
    }
    .brand,
    .grow,
    .entry.wide-only,
    .wide-only {
      display: none;
    }
    .entry,
    :host([panel='narrow']) .entry {
      flex: 1 1 52px;
      flex-direction: column;
      justify-content: center;
      gap: 2px;
      min-height: 48px;
      margin: auto 0;
      padding: 0 2px;
      font-size: 11px;
    }
    .entry .icon {
      width: 20px;
      height: 20px;
    }
    .entry > span {
      max-width: 100%;
      overflow: hidden;
      text-overflow: ellipsis;
    }
    .more {
      display: flex;
      flex: 1 1 52px;
    }
    .beyond {
      display: grid;
      grid-template-columns: repeat(3, minmax(0, 1fr));
      gap: 4px;
    }
    .beyond .entry {
      min-height: 56px;
    }
    :host([panel='narrow']) .entry > span {
      position: static;
      width: auto;
      height: auto;
      clip-path: none;
    }
    .header {
      gap: 4px;
      padding-inline: 12px 8px;
    }
    .crumbs li:first-child {
      flex: 0 1 auto;
    }
    .crumbs h1 {
      overflow: hidden;
      text-overflow: ellipsis;
      font-size: 18px;
    }
    exa-search {
      flex: none;
      min-width: 0;
    }
    .crumbs .table,
    .crumbs .sep {
      display: none;
    }
    exa-search {
      margin-inline-start: auto;
    }
    .bar {
      flex-wrap: wrap;
      gap: 0 8px;
      padding: 0 8px;
    }
    .bar:has([filled]) {
      justify-content: end;
    }
    /* Pills have a line of their own, each to be read and removed. */
    exa-filter-bar[filled] {
      order: 1;
      flex-basis: 100%;
    }
    .view {
      padding: 8px 8px 16px;
    }
  }
  exa-filter-bar {
    flex: 1;
    min-width: 0;
  }
  /* On paper: the view alone, as long as it is, no card cut in two. */
  @media print {
    :host,
    :host([panel='narrow']) {
      display: block;
      height: auto;
      color-scheme: light;
      background: none;
    }
    .panel,
    .skip,
    .header > :not(.crumbs),
    .note {
      display: none;
    }
    .main {
      overflow: visible;
    }
    .view {
      padding: 0;
    }
  }
  .dropping {
    position: fixed;
    z-index: 40;
    inset: 8px;
    display: grid;
    place-items: center;
    border: 2px dashed var(--exa-accent);
    border-radius: var(--exa-radius);
    background: var(--exa-accent-soft);
    opacity: 0.95;
    pointer-events: none;
    font-size: var(--exa-size-view);
    font-weight: 600;
  }
`;
