/** A chart as plain JSON, in Plotly's words; a gadget's `.figure.ts` makes it, only `plot/` draws it. */
export interface Figure {
  readonly data: readonly Trace[];
  readonly layout: Readonly<Record<string, unknown>>;
}

/** Traces that `engine.ts` registers. An unknown type would silently be drawn as a scatter. */
export type Trace = { readonly type: 'scatter' | 'bar' | 'contour' | 'heatmap' } & Readonly<
  Record<string, unknown>
>;

/** Where the axes' area lies inside the plot, CSS px from its top left corner, and the y values at its edges. */
export interface PlotArea {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}
