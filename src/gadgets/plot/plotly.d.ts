/** What we use of plotly.js 3.7, which ships no types. */
declare module 'plotly.js/lib/core' {
  interface PlotlyDiv extends HTMLElement {
    readonly _fullLayout?: {
      readonly _size: { readonly l: number; readonly t: number; readonly w: number; readonly h: number };
      readonly xaxis?: { readonly range: readonly unknown[]; r2l(value: unknown): number };
      readonly yaxis?: { readonly range: readonly unknown[]; r2l(value: unknown): number };
    };
  }
  interface Core {
    register(modules: readonly unknown[]): void;
    react(
      div: HTMLElement,
      data: readonly unknown[],
      layout: Readonly<Record<string, unknown>>,
      config: Readonly<Record<string, unknown>>,
    ): Promise<PlotlyDiv>;
    purge(div: HTMLElement): void;
    toImage(
      div: HTMLElement,
      options: { format: 'png' | 'svg'; width: number; height: number; scale?: number },
    ): Promise<string>;
    readonly Plots: { resize(div: HTMLElement): Promise<unknown> };
  }
  const plotly: Core;
  export default plotly;
}
declare module 'plotly.js/lib/bar' {
  const trace: unknown;
  export default trace;
}
declare module 'plotly.js/lib/contour' {
  const trace: unknown;
  export default trace;
}
declare module 'plotly.js/lib/heatmap' {
  const trace: unknown;
  export default trace;
}
