import { palette, type Scheme } from '../theme/palette.ts';

export const plotFont =
  'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** Room round the axes' area where labels need no more, CSS px. */
export const leastMargin = { l: 8, r: 8, t: 8, b: 8 };

/** The one Plotly template: our palette, 12 px type, horizontal hairlines, no plot background. */
export function plotTemplate(
  scheme: Scheme,
  family = plotFont,
): { readonly layout: Readonly<Record<string, unknown>> } {
  const of = (name: keyof typeof palette): string => palette[name][scheme];
  const axis = {
    automargin: true,
    fixedrange: true,
    zeroline: false,
    linecolor: of('border-strong'),
    tickcolor: of('border-strong'),
    tickfont: { color: of('muted'), size: 12 },
    gridcolor: of('border'),
    gridwidth: 1,
    // Labels that do not fit are not written: hiding them measures each of them once for each.
    ticklabeloverflow: 'allow',
  };
  return {
    layout: {
      font: { family, size: 12, color: of('text') },
      paper_bgcolor: 'rgba(0,0,0,0)',
      plot_bgcolor: 'rgba(0,0,0,0)',
      colorway: [of('series-1'), of('series-2'), of('series-3'), of('series-4')],
      margin: { ...leastMargin, pad: 0 },
      bargap: 0.15,
      dragmode: false,
      hovermode: false,
      showlegend: false,
      xaxis: { ...axis, showgrid: false, ticks: 'outside', ticklen: 4 },
      yaxis: { ...axis, ticks: '' },
    },
  };
}

/**
 * Nothing is ever sent anywhere: no link, no server, and no mode bar, whose buttons would lie under the gadgets' own
 * layers; a gadget offers the picture for download in its header.
 */
export const plotConfig: Readonly<Record<string, unknown>> = {
  displaylogo: false,
  displayModeBar: false,
  plotlyServerURL: '',
  showLink: false,
  showSendToCloud: false,
  showEditInChartStudio: false,
  responsive: false,
  // Nothing of it answers to a pointer: that is our own layers' part, and making its handles takes a quarter of a drawing.
  staticPlot: true,
};
