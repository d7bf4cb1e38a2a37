/**
 * The memory every module of this thread works in. A call lays its inputs and outputs out from {@link scratchStart}
 * and keeps nothing there: the next call of any module overwrites it.
 */
let shared: WebAssembly.Memory | undefined;

const pageBytes = 65_536;

/** First byte a call may use; what is below belongs to the compiler. A multiple of 16. */
export const scratchStart = 65_536;

/** A module at work: its functions, and the memory they read and write. */
export interface Loaded<E> {
  readonly exports: E;
  readonly memory: WebAssembly.Memory;
}

/**
 * Compiles and starts a module made from an `.as.ts` file, at once and in this thread.
 * Undefined where WebAssembly (or its 128-bit lanes) is missing or forbidden by the page's policy: the caller goes on
 * with its TypeScript twin, which gives the same bits.
 */
export function load<E>(bytes: Uint8Array<ArrayBuffer>): Loaded<E> | undefined {
  try {
    shared ??= new WebAssembly.Memory({ initial: 2 });
    const module = new WebAssembly.Module(bytes);
    const env = { memory: shared, abort: refuse };
    const instance = new WebAssembly.Instance(module, { env });
    return { exports: instance.exports as E, memory: shared };
  } catch {
    return undefined;
  }
}

function refuse(): never {
  throw new Error('A WebAssembly kernel stopped.');
}

/** Makes room for `bytes` from {@link scratchStart} on. Views made earlier may be detached: make them afterwards. */
export function reserve(memory: WebAssembly.Memory, bytes: number): void {
  const missing = scratchStart + bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
}

/** A call that starts the module `bytes` once, when first asked for. */
export function lazily<E>(bytes: Uint8Array<ArrayBuffer>): () => Loaded<E> | undefined {
  let loaded: Loaded<E> | undefined;
  let tried = false;
  return () => {
    if (!tried) loaded = load<E>(bytes);
    tried = true;
    return loaded;
  };
}
