import { afterEach, describe, expect, test } from 'vitest';
import { until } from '../gadget-stage.testing.ts';
import { inTurn } from './draw-queue.ts';
import type { Figure } from './figure.ts';
import { PlotElement } from './plot.ts';

const figure = (top: number): Figure => ({
  data: [{ type: 'bar', x: [0.5, 1.5, 2.5], y: [1, 2, top], width: 0.8 }],
  layout: {
    xaxis: { range: [0, 3], tickvals: [0.5, 1.5, 2.5], ticktext: ['Sep 2011', 'Oct 2011', 'Nov 2011'] },
    yaxis: { range: [0, top], tickvals: [0, top], ticktext: ['0', `${top}.25 million`] },
  },
});

describe('a plot', () => {
  let stage: HTMLElement | undefined;
  afterEach(() => stage?.remove());
  const show = (width = 320) => {
    stage = document.createElement('div');
    stage.style.cssText = `width:${width}px`;
    const plot = new PlotElement();
    let drawings = 0;
    plot.addEventListener('exa-drawn', () => drawings++);
    stage.append(plot);
    document.body.append(stage);
    return { plot, drawings: () => drawings };
  };
  const labels = (plot: PlotElement) => [
    ...(plot.shadowRoot?.querySelectorAll<SVGTextElement>('.xtick text, .ytick text') ?? []),
  ];

  test('holds all its labels, though it is drawn once', async () => {
    for (const width of [320, 700]) {
      const { plot, drawings } = show(width);
      const made = figure(9);
      plot.figure = () => made;
      await until('it is drawn', () => labels(plot).length === 5);
      const box = plot.getBoundingClientRect();
      for (const text of labels(plot)) {
        const { left, right, top, bottom } = text.getBoundingClientRect();
        expect([left >= box.left - 1, right <= box.right + 1]).toEqual([true, true]);
        expect([top >= box.top - 1, bottom <= box.bottom + 1]).toEqual([true, true]);
      }
      expect(drawings()).toBe(1);
      stage?.remove();
    }
  });

  test('draws what is to be shown when its turn comes, and nothing twice', async () => {
    const { plot, drawings } = show();
    const all = Array.from({ length: 5 }, (_, i) => {
      const made = figure(i + 3);
      return () => made;
    });
    for (const one of all) {
      plot.figure = one;
      await plot.updateComplete;
    }
    await until('the last is drawn', () =>
      labels(plot).some(({ textContent }) => textContent === '7.25 million'),
    );
    plot.requestUpdate();
    await plot.updateComplete;
    await inTurn(async () => {});
    expect(drawings()).toBe(1);
    stage!.style.width = '500px';
    await until('it is drawn at its new size', () => drawings() === 2);
  });

  test('waits for its turn behind another, a task each; none waits for one that failed or goes on', async () => {
    const order: string[] = [];
    const meanwhile = new MessageChannel();
    meanwhile.port1.onmessage = () => order.push('what came meanwhile');
    const first = inTurn(async () => {
      meanwhile.port2.postMessage(undefined);
      throw new Error('no');
    }).catch(() => order.push('failed'));
    void inTurn(() => new Promise(() => order.push('second, for ever')));
    const third = inTurn(async () => {
      order.push('third');
    });
    await Promise.all([first, third]);
    meanwhile.port1.close();
    expect(order).toEqual(['failed', 'what came meanwhile', 'second, for ever', 'third']);
  });
});
