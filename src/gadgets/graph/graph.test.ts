import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isExaError } from '../../protocol/errors.ts';
import { graphFigure } from './graph.figure.ts';
import { labelsOf, parseGraph } from './graph.value.ts';

/** As ERP5's support request page gives it. */
const value = {
  data: [
    { value_dict: { 0: ['Jan', 'Feb'], 1: [3, 5] }, type: 'bar', title: 'Open', axis_mapping_id_dict: {} },
    { value_dict: { 0: ['Feb', 'Mar'], 1: ['7', null] }, type: 'scatter', title: 'Closed' },
  ],
  layout: {
    title: 'Requests',
    axis_dict: { 0: { title: 'Month' }, 1: { title: 'Number', value_type: 'number' } },
  },
};

it('reads ERP5’s graph value; series share their labels', () => {
  const graph = parseGraph(value);
  expect(graph).toMatchObject({ title: 'Requests', xTitle: 'Month', yTitle: 'Number' });
  expect(labelsOf(graph)).toEqual(['Jan', 'Feb', 'Mar']);
  const { data } = graphFigure({ graph, scheme: 'light', width: 600, yTick: String });
  expect(data.map(({ type, x, y }) => [type, x, y])).toEqual([
    ['bar', [0.5, 1.5], [3, 5]],
    ['scatter', [1.5, 2.5], [7, null]],
  ]);
});

it('draws a pie as bars, longest first', () => {
  const pie = { data: [{ value_dict: { 0: ['a', 'b', 'c'], 1: [1, 3, 2] }, type: 'pie', title: 'Share' }] };
  expect(parseGraph(pie).series[0]).toMatchObject({
    shape: 'bar',
    labels: ['b', 'c', 'a'],
    values: [3, 2, 1],
  });
});

it.each([
  ['nothing', null, /value is no object/],
  ['no data', {}, /no list of series/],
  ['a series without values', { data: [{ value_dict: { 0: [] } }] }, /series 1 lacks its lists/],
  ['uneven lists', { data: [{ value_dict: { 0: ['a'], 1: [] } }] }, /1 labels and 0 values/],
  ['too many series', { data: Array.from({ length: 13 }, () => ({})) }, /13 series/],
  [
    'too many points',
    { data: [{ value_dict: { 0: Array(4001).fill('a'), 1: Array(4001).fill(1) } }] },
    /4001 points/,
  ],
])('says in one sentence why it cannot draw %s', (_, given, sentence) => {
  expect(() => parseGraph(given)).toThrow(sentence);
});

it('anything at all is read, or refused in a sentence', () => {
  fc.assert(
    fc.property(fc.anything(), (given) => {
      try {
        parseGraph(given);
      } catch (error) {
        expect(isExaError(error, 'invalid')).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});
