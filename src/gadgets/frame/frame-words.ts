import { msg } from '@lit/localize';
import type { ViewName } from '../../protocol/workspace.ts';
import type { IconName } from '../icons.ts';

/** A view's name and icon, in the reader's language. */
export function viewWords(view: ViewName): { readonly label: string; readonly icon: IconName } {
  switch (view) {
    case 'home':
      return { label: msg('Home'), icon: 'home' };
    case 'explore':
      return { label: msg('Explore'), icon: 'explore' };
    case 'pivot':
      return { label: msg('Pivot'), icon: 'table' };
    case 'orders':
      return { label: msg('Orders'), icon: 'orders' };
    case 'clients':
      return { label: msg('Clients'), icon: 'clients' };
    case 'array':
      return { label: msg('Arrays'), icon: 'array' };
    case 'model':
      return { label: msg('Models'), icon: 'model' };
    case 'datasets':
      return { label: msg('Data sets'), icon: 'datasets' };
    case 'page':
      return { label: msg('Page'), icon: 'page' };
    case 'compare':
      return { label: msg('Compare'), icon: 'compare' };
    case 'cite':
      return { label: msg('Citation'), icon: 'quote' };
    case 'import':
      return { label: msg('Import'), icon: 'download' };
    case 'settings':
      return { label: msg('Settings'), icon: 'settings' };
    case 'gallery':
      return { label: msg('Gallery'), icon: 'eye' };
  }
}
