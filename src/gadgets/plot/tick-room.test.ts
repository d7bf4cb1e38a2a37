import { describe, expect, test } from 'vitest';
import { tickRoom } from './tick-room.ts';

const least = { l: 8, r: 8, t: 8, b: 8 };
const widthOf = (text: string): number => text.length * 7;
const layout = {
  xaxis: { range: [0, 10], tickvals: [0.5, 5, 9.5], ticktext: ['Jan', 'Feb', 'A long month'] },
  yaxis: { range: [0, 100], tickvals: [0, 100], ticktext: ['0', '1.25 M'] },
};

describe('the room round an axes’ area', () => {
  test('is as wide as the widest label, and holds what stands out on the right', () => {
    const room = tickRoom(layout, 300, least, widthOf)!;
    expect(room.l).toBeGreaterThanOrEqual(widthOf('1.25 M'));
    const end = room.l + 0.95 * (300 - room.l - room.r) + widthOf('A long month') / 2;
    expect(end).toBeLessThanOrEqual(300);
    expect(room.b).toBeGreaterThan(12);
  });

  test('is the least there is where labels need no more', () => {
    const narrow = {
      xaxis: { range: [0, 10], tickvals: [5], ticktext: ['5'] },
      yaxis: { range: [0, 1], tickvals: [], ticktext: [] },
    };
    expect(tickRoom(narrow, 300, least, widthOf)).toMatchObject({ l: 8, r: 8, t: 8 });
  });

  test('holds as many lines as the tallest label', () => {
    const two = { ...layout, xaxis: { ...layout.xaxis, ticktext: ['1', '2<br>3', '4'] } };
    const one = tickRoom(layout, 300, least, widthOf)!;
    expect(tickRoom(two, 300, least, widthOf)!.b).toBe(one.b + 16);
  });

  test.each([
    ['a title', { xaxis: { ...layout.xaxis, title: { text: 'x' } } }],
    ['labels that Plotly writes', { yaxis: { range: [0, 1] } }],
    ['a range of instants', { xaxis: { ...layout.xaxis, range: ['2020-01-01', '2021-01-01'] } }],
    ['a second axis', { yaxis2: {} }],
    ['margins of its own', { margin: { l: 0 } }],
  ])('is not told for %s', (_, part) => {
    expect(tickRoom({ ...layout, ...part }, 300, least, widthOf)).toBeUndefined();
  });
});
