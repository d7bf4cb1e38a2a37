import { palette, type Scheme } from '../theme/palette.ts';

/** Marks of a class or cluster: colour, and beyond the fourth another symbol or dash too. */
export interface SeriesStyle {
  readonly color: string;
  /** Plotly's name of a symbol. */
  readonly symbol: string;
  /** Plotly's name of a dash. */
  readonly dash: string;
}

const names = ['series-1', 'series-2', 'series-3', 'series-4'] as const;
const symbols = ['circle', 'square', 'diamond', 'triangle-up', 'triangle-down', 'pentagon'] as const;
const dashes = ['solid', 'dash', 'dot', 'dashdot', 'longdash', 'longdashdot'] as const;

/** Style of the `at`-th class, line or cluster; below 0: of none of them. */
export function seriesStyle(at: number, scheme: Scheme): SeriesStyle {
  if (at < 0) return { color: palette.other[scheme], symbol: 'x-thin', dash: 'solid' };
  const turn = Math.floor(at / names.length) % symbols.length;
  return {
    color: palette[names[at % names.length]!][scheme],
    symbol: symbols[turn]!,
    dash: dashes[turn]!,
  };
}

/** Cividis as Plotly takes it: light is little on light, dark is little on dark. */
export function cividis(scheme: Scheme): readonly (readonly [number, string])[] {
  const colors = [
    '#00224e',
    '#123570',
    '#3b496c',
    '#575d6d',
    '#707173',
    '#8a8678',
    '#a59c74',
    '#c3b369',
    '#e1cc55',
    '#fee838',
  ];
  const shown = scheme === 'light' ? [...colors].reverse() : colors;
  return shown.map((color, i) => [i / (shown.length - 1), color] as const);
}

/** A mark as in the chart, for legends: SVG inside a 14 px box. */
export function legendSymbol(symbol: string): string {
  switch (symbol) {
    case 'square':
      return 'M3 3h8v8H3z';
    case 'diamond':
      return 'M7 1.5 12.5 7 7 12.5 1.5 7z';
    case 'triangle-up':
      return 'M7 2 12.5 11.5h-11z';
    case 'triangle-down':
      return 'M7 12 1.5 2.5h11z';
    case 'pentagon':
      return 'M7 1.5 12.5 5.6 10.4 12H3.6L1.5 5.6z';
    case 'x-thin':
      return 'M3 2l4 4 4-4 1 1-4 4 4 4-1 1-4-4-4 4-1-1 4-4-4-4z';
    default:
      return 'M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9z';
  }
}
