/** Room round the axes' area, CSS px. */
export interface Room {
  readonly l: number;
  readonly r: number;
  readonly t: number;
  readonly b: number;
}

interface Ticks {
  readonly range: readonly [number, number];
  readonly at: readonly number[];
  readonly texts: readonly string[];
}

/** Type of the labels and their distance from the axis line, as the template has them; px. */
const label = { size: 12, line: 16, gap: 4, tick: 4 };

/**
 * The room that the labels of a figure's two axes need, by the width of their texts; at least `least`. Plotly finds the same
 * by drawing everything, measuring it and drawing it again. Undefined where only drawing tells: titles, labels that it
 * writes itself, axes with more than a range of numbers.
 */
export function tickRoom(
  layout: Readonly<Record<string, unknown>>,
  width: number,
  least: Room,
  widthOf: (text: string) => number,
): Room | undefined {
  const [x, y] = [ticksOf(layout.xaxis), ticksOf(layout.yaxis)];
  if (!x || !y || Object.keys(layout).some((name) => /^[xy]axis\d|^margin$/.test(name))) return undefined;
  const [from, to] = x.range;
  const marks = x.at.flatMap((at, i) => {
    const share = (at - from) / (to - from);
    const half = Math.max(...(x.texts[i] ?? '').split('<br>').map(widthOf)) / 2;
    return share >= 0 && share <= 1 ? [{ share, half }] : [];
  });
  const lines = x.texts.reduce((most, text) => Math.max(most, text.split('<br>').length), 0);
  const left = y.texts.reduce((most, text) => Math.max(most, widthOf(text)), 0);
  const b = Math.max(least.b, label.tick + label.gap + lines * label.line);
  // The highest label stands half above its line.
  const t = Math.max(least.t, Math.ceil(label.size / 2));
  // A label may stand out at either end of its axis: l + share · (width − l − r) ± half stays within [0, width].
  const l = marks.reduce(
    (most, { share, half }) =>
      share < 1 ? Math.max(most, Math.ceil((half - share * (width - least.r)) / (1 - share))) : most,
    Math.max(least.l, Math.ceil(left) + label.gap),
  );
  const r = marks.reduce(
    (most, { share, half }) =>
      share > 0 ? Math.max(most, Math.ceil(width - l - (width - l - half) / share)) : most,
    least.r,
  );
  return { l, r, t, b };
}

function ticksOf(axis: unknown): Ticks | undefined {
  const { range, tickvals, ticktext, title, type, side, domain, showticklabels } = (axis ?? {}) as Record<
    string,
    unknown
  >;
  if (title !== undefined || type !== undefined || side !== undefined || domain !== undefined)
    return undefined;
  if (showticklabels !== undefined) return undefined;
  if (!isNumbers(range) || range.length !== 2 || range[0] === range[1]) return undefined;
  if (!isNumbers(tickvals) || !Array.isArray(ticktext)) return undefined;
  return { range: [range[0]!, range[1]!], at: tickvals, texts: ticktext.map(String) };
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'number');
}
