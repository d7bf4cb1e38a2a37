import xxhash from 'xxhash-wasm';

/** xxHash64 (seed 0) of no bytes. */
export const emptyChecksum = 'ef46db3751d8e999';

let loading: Promise<(bytes: Uint8Array) => string> | undefined;

/** xxHash64 (seed 0) of bytes as 16 hexadecimal digits; the WASM module is loaded once, and again if loading failed. */
export function loadChecksum(): Promise<(bytes: Uint8Array) => string> {
  loading ??= xxhash().then(
    ({ h64Raw }) =>
      (bytes) =>
        h64Raw(bytes).toString(16).padStart(16, '0'),
    (error) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}
