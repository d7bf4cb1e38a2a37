/** Tokens taken back before their time, by their `jti`; kept in the catalogue until they would have ended anyway. */
export interface Revocations {
  has(jti: string): boolean;
  /** Resolves once it is on disk. `until`: ms since 1970 after which it need not be remembered. */
  revoke(jti: string, until: number): Promise<void>;
}

/** For stores without a catalogue of their own: tests. */
export function memoryRevocations(): Revocations {
  const taken = new Set<string>();
  return {
    has: (jti) => taken.has(jti),
    revoke: async (jti) => {
      taken.add(jti);
    },
  };
}
