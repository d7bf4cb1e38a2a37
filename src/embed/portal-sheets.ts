import type { Drill } from '../gadgets/drill.ts';
import { loadGadget } from '../gadgets/registry.ts';
import type { RecordAddress, Workspace } from '../protocol/workspace.ts';
import { inherited } from './composed.ts';

/** The sheet of a row, over the page, for the store that the gadget it was opened from asks. */
export function openRecord(page: Document, from: Element, address: RecordAddress): void {
  const sheet = sheetOf(page, 'exa-record', from, (sheet, change) => {
    if (!('record' in change)) return false;
    if (change.record) Object.assign(sheet, { address: change.record });
    else sheet.remove();
    return true;
  });
  Object.assign(sheet, { address });
}

/** The rows behind a mark, in a sheet. Rejects `offline` when its code cannot be loaded. */
export async function openRows(page: Document, from: Element, drill: Drill): Promise<void> {
  await loadGadget('exa-behind');
  const { dataset, where, title, measure } = drill;
  const sheet = sheetOf(page, 'exa-behind', from, (sheet, change) => {
    if (!('rows' in change)) return false;
    sheet.remove();
    return true;
  });
  Object.assign(sheet, {
    rows: where ? { dataset, filter: where } : { dataset },
    state: { title, measure: measure ?? null },
  });
}

/** One sheet of a kind a page; `told`: a change that something in it asks for, true when it was taken. */
function sheetOf(
  page: Document,
  tag: string,
  from: Element,
  told: (sheet: Element, change: Partial<Workspace>) => boolean,
): Element {
  const known = page.querySelector(`${tag}[data-portal]`);
  const sheet = known ?? page.createElement(tag);
  if (!known) {
    sheet.setAttribute('data-portal', '');
    sheet.addEventListener('exa-workspace', (event) => {
      const { change } = (event as CustomEvent<{ change: Partial<Workspace> }>).detail;
      if (told(sheet, change)) event.stopPropagation();
    });
  }
  for (const name of ['store', 'token', 'lang']) {
    const value = inherited(from, name);
    if (value !== undefined) sheet.setAttribute(name, value);
  }
  if (!known) page.body.append(sheet);
  return sheet;
}
