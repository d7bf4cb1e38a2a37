import { ExaError } from '../../protocol/errors.ts';
import type { FittedModel } from '../../protocol/fit.ts';
import { parseModel, printModel } from './model-file.ts';

/** A model kept on this device. */
export interface KeptModel {
  readonly name: string;
  readonly model: FittedModel;
}

const prefix = 'exanalytics.model.';

/** A larger model is downloaded instead: what keeps small things in a browser holds about 5 MB. */
const maxBytes = 1_000_000;

/** Models kept on this device, by name; what cannot be read is left out. */
export function keptModels(storage: Storage | undefined = availableStorage()): readonly KeptModel[] {
  if (!storage) return [];
  const names = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '').filter((key) =>
    key.startsWith(prefix),
  );
  return names.sort().flatMap((key): KeptModel[] => {
    try {
      return [{ name: key.slice(prefix.length), model: parseModel(storage.getItem(key) ?? '') }];
    } catch {
      return [];
    }
  });
}

/** Keeps a model under a name, in place of another of that name. Throws `quota` when it is too large or cannot be kept. */
export function keepModel(name: string, model: FittedModel, storage = availableStorage()): void {
  const text = printModel(model);
  if (!storage || text.length > maxBytes)
    throw new ExaError('quota', 'This model cannot be kept in this browser. Download it instead.');
  try {
    storage.setItem(prefix + name, text);
  } catch (cause) {
    throw new ExaError('quota', 'This browser has no room to keep the model. Download it instead.', {
      cause,
    });
  }
}

export function forgetModel(name: string, storage = availableStorage()): void {
  storage?.removeItem(prefix + name);
}

function availableStorage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
