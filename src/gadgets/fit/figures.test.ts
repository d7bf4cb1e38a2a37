import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DrawnFeature } from '../../protocol/fit-picture.ts';
import { formatsOf } from '../format.ts';
import { fakePicture } from '../gallery/fake-fits.ts';
import { logTicks, namedTerms, pathFigure } from '../lasso-path/lasso-path.figure.ts';
import { selectionGrid, valueText } from '../model-selection/model-selection.figure.ts';
import { outliersFigure } from '../outliers/outliers.figure.ts';
import { featureAxis, linearAxis, spanOf, timeTicks } from './axis.ts';
import { filterRect, literalOf, rectFilter, rowsFilter } from './brush-filter.ts';
import { spread } from './spread.ts';

const formats = formatsOf('en');

test('labels moved apart keep their order, their distance and stay inside, as near as that allows', () => {
  const places = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(places, (values) => {
      const sorted = [...values].sort((one, other) => other - one);
      const apart = spread(sorted, 0.1, [-2, 2]);
      apart.forEach((place, i) => {
        expect(Math.abs(place)).toBeLessThanOrEqual(2 + 1e-9);
        if (i > 0) expect(apart[i - 1]! - place).toBeGreaterThanOrEqual(0.1 - 1e-9);
      });
      const far = sorted.every((value, i) => i === 0 || sorted[i - 1]! - value >= 0.1);
      if (far) for (const [i, place] of apart.entries()) expect(place).toBeCloseTo(sorted[i]!, 9);
    }),
  );
});

test('ticks of logarithms: powers of ten, with 2 and 5 where there is room', () => {
  expect(logTicks(-1, 1, 20).map(({ text }) => text)).toEqual(['0.1', '0.2', '0.5', '1', '2', '5', '10']);
  expect(logTicks(-7, 2, 5).map(({ text }) => text)).toEqual([
    '10<sup>-6</sup>',
    '0.0001',
    '0.01',
    '1',
    '100',
  ]);
});

test('ticks of a calendar begin months and years; an axis of dates reads as dates', () => {
  const { at, unit } = timeTicks(Date.UTC(2020, 1, 3), Date.UTC(2023, 6, 1), 4);
  expect(unit).toBe('year');
  expect(at.map((one) => new Date(one).toISOString().slice(0, 10))).toEqual([
    '2021-01-01',
    '2022-01-01',
    '2023-01-01',
  ]);
  const date: DrawnFeature = { column: 'd', label: 'Day', kind: 'date' };
  expect(featureAxis(date, [0, 730], 4, formats).ticktext).toContain('Jan 1971');
  const words: DrawnFeature = { column: 'c', label: '<b>', kind: 'text', categories: ['x<y', null] };
  expect(featureAxis(words, [0, 1], 4, formats)).toMatchObject({
    range: [-0.5, 1.5],
    ticktext: ['x&lt;y', '—'],
    title: { text: '&lt;b&gt;' },
  });
  expect(linearAxis([0, 1.1], 5, formats).ticktext).toEqual(['0.00', '0.25', '0.50', '0.75', '1.00']);
  const born: DrawnFeature = { column: 'b', label: 'Born', kind: 'int32' };
  expect(featureAxis(born, [1936, 2009], 4, formats).ticktext).toContain('1960');
  expect(featureAxis(born, [0, 4000], 4, formats).ticktext).toContain('2,000');
  expect((linearAxis([0.45, 8.55], 2, formats).tickvals as number[]).length).toBeGreaterThan(1);
  expect(spanOf([])).toEqual([0, 1]);
  expect(spanOf([5])).toEqual([2.5, 7.5]);
});

test('a rectangle is a filter on its features and back, to a five-hundredth of its size, never smaller', () => {
  const x: DrawnFeature = { column: 'c5', label: 'Amount', kind: 'decimal' };
  const y: DrawnFeature = { column: 'c2', label: 'Date', kind: 'timestamp' };
  const type = (column: string) =>
    column === 'c5'
      ? ({ kind: 'decimal', precision: 18, scale: 4 } as const)
      : ({ kind: 'timestamp' } as const);
  const coordinate = fc.double({ min: -1e5, max: 1e5, noNaN: true });
  const size = fc.double({ min: 10, max: 1e5, noNaN: true });
  fc.assert(
    fc.property(coordinate, size, coordinate, size, (x0, width, y0, height) => {
      const from = 1.3e12 + y0 * 1e6;
      const rect = { x: [x0, x0 + width], y: [from, from + height * 1e6] } as const;
      const back = filterRect(rectFilter(rect, { x, y, type }), { x, y }, { x: [0, 1], y: [0, 1] })!;
      for (const axis of ['x', 'y'] as const) {
        const span = rect[axis][1] - rect[axis][0];
        expect(back[axis][0]).toBeLessThanOrEqual(rect[axis][0] + 1e-4);
        expect(back[axis][1]).toBeGreaterThanOrEqual(rect[axis][1] - 1e-4);
        expect(back[axis][1] - back[axis][0]).toBeLessThanOrEqual(span * 1.01 + 1);
      }
    }),
  );
  expect(literalOf(0, { kind: 'date' })).toBe('1970-01-01');
  expect(literalOf(2.6, { kind: 'int32' })).toBe(3);
  const classes: DrawnFeature = { column: 'c', label: 'C', kind: 'text', categories: ['a', 'b', 'c'] };
  const only = rectFilter({ x: [0.5, 2.5], y: [0, 1] }, { x: classes, y: classes, type: () => undefined });
  expect(only).toEqual({ op: 'in', column: 'c', values: ['b', 'c'] });
  expect(rowsFilter([3, 1])).toEqual({ op: 'in', column: '_row', values: [1, 3] });
  expect(rowsFilter(Array.from({ length: 501 }, (_, i) => i))).toBeUndefined();
});

