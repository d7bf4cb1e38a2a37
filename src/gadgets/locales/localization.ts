import { configureLocalization, type LocaleModule } from '@lit/localize';

/** The language the strings are written in. */
export const sourceLocale = 'en';
/** Languages they are translated to. */
export const targetLocales = ['de', 'fr'] as const;

const loaders: Readonly<Record<string, () => Promise<LocaleModule>>> = {
  de: () => import('./generated/de.ts'),
  fr: () => import('./generated/fr.ts'),
};

const { getLocale, setLocale } = configureLocalization({
  sourceLocale,
  targetLocales,
  loadLocale: async (locale) => {
    const load = loaders[locale];
    if (!load) throw new Error(`There is no translation to ${locale}.`);
    return await load();
  },
});

/** The language to speak: the chosen one, else the first the browser asks for that there is, else English. */
export function languageFor(chosen: string, asked: readonly string[]): string {
  const known = [sourceLocale, ...targetLocales];
  const wanted = [chosen, ...asked].map((tag) => tag.toLowerCase().split('-')[0] ?? '');
  return wanted.find((language) => known.some((tag) => tag === language)) ?? sourceLocale;
}

/**
 * Speaks a language (`''`: the browser's) everywhere and says so on `root`. A translation that cannot be loaded leaves
 * the language as it was.
 */
export async function localize(
  chosen: string,
  root: HTMLElement,
  asked: readonly string[] = navigator.languages,
): Promise<void> {
  const language = languageFor(chosen, asked);
  // en-US is what browsers say whose owner never chose; our English writes the day first.
  const exact = asked.find((tag) => tag !== 'en-US' && tag.toLowerCase().split('-')[0] === language);
  const before = root.lang;
  root.lang = chosen === '' && exact !== undefined ? exact : language;
  try {
    if (language !== getLocale()) await setLocale(language);
  } catch {
    root.lang = before;
  }
}
