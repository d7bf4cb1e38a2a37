/** What a person chose for this browser; no part of the workspace. */
export interface Preferences {
  readonly appearance: 'system' | 'light' | 'dark';
  readonly density: 'compact' | 'default' | 'touch';
  /** BCP 47; `''` follows the browser. */
  readonly language: string;
  readonly panel: 'wide' | 'narrow';
  /** Data sets looked at, latest first. */
  readonly recent: readonly string[];
  /** The tour was seen or closed. */
  readonly toured: boolean;
}

export const defaultPreferences: Preferences = {
  appearance: 'system',
  density: 'default',
  language: '',
  panel: 'wide',
  recent: [],
  toured: false,
};

/** Row heights, px. */
export const rowHeights: Readonly<Record<Preferences['density'], number>> = {
  compact: 28,
  default: 36,
  touch: 44,
};

/** Data sets remembered as recent. */
const maxRecent = 8;

const key = 'exanalytics.preferences';

/** Where preferences live; told of every change. */
export interface PreferenceStore {
  get(): Preferences;
  set(change: Partial<Preferences>): void;
  listen(listener: (preferences: Preferences) => void): () => void;
}

/** Preferences in `storage` (null: only in memory, where the browser forbids it); what is not understood is default. */
export function openPreferences(storage: Storage | null = availableStorage()): PreferenceStore {
  let current = read(storage);
  const listeners = new Set<(preferences: Preferences) => void>();
  return {
    get: () => current,
    set: (change) => {
      current = { ...current, ...change };
      try {
        storage?.setItem(key, JSON.stringify(current));
      } catch {
        // A full or forbidden storage loses the choice at reload, nothing else.
      }
      for (const listener of listeners) listener(current);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** `recent` with a data set moved to the front. */
export function withRecent(recent: readonly string[], dataset: string): readonly string[] {
  return [dataset, ...recent.filter((id) => id !== dataset)].slice(0, maxRecent);
}

/** Puts appearance and density on the root element; language is the localiser's. */
export function applyPreferences(preferences: Preferences, root: HTMLElement): void {
  if (preferences.appearance === 'system') root.removeAttribute('data-theme');
  else root.setAttribute('data-theme', preferences.appearance);
  root.style.setProperty('--exa-density-row', `${rowHeights[preferences.density]}px`);
}

function availableStorage(): Storage | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}

function read(storage: Storage | null): Preferences {
  try {
    const found: unknown = JSON.parse(storage?.getItem(key) ?? '{}');
    if (typeof found !== 'object' || found === null) return defaultPreferences;
    const value = found as Record<string, unknown>;
    const { appearance, density, language, panel, recent, toured } = value;
    return {
      appearance: appearance === 'light' || appearance === 'dark' ? appearance : 'system',
      density: density === 'compact' || density === 'touch' ? density : 'default',
      language: typeof language === 'string' ? language : '',
      panel: panel === 'narrow' ? 'narrow' : 'wide',
      toured: toured === true,
      recent: Array.isArray(recent) ? recent.filter((id): id is string => typeof id === 'string') : [],
    };
  } catch {
    return defaultPreferences;
  }
}
