import { exp } from '../math/exp.ts';
import { bytes } from './exp.as.ts?wasm';
import { lazily, reserve, scratchStart } from './load.ts';

/** The module of {@link expEach}. */
export const expModule = lazily<{ exp(at: number, count: number): void }>(bytes);

/** Doubles a call of the module takes at a time: 512 KiB. */
const chunk = 65_536;

/** e^x of every value, in place. The bits are those of {@link expEachPlain}. */
export function expEach(values: Float64Array): void {
  const loaded = expModule();
  if (loaded === undefined) {
    expEachPlain(values);
    return;
  }
  const { exports, memory } = loaded;
  reserve(memory, 8 * (Math.min(chunk, values.length) + 1));
  const view = new Float64Array(memory.buffer, scratchStart);
  for (let start = 0; start < values.length; start += chunk) {
    const part = values.subarray(start, start + chunk);
    view.set(part);
    exports.exp(scratchStart, part.length);
    part.set(view.subarray(0, part.length));
  }
}

/** The TypeScript twin of {@link expEach}. */
export function expEachPlain(values: Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i] = exp(values[i]!);
}
