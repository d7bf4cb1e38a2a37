import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';
import { iconText, isIconName } from '../icons.ts';

/** What Web Awesome's own parts call icons, in our names. */
const aliases: Readonly<Record<string, string>> = {
  xmark: 'x',
  'magnifying-glass': 'search',
  'circle-info': 'info',
  'triangle-exclamation': 'alert',
  'ellipsis-vertical': 'more',
  'grip-vertical': 'grip',
};

/**
 * Serves the icons of Web Awesome components from this bundle, so that none is asked of its default host.
 * An unknown name is an empty picture.
 */
export function registerIcons(): void {
  const resolver = (name: string): string => {
    const known = aliases[name] ?? name;
    const text = isIconName(known)
      ? iconText(known)
      : '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"/>';
    return `data:image/svg+xml,${encodeURIComponent(text)}`;
  };
  registerIconLibrary('default', { resolver });
  registerIconLibrary('system', { resolver });
}
