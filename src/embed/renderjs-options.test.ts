import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isExaError } from '../protocol/errors.ts';
import { documentsGraph, documentsQuestion, readRenderOptions } from './renderjs-options.ts';

it('a gadget by name, with its attributes and state', () => {
  expect(
    readRenderOptions({ gadget: 'exa-trend', dataset: 'orders', rows: 3, state: { table: true } }),
  ).toMatchObject({
    address: { tag: 'exa-trend', attributes: { dataset: 'orders', rows: '3' } },
    state: { table: true },
  });
});

it('a form’s field: its value is the state as JSON, its key names the content', () => {
  expect(
    readRenderOptions({
      key: 'my_view',
      value: '{"table":true}',
      editable: 1,
      hidden: 0,
      gadget: 'exa-trend',
    }),
  ).toMatchObject({ state: { table: true }, key: 'my_view', editable: true, address: { tag: 'exa-trend' } });
  expect(() => readRenderOptions({ key: 'k', value: 'draft' })).toThrow(/not a JSON object/);
});

it('ERP5’s graph needs no gadget named', () => {
  const value = { data: [], layout: {} };
  expect(readRenderOptions({ value })).toMatchObject({ address: { tag: 'exa-graph' }, state: { value } });
});

it('documents of the parent are counted, or summed, by a property', () => {
  const { documents } = readRenderOptions({
    jio: { query: 'portal_type:"Sale Order"', label: 'state', value: 'price' },
  });
  expect(documentsQuestion(documents!)).toMatchObject({ select_list: ['state', 'price'] });
  const rows = [
    { id: '1', value: { state: 'open', price: 2 } },
    { id: '2', value: { state: 'done', price: '5' } },
    { id: '3', value: { state: 'open', price: 1 } },
  ];
  expect(documentsGraph(documents!, { data: { rows } })).toMatchObject({
    data: [{ value_dict: { 0: ['done', 'open'], 1: [5, 3] } }],
  });
  expect(() => documentsGraph(documents!, 'nothing')).toThrow(/no list of documents/);
});

it('anything at all is read, or refused in a sentence', () => {
  fc.assert(
    fc.property(fc.anything(), (options) => {
      try {
        readRenderOptions(options);
      } catch (error) {
        expect(isExaError(error, 'invalid')).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});
