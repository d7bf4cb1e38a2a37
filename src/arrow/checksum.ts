import xxhash from 'xxhash-wasm';
import { lazily } from '../protocol/lazily.ts';

/** xxHash64 (seed 0) of no bytes. */
export const emptyChecksum = 'ef46db3751d8e999';

/** xxHash64 (seed 0) of bytes as 16 hexadecimal digits; the WASM module is loaded once, and again if loading failed. */
export const loadChecksum: () => Promise<(bytes: Uint8Array) => string> = lazily(async () => {
  const { h64Raw } = await xxhash();
  return (bytes) => h64Raw(bytes).toString(16).padStart(16, '0');
});
