import { ExaError } from '../../protocol/errors.ts';
import type { KeptModel } from '../../protocol/fit.ts';
import type { PageCalls } from '../../protocol/messages.ts';
import type { SmallStore } from '../../storage/small-store.ts';
import type { Handlers } from '../rpc.ts';

const prefix = 'model ';

/** A larger model is downloaded instead. */
const maxLength = 16_000_000;

/** Models kept on this device, in the small store. */
export function modelHandlers(
  small: SmallStore,
): Pick<Handlers<PageCalls>, 'models' | 'keepModel' | 'forgetModel'> {
  return {
    async models() {
      const kept = await Promise.all((await small.keys(prefix)).map((key) => small.get(key)));
      return kept.filter(isKept);
    },
    async keepModel({ kept }) {
      if (kept.text.length > maxLength)
        throw new ExaError(
          'refused',
          'This model is too large to be kept in this browser. Download it instead.',
        );
      await small.set(prefix + kept.name, kept, { strict: true });
      return undefined;
    },
    async forgetModel({ name }) {
      await small.del(prefix + name);
      return undefined;
    },
  };
}

function isKept(value: unknown): value is KeptModel {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'text' in value &&
    typeof value.text === 'string'
  );
}
