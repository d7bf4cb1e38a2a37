import type { Measure } from '../../protocol/profile.ts';
import { colorAt, colorRange } from '../heatmap/color-scale.ts';
import { cssColor, luminance, mixed, type Rgb, rgbOf } from '../theme/color.ts';
import { palette, type Scheme } from '../theme/palette.ts';
import type { Spot } from './pivot-list.ts';
import type { PivotModel } from './pivot-model.ts';
import { spotNumber } from './pivot-words.ts';

/** How much of a colour lies over the ground, at most: numbers are read on it, in one colour of text all along. */
const strength: Readonly<Record<Scheme, number>> = { light: 0.75, dark: 0.55 };

/** Shades cells by size, a measure by itself, from the least to the most seen of what is shown. */
export class Heat {
  #about = '';
  readonly #ends = new Map<string, [low: number, high: number]>();

  /** Takes the cells in sight into the range, subtotals left out. Of another question (`about`) it begins anew. */
  see(model: PivotModel, measures: readonly Measure[], about: string): void {
    if (about !== this.#about) this.#ends.clear();
    this.#about = about;
    const fields = model.columnKey(0)?.length;
    for (const row of model.rows)
      for (const measure of measures) {
        if (model.columnCount === 0) this.#take(measure, spotNumber(row.total, measure));
        for (let column = 0; column < model.columnCount; column++) {
          const key = model.columnKey(column);
          const spot = key && key.length === fields ? row.cell(column) : undefined;
          if (spot) this.#take(measure, spotNumber(spot, measure));
        }
      }
  }

  #take({ id }: Measure, value: number): void {
    if (!Number.isFinite(value)) return;
    const ends = this.#ends.get(id);
    if (!ends) this.#ends.set(id, [value, value]);
    else {
      ends[0] = Math.min(ends[0], value);
      ends[1] = Math.max(ends[1], value);
    }
  }

  /** A cell's colour and a text colour that can be read on it; undefined where there is no number, or only one. */
  shade(
    spot: Spot | undefined,
    measure: Measure,
    scheme: Scheme,
  ): { readonly background: string; readonly color: string } | undefined {
    const value = spotNumber(spot, measure);
    const ends = this.#ends.get(measure.id);
    if (!ends || !Number.isFinite(value) || ends[0] === ends[1]) return undefined;
    const shade = shadeOf(value, ends, scheme);
    return { background: cssColor(shade), color: textOn(shade) };
  }
}

/** Where PuOr has the colours of the least and of the most: bright ones on dark, deep ones on light. */
const sides: Readonly<Record<Scheme, readonly [number, number]>> = { light: [0.1, 0.9], dark: [0.2, 0.7] };

/**
 * The colour of a value in `[low, high]`: from the ground to the accent, so that the highest stands out most. What lies
 * either side of zero has the ground there, and a colour for each side.
 */
export function shadeOf(value: number, ends: readonly [number, number], scheme: Scheme): Rgb {
  const isTwoSided = ends[0] < 0 && ends[1] > 0;
  const [low, high] = colorRange(isTwoSided ? 'puor' : 'cividis', ends);
  const at = Math.min(1, Math.max(0, (value - low) / (high - low)));
  const full = isTwoSided
    ? colorAt('puor', scheme, sides[scheme][at < 0.5 ? 0 : 1])
    : rgbOf(palette.accent[scheme]);
  const share = strength[scheme] * (isTwoSided ? Math.abs(2 * at - 1) : at);
  return mixed(rgbOf(palette.surface[scheme]), full, share);
}

/** Black or white, whichever stands out more (WCAG 2 relative luminance). */
export function textOn(shade: Rgb): string {
  return luminance(shade) > 0.179 ? '#000000' : '#ffffff';
}
