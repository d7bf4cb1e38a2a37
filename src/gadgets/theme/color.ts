/** Red, green and blue, each in `[0, 255]`. */
export type Rgb = readonly [number, number, number];

/** The parts of a `#rrggbb` colour. */
export function rgbOf(hex: string): Rgb {
  const part = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

/** As `#rrggbb`. */
export function hexOf(color: Rgb): string {
  return `#${color.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** As CSS writes it. */
export function cssColor([r, g, b]: Rgb): string {
  return `rgb(${r} ${g} ${b})`;
}

/** A `#rrggbb` colour with an opacity. */
export function faded(hex: string, opacity: number): string {
  return `rgba(${rgbOf(hex).join(', ')}, ${opacity})`;
}

/** A colour `share` of the way from `one` to `other`. */
export function mixed(one: Rgb, other: Rgb, share: number): Rgb {
  return one.map((byte, i) => Math.round(byte + (other[i]! - byte) * share)) as unknown as Rgb;
}

/** The same of two `#rrggbb` colours. */
export function between(one: string, other: string, share: number): string {
  return hexOf(mixed(rgbOf(one), rgbOf(other), share));
}

/** Relative luminance, `[0, 1]` (WCAG 2.2). */
export function luminance(color: Rgb): number {
  const [r, g, b] = color.map((byte) => {
    const part = byte / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of two `#rrggbb` colours, `[1, 21]` (WCAG 2.2, relative luminance). */
export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(rgbOf(one)), luminance(rgbOf(other))].sort((a, b) => a - b) as [
    number,
    number,
  ];
  return (high + 0.05) / (low + 0.05);
}
