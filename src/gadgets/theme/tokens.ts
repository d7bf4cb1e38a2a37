import { type CSSResult, css, unsafeCSS } from 'lit';
import { palette } from './palette.ts';

const colors = Object.entries(palette)
  .map(([name, { light, dark }]) => `--exa-${name}: var(--exa-theme-${name}, light-dark(${light}, ${dark}));`)
  .join('\n    ');

const brand = (kind: 'brand' | 'success' | 'warning' | 'danger', token: string): string => `
    --wa-color-${kind}-fill-quiet: var(--exa-${token}-soft);
    --wa-color-${kind}-fill-normal: var(--exa-${token}-soft);
    --wa-color-${kind}-fill-loud: var(--exa-${token});
    --wa-color-${kind}-border-quiet: var(--exa-border);
    --wa-color-${kind}-border-normal: var(--exa-border);
    --wa-color-${kind}-border-loud: var(--exa-${token});
    --wa-color-${kind}-on-quiet: var(--exa-${token === 'accent' ? 'accent-text' : token});
    --wa-color-${kind}-on-normal: var(--exa-${token === 'accent' ? 'accent-text' : token});
    --wa-color-${kind}-on-loud: var(--exa-on-accent);`;

/**
 * The tokens, on `:host`, in px: colours follow the inherited `color-scheme`, so one attribute on an ancestor
 * switches a whole tree. A portal says its own look by `--exa-theme-…` round the gadgets: `--exa-theme-accent` stands in
 * for `--exa-accent` in all of them, however deep. `--exa-density-row` (px) on any ancestor sets the row height; default 36.
 */
export const tokens: CSSResult = css`
  :host {
    ${unsafeCSS(colors)}
    --exa-font: var(
      --exa-theme-font,
      ui-sans-serif,
      system-ui,
      -apple-system,
      'Segoe UI',
      Roboto,
      'Helvetica Neue',
      Arial,
      sans-serif
    );
    --exa-mono: ui-monospace, 'SF Mono', 'Cascadia Mono', 'Roboto Mono', 'DejaVu Sans Mono', monospace;
    --exa-size-meta: 12px;
    --exa-size-body: 14px;
    --exa-size-title: 16px;
    --exa-size-view: 20px;
    --exa-size-figure: 32px;
    --exa-gap: 12px;
    --exa-radius: var(--exa-theme-radius, 6px);
    --exa-row: var(--exa-density-row, 36px);
    --exa-fade: 120ms;
    --exa-focus: 2px solid var(--exa-accent);
  }
`;

