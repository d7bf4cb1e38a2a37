import type { Rgb } from '../theme/color.ts';
import type { Scheme } from '../theme/palette.ts';

/** Colours of a heat map: Cividis for what only grows, PuOr for what lies either side of a middle. */
export const colorScales = ['cividis', 'puor'] as const;
export type ColorScaleName = (typeof colorScales)[number];

/** ColorBrewer's PuOr, eleven classes. */
const puor: readonly Rgb[] = [
  [127, 59, 8],
  [179, 88, 6],
  [224, 130, 20],
  [253, 184, 99],
  [254, 224, 182],
  [247, 247, 247],
  [216, 218, 235],
  [178, 171, 210],
  [128, 115, 172],
  [84, 39, 136],
  [45, 0, 75],
];

/** Nuñez, Anderton, Renslow (2018), as a polynomial of `t` (d3-scale-chromatic 3). */
function cividis(t: number): Rgb {
  const r = -4.54 - t * (35.34 - t * (2381.73 - t * (6402.7 - t * (7024.72 - t * 2710.57))));
  const g = 32.49 + t * (170.73 + t * (52.82 - t * (131.46 - t * (176.58 - t * 67.37))));
  const b = 81.24 + t * (442.36 - t * (2482.43 - t * (6167.24 - t * (6614.94 - t * 2475.67))));
  return [byte(r), byte(g), byte(b)];
}

/** The colour at `t` in `[0, 1]`. Cividis is turned round on light, so that more is darker there and lighter on dark. */
export function colorAt(scale: ColorScaleName, scheme: Scheme, t: number): Rgb {
  const at = Math.min(1, Math.max(0, t));
  if (scale === 'cividis') return cividis(scheme === 'light' ? 1 - at : at);
  const place = at * (puor.length - 1);
  const first = Math.min(puor.length - 2, Math.floor(place));
  const rest = place - first;
  const [one, other] = [puor[first]!, puor[first + 1]!];
  return [0, 1, 2].map((i) => byte(one[i]! + (other[i]! - one[i]!) * rest)) as unknown as Rgb;
}

/** 256 colours as one word each, as `ImageData` holds them on little-endian machines. */
export function colorTable(scale: ColorScaleName, scheme: Scheme): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const [r, g, b] = colorAt(scale, scheme, i / 255);
    return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  });
}

/** Ends of the colours for values in `[low, high]`: a diverging scale has its middle at zero. */
export function colorRange(
  scale: ColorScaleName,
  values: readonly [number, number] | undefined,
): readonly [number, number] {
  if (!values) return [0, 1];
  const [low, high] = values;
  if (scale === 'puor') {
    const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
    return [-most, most];
  }
  // Half a unit is nothing beside 10^18.
  const room = low === high ? Math.max(0.5, Math.abs(low) * 2 ** -30) : 0;
  return [low - room, high + room];
}

function byte(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)));
}
