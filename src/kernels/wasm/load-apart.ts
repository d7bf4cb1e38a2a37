import type { Loaded } from './load.ts';

const modules = new WeakMap<Uint8Array, WebAssembly.Module>();

/** First byte of a memory of its own that a caller may use; what is below belongs to the compiler. */
export const apartStart = 65_536;

/**
 * Starts a module in a memory of its own with `byteLength` bytes from {@link apartStart} on, for callers that keep
 * points there between calls. The memory goes when the caller drops it.
 * Undefined where WebAssembly is missing or forbidden, or no memory is left: the twin serves then.
 */
export function loadApart<E>(bytes: Uint8Array<ArrayBuffer>, byteLength: number): Loaded<E> | undefined {
  try {
    const module = modules.get(bytes) ?? new WebAssembly.Module(bytes);
    modules.set(bytes, module);
    const memory = new WebAssembly.Memory({ initial: Math.ceil((apartStart + byteLength) / 65_536) + 1 });
    const env = {
      memory,
      abort: () => {
        throw new Error('A WebAssembly kernel stopped.');
      },
    };
    return { exports: new WebAssembly.Instance(module, { env }).exports as E, memory };
  } catch {
    return undefined;
  }
}
