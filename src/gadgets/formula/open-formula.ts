import type { LitElement } from 'lit';

/** What to open the editor of formulas for. */
export interface FormulaWanted {
  readonly dataset: string;
  readonly kind: 'column' | 'measure';
  /** The calculated column or measure to change; left out, a new one is made. */
  readonly id?: string;
  /** What a new one begins with. */
  readonly formula?: string;
  /** Shows the list of what there is first. */
  readonly manage?: boolean;
}

/** The calculated column or measure that was kept. */
export interface FormulaSaved {
  readonly kind: 'column' | 'measure';
  readonly id: string;
}

/**
 * Opens the editor over `host`, in its shadow root, so that it acquires the host's client; its code comes with the first
 * call. Resolves what was kept, or undefined when it was closed without.
 */
export async function openFormula(
  host: LitElement,
  wanted: FormulaWanted,
): Promise<FormulaSaved | undefined> {
  const { FormulaDialog } = await import('./formula-dialog.ts');
  const dialog = new FormulaDialog();
  dialog.wanted = wanted;
  (host.shadowRoot ?? host).append(dialog);
  try {
    return await dialog.closed;
  } finally {
    dialog.remove();
  }
}
