import type { RecordAddress } from '../protocol/workspace.ts';

/** A row to be opened; `document`: by its own document, whose address that is. */
export interface Opening extends RecordAddress {
  readonly document?: string;
}

/** Asks the host above to open a row, by `exa-open` (bubbling, composed, cancelable). False when somebody prevented it. */
export function openRow(from: EventTarget, detail: Opening): boolean {
  return from.dispatchEvent(
    new CustomEvent('exa-open', { bubbles: true, composed: true, cancelable: true, detail }),
  );
}