test('every outlier and inlier is drawn once, the boundary at 0 as a line', () => {
  const picture = fakePicture({ dataset: 'd', features: ['a', 'b'], estimator: { method: 'OneClassSVM' } });
  if (picture.kind !== 'outliers') throw new Error('No outliers.');
  const feature: DrawnFeature = { column: 'a', label: 'A', kind: 'float64' };
  const figure = outliersFigure({ picture, x: feature, y: feature, scheme: 'light', formats, width: 600 });
  const marks = figure.data.filter(({ type }) => type === 'scatter').map(({ x }) => (x as unknown[]).length);
  expect(marks).toEqual([picture.judged - picture.outliers, picture.outliers]);
  expect(figure.data.filter(({ type }) => type === 'contour').at(-1)).toMatchObject({
    contours: { coloring: 'none', start: 0, end: 0 },
  });
});

test('a path runs from strong to weak; its largest terms are named, the best penalty is marked', () => {
  const picture = fakePicture({
    dataset: 'd',
    features: ['a', 'b', 'c'],
    target: 'y',
    estimator: { method: 'LassoCV' },
  });
  if (picture.kind !== 'lasso-path') throw new Error('No path.');
  expect(namedTerms(picture)).toEqual([0, 1, 2]);
  const words = { best: 'best', oneSe: '1 SE', penalty: 'λ', coefficient: 'w', error: 'e' };
  const size = { width: 600, height: 400, hover: undefined };
  const { layout } = pathFigure({
    picture,
    terms: ['A', 'B', '<i>'],
    scheme: 'dark',
    formats,
    words,
    ...size,
  });
  const { range } = layout.xaxis as { range: [number, number] };
  expect(range[0]).toBeGreaterThan(range[1]);
  const texts = (layout.annotations as { text: string }[]).map(({ text }) => text);
  expect(texts).toEqual(expect.arrayContaining(['A', 'B', '&lt;i&gt;', 'best', '1 SE']));
});

test('the marks of a path are named where there is room: left of their line, right of it, one above the other', () => {
  const picture = fakePicture({
    dataset: 'd',
    features: ['a', 'b', 'c'],
    target: 'y',
    estimator: { method: 'LassoCV' },
  });
  if (picture.kind !== 'lasso-path' || !picture.cv) throw new Error('No path.');
  const words = { best: 'best', oneSe: 'within 1 SE', penalty: 'λ', coefficient: 'w', error: 'e' };
  const last = picture.alphas.length - 1;
  const markOf = (oneSe: number, best: number) => {
    const { layout } = pathFigure({
      picture: { ...picture, cv: { ...picture.cv!, oneSe, best } },
      terms: ['A', 'B', 'C'],
      scheme: 'light',
      formats,
      words,
      width: 360,
      height: 300,
      hover: undefined,
    });
    return (layout.annotations as { text: string; xanchor: string; yshift: number }[]).find(
      ({ text }) => text === words.oneSe,
    );
  };
  expect(markOf(Math.floor(last / 2), last)).toMatchObject({ xanchor: 'right', yshift: 0 });
  expect(markOf(0, last)).toMatchObject({ xanchor: 'left', yshift: 0 });
  expect(markOf(0, 1)).toMatchObject({ xanchor: 'left', yshift: 15 });
});

test('choices lie on a grid of the two parameters with most values, the others as in the best', () => {
  const picture = fakePicture({
    dataset: 'd',
    features: ['a'],
    target: 'y',
    estimator: { method: 'SVC' },
    search: { grid: { C: [1, 10, 100], gamma: [0.1, 1], kernel: ['rbf'] } },
  });
  if (picture.kind !== 'model-selection') throw new Error('No selection.');
  const grid = selectionGrid(picture)!;
  expect([grid.x.param, grid.y.param]).toEqual(['C', 'gamma']);
  expect(grid.scores[grid.best.y]![grid.best.x]).toBe(picture.mean[picture.best]);
  expect(grid.scores.flat().some(Number.isNaN)).toBe(false);
  expect([valueText('null'), valueText('"rbf"'), valueText('0.1')]).toEqual(['None', 'rbf', '0.1']);
});
