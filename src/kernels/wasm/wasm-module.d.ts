/** An AssemblyScript file compiled by the build (see `vite.config.ts`): the bytes of its WebAssembly module. */
declare module '*.as.ts?wasm' {
  export const bytes: Uint8Array<ArrayBuffer>;
}
