import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import { msg } from '@lit/localize';
import { html, render } from 'lit';
import { registerIcons } from '../theme/icon-library.ts';

registerIcons();

/** Shows the sheet of keyboard shortcuts over the frame. */
export function showShortcuts(root: HTMLElement | DocumentFragment): void {
  const holder = root.querySelector<HTMLElement>('.shortcuts') ?? document.createElement('div');
  holder.className = 'shortcuts';
  root.append(holder);
  const rows: readonly [string, string][] = [
    ['/', msg('Search')],
    ['Ctrl K', msg('Search, also while typing')],
    ['g h', msg('Go to Home')],
    ['g o', msg('Go to Orders')],
    ['g c', msg('Go to Clients')],
    ['g d', msg('Go to Data sets')],
    ['g s', msg('Go to Settings')],
    ['Ctrl Z', msg('Undo')],
    ['Ctrl Shift Z', msg('Redo')],
    ['Ctrl S', msg('Save view')],
    ['[', msg('Narrow or widen the panel')],
    ['← → ↑ ↓', msg('Move in a grid, a menu, a card on a page')],
    ['Enter', msg('Open the record')],
    ['Esc', msg('Close what is open')],
    ['?', msg('This list')],
  ];
  render(
    html`
      <wa-dialog label=${msg('Keyboard shortcuts')} light-dismiss open>
        <dl>${rows.map(([keys, what]) => html`<dt><kbd>${keys}</kbd></dt><dd>${what}</dd>`)}</dl>
      </wa-dialog>
    `,
    holder,
  );
  holder.querySelector('wa-dialog')?.setAttribute('open', '');
}
