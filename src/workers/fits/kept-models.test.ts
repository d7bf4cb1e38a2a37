import { expect, test } from 'vitest';
import { memorySmallStore } from '../../storage/small-store.ts';
import { modelHandlers } from './kept-models.ts';

test('models kept on this device are there again for the next coordinator, until forgotten; too large is refused', async () => {
  const small = memorySmallStore();
  const desk = modelHandlers(small);
  const call = { signal: new AbortController().signal, next: () => {} };
  await desk.keepModel({ kept: { name: 'Ridge of Orders', text: '{"a":1}' } }, call);
  await desk.keepModel({ kept: { name: 'Lasso', text: '{}' } }, call);
  await desk.keepModel({ kept: { name: 'Lasso', text: '{"b":2}' } }, call);
  await small.set('model odd', 7);
  const again = modelHandlers(small);
  expect(await again.models(undefined, call)).toEqual([
    { name: 'Lasso', text: '{"b":2}' },
    { name: 'Ridge of Orders', text: '{"a":1}' },
  ]);
  await again.forgetModel({ name: 'Lasso' }, call);
  expect((await again.models(undefined, call)).map(({ name }) => name)).toEqual(['Ridge of Orders']);
  const large = { name: 'Forest', text: 'x'.repeat(16_000_001) };
  await expect(Promise.resolve().then(() => again.keepModel({ kept: large }, call))).rejects.toThrow(
    /too large to be kept/,
  );
});
