/** A colour on light and on dark, `#rrggbb`. */
export interface Shade {
  readonly light: string;
  readonly dark: string;
}

/**
 * Every colour of the workbench, by token name (`surface` is `--exa-surface`). Text pairs keep WCAG 2.2 AA (4.5 : 1),
 * edges of controls and marks 3 : 1; `palette.test.ts` checks each pair. Categorical colours are Okabe and Ito's.
 */
export const palette = {
  canvas: { light: '#f7f7f8', dark: '#0f1115' },
  surface: { light: '#ffffff', dark: '#16191f' },
  raised: { light: '#ffffff', dark: '#1d2129' },
  hover: { light: '#f1f2f4', dark: '#20252e' },
  border: { light: '#e3e5e8', dark: '#2a2f38' },
  'border-strong': { light: '#838a95', dark: '#6f7784' },
  text: { light: '#16181d', dark: '#e8eaed' },
  muted: { light: '#565d68', dark: '#a3aab5' },
  accent: { light: '#0072b2', dark: '#56b4e9' },
  'accent-text': { light: '#00629a', dark: '#6fc0ee' },
  'accent-soft': { light: '#e5f1f8', dark: '#152b3a' },
  'on-accent': { light: '#ffffff', dark: '#06131c' },
  success: { light: '#00704f', dark: '#4cc38a' },
  'success-soft': { light: '#e3f4ed', dark: '#122b21' },
  warning: { light: '#855400', dark: '#e3ad45' },
  'warning-soft': { light: '#fcf1dc', dark: '#2f2510' },
  danger: { light: '#b3261e', dark: '#ff8a80' },
  'danger-soft': { light: '#fdecea', dark: '#381a18' },
  'series-1': { light: '#0072b2', dark: '#56b4e9' },
  'series-2': { light: '#d55e00', dark: '#d55e00' },
  'series-3': { light: '#009e73', dark: '#009e73' },
  'series-4': { light: '#cc79a7', dark: '#cc79a7' },
  other: { light: '#4b5563', dark: '#9aa3af' },
  ghost: { light: '#d3d7dc', dark: '#3a414c' },
} as const satisfies Record<string, Shade>;

export type ColorName = keyof typeof palette;

export type Scheme = 'light' | 'dark';

/**
 * The scheme an element is painted in: `color-scheme` as inherited; where both are allowed, the system's.
 * For what cannot read custom properties (Plotly): colour names then come from {@link palette}.
 */
export function schemeOf(element: Element): Scheme {
  const allowed = getComputedStyle(element).colorScheme;
  if (allowed.includes('dark') && !allowed.includes('light')) return 'dark';
  if (!allowed.includes('dark')) return 'light';
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
