import type { Window } from '../../protocol/array-client.ts';
import type { Receipt } from '../../protocol/change.ts';
import { findCell } from './matrix-rows.ts';
import type { MatrixCell } from './matrix-selection.ts';

/** An edit on its way; `version`: the one it is stored at, once it is. */
interface Edit {
  readonly text: string;
  version: number | undefined;
}

/** Text of edits by place, shown until a window of the version they are stored at has them. */
export class MatrixEdits {
  readonly #edits = new Map<string, Edit>();

  clear(): void {
    this.#edits.clear();
  }

  textAt({ row, column }: MatrixCell): string | undefined {
    return this.#edits.get(`${row},${column}`)?.text;
  }

  /** Shows `text` in a cell; told `stored` when the store has it, `dropped` with the reason when it is not written. */
  keep(
    { row, column }: MatrixCell,
    text: string,
    written: { readonly kept: Promise<void>; readonly stored: Promise<Receipt> },
    told: { stored(): void; dropped(error: unknown): void },
  ): void {
    const place = `${row},${column}`;
    const edit: Edit = { text, version: undefined };
    this.#edits.set(place, edit);
    const dropped = (error: unknown): void => {
      this.#edits.delete(place);
      told.dropped(error);
    };
    written.kept.catch(dropped);
    written.stored.then((receipt) => {
      edit.version = receipt.version;
      told.stored();
    }, dropped);
  }

  /** Edits that are in a window are the window's. */
  settle(window: Window): void {
    for (const [place, { version }] of this.#edits) {
      const [row = '', column = ''] = place.split(',');
      if (version === undefined || window.coverage.version < version) continue;
      if (findCell([window], { row: BigInt(row), column: BigInt(column) })) this.#edits.delete(place);
    }
  }
}
