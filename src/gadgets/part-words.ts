import { msg } from '@lit/localize';
import type { Part } from '../protocol/profile.ts';

/** What a table plays, in the reader's language. */
export function partWords(part: Part): string {
  return {
    orders: msg('Orders'),
    clients: msg('Clients'),
    products: msg('Products'),
    shops: msg('Shops'),
    messages: msg('Messages'),
    tasks: msg('Tasks'),
    events: msg('Events'),
    table: msg('Just a table'),
  }[part];
}
