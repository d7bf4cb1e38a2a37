import { ExaError } from '../../protocol/errors.ts';
import { lazily } from '../../protocol/lazily.ts';

/** Code of models, fetched with the first call that needs it. Throws `offline` when it cannot be. */
export function modelCode<T>(fetched: () => Promise<T>): () => Promise<T> {
  return lazily(() =>
    fetched().catch((cause: unknown) => {
      throw new ExaError(
        'offline',
        'The code of models could not be fetched: try again when the store answers.',
        { cause },
      );
    }),
  );
}
