import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventStreamParser } from './event-stream.ts';

const stream = [
  '\uFEFF: a comment\n',
  'event: hello\ndata: {"version":1}\n\n',
  'id: 7\r\nevent: version\r\ndata: one\r\ndata:two\r\n\r\n',
  'data\rid\r\r',
  'event: lost for it has no data\n\n',
  'retry: 250\nretry: soon\nid: a\0b\nunknown: x\ndata:  two spaces\n\n',
  'data: never ended',
].join('');

const events = [
  { event: 'hello', data: '{"version":1}', id: '' },
  { event: 'version', data: 'one\ntwo', id: '7' },
  { event: 'message', data: '', id: '' },
  { event: 'message', data: ' two spaces', id: '' },
];

test('reads the grammar whatever the pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: stream.length }), { maxLength: 40 }), (cuts) => {
      const parser = eventStreamParser();
      const at = [0, ...cuts.sort((a, b) => a - b), stream.length];
      const pieces = at.slice(1).map((end, i) => stream.slice(at[i], end));
      expect(pieces.flatMap((piece) => parser.push(piece))).toEqual(events);
      expect(parser.retryMs).toBe(250);
    }),
  );
});
