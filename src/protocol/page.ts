/** Address of a page: one column of one block at one revision, as one scope sees it. Immutable. */
export interface PageKey {
  readonly dataset: string;
  readonly epoch: string;
  readonly scope: string;
  readonly block: number;
  /** A column id, or `_live` (bool; only where a block has deleted rows). */
  readonly column: string;
  readonly revision: number;
}

/** The page's place without its revision: at most one revision a slot is worth keeping. */
export function slotText(key: Omit<PageKey, 'revision'>): string {
  return `${key.dataset}/${key.epoch}/${key.scope}/${key.block}/${key.column}`;
}

export function pageText(key: PageKey): string {
  return `${slotText(key)}@${key.revision}`;
}

/** The column that is `false` on deleted rows. */
export const liveColumn = '_live';