/** What Web Awesome's components read, said in our tokens; only where one of them is used. */
export const componentTokens: CSSResult = css`
  :host {
    --wa-color-surface-default: var(--exa-surface);
    --wa-color-surface-raised: var(--exa-raised);
    --wa-color-surface-lowered: var(--exa-hover);
    --wa-color-surface-border: var(--exa-border);
    --wa-color-text-normal: var(--exa-text);
    --wa-color-text-quiet: var(--exa-muted);
    --wa-color-text-link: var(--exa-accent-text);
    --wa-color-overlay-modal: rgb(0 0 0 / 40%);
    --wa-color-overlay-inline: var(--exa-hover);
    --wa-color-shadow: transparent;
    --wa-color-focus: var(--exa-accent);
    --wa-color-mix-hover: var(--exa-text) 6%;
    --wa-color-mix-active: var(--exa-text) 10%;
    ${unsafeCSS(brand('brand', 'accent') + brand('success', 'success') + brand('warning', 'warning') + brand('danger', 'danger'))}
    --wa-color-neutral-fill-quiet: var(--exa-hover);
    --wa-color-neutral-fill-normal: var(--exa-hover);
    --wa-color-neutral-fill-loud: var(--exa-text);
    --wa-color-neutral-border-quiet: var(--exa-border);
    --wa-color-neutral-border-normal: var(--exa-border);
    --wa-color-neutral-border-loud: var(--exa-border-strong);
    --wa-color-neutral-on-quiet: var(--exa-text);
    --wa-color-neutral-on-normal: var(--exa-text);
    --wa-color-neutral-on-loud: var(--exa-surface);
    --wa-font-family-body: var(--exa-font);
    --wa-font-family-heading: var(--exa-font);
    --wa-font-family-code: var(--exa-mono);
    --wa-font-size-2xs: 11px;
    --wa-font-size-xs: 12px;
    --wa-font-size-s: 13px;
    --wa-font-size-m: 14px;
    --wa-font-size-l: 16px;
    --wa-font-size-xl: 20px;
    --wa-font-size-smaller: 12px;
    --wa-font-size-larger: 16px;
    --wa-font-weight-normal: 400;
    --wa-font-weight-semibold: 500;
    --wa-font-weight-bold: 600;
    --wa-font-weight-body: 400;
    --wa-font-weight-heading: 600;
    --wa-font-weight-action: 500;
    --wa-line-height-condensed: 1.2;
    --wa-line-height-normal: 1.4;
    --wa-space-3xs: 2px;
    --wa-space-2xs: 4px;
    --wa-space-xs: 6px;
    --wa-space-s: 8px;
    --wa-space-m: 12px;
    --wa-space-l: 16px;
    --wa-space-xl: 24px;
    --wa-border-style: solid;
    --wa-border-width-s: 1px;
    --wa-border-width-m: 1px;
    --wa-border-width-l: 2px;
    --wa-border-radius-s: 4px;
    --wa-border-radius-m: 6px;
    --wa-border-radius-l: 6px;
    --wa-border-radius-pill: 9999px;
    --wa-border-radius-circle: 50%;
    --wa-focus-ring-style: solid;
    --wa-focus-ring-width: 2px;
    --wa-focus-ring: 2px solid var(--exa-accent);
    --wa-focus-ring-offset: 1px;
    --wa-shadow-s: none;
    --wa-shadow-m: 0 4px 16px rgb(0 0 0 / 12%);
    --wa-shadow-l: 0 8px 32px rgb(0 0 0 / 16%);
    --wa-transition-easing: ease;
    --wa-transition-slow: 120ms;
    --wa-transition-normal: 120ms;
    --wa-transition-fast: 80ms;
    --wa-form-control-background-color: var(--exa-surface);
    --wa-form-control-border-color: var(--exa-border-strong);
    --wa-form-control-border-style: solid;
    --wa-form-control-border-width: 1px;
    --wa-form-control-border-radius: 6px;
    --wa-form-control-activated-color: var(--exa-accent);
    --wa-form-control-label-color: var(--exa-text);
    --wa-form-control-label-font-weight: 500;
    --wa-form-control-label-line-height: 1.4;
    --wa-form-control-value-color: var(--exa-text);
    --wa-form-control-value-font-weight: 400;
    --wa-form-control-value-line-height: 1.4;
    --wa-form-control-hint-color: var(--exa-muted);
    --wa-form-control-hint-font-weight: 400;
    --wa-form-control-hint-line-height: 1.4;
    --wa-form-control-placeholder-color: var(--exa-muted);
    --wa-form-control-padding-block: 6px;
    --wa-form-control-padding-inline: 10px;
    --wa-form-control-height: 32px;
    --wa-form-control-toggle-size: 18px;
    --wa-button-transform-hover: none;
    --wa-button-transform-active: none;
    --wa-panel-border-style: solid;
    --wa-panel-border-width: 1px;
    --wa-panel-border-radius: 6px;
    --wa-tooltip-arrow-size: 5px;
    --wa-tooltip-background-color: var(--exa-text);
    --wa-tooltip-border-color: var(--exa-text);
    --wa-tooltip-border-style: solid;
    --wa-tooltip-border-width: 1px;
    --wa-tooltip-border-radius: 4px;
    --wa-tooltip-content-color: var(--exa-surface);
    --wa-tooltip-font-size: 12px;
    --wa-tooltip-line-height: 1.4;
  }
`;
