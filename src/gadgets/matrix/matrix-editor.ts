import { msg, str } from '@lit/localize';
import type { ArrayHead } from '../../protocol/array.ts';
import type { ArrayClient, Window } from '../../protocol/array-client.ts';
import { toExaError } from '../../protocol/errors.ts';
import { elementText, parseElement } from '../exact/element-text.ts';
import type { Formats } from '../format.ts';
import { MatrixEdits } from './matrix-edits.ts';
import type { FoundCell } from './matrix-rows.ts';
import type { MatrixCell } from './matrix-selection.ts';
import { plainText } from './matrix-text.ts';

/** The cell that is edited, and what it belongs to. */
export interface EditedCell {
  readonly client: Pick<ArrayClient, 'write'>;
  readonly head: ArrayHead;
  readonly cell: MatrixCell;
  /** Its indices along every axis of the array. */
  readonly indices: readonly bigint[];
  readonly found: FoundCell | undefined;
}

/** The grid a cell is edited in. */
export interface EditorHost {
  /** The chosen cell, where it may be edited. */
  cell(): EditedCell | undefined;
  /** The newest window. */
  window(): Window | undefined;
  formats(): Formats;
  /** Something to draw changed; resolves when it is drawn. */
  changed(): Promise<unknown>;
  /** The field with the text, once drawn. */
  field(): HTMLInputElement | null;
  focusGrid(): void;
  /** Says why an edit was not made. */
  refuse(sentence: string): void;
}

/** Edits one cell at a time: what was written is shown at once, and until the store's own value is. */
export class MatrixEditor {
  readonly #host: EditorHost;
  readonly #edits = new MatrixEdits();
  #text: string | undefined;

  constructor(host: EditorHost) {
    this.#host = host;
  }

  /** The text being edited in the chosen cell. */
  get text(): string | undefined {
    return this.#text;
  }

  set text(text: string | undefined) {
    this.#text = text;
    void this.#host.changed();
  }

  textAt(cell: MatrixCell): string | undefined {
    return this.#edits.textAt(cell);
  }

  settle(window: Window): void {
    this.#edits.settle(window);
  }

  clear(): void {
    this.#edits.clear();
  }

  /** Begins with what is there, or with the letter that was `typed` over it. */
  begin({ found, head }: EditedCell, typed?: string): void {
    this.#text = typed ?? (found && found.kind !== 'away' ? this.#plain(found, head) : '');
    void this.#host.changed().then(() => {
      const field = this.#host.field();
      field?.focus({ preventScroll: true });
      if (typed === undefined) field?.select();
    });
  }

  readonly key = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Escape') {
      this.text = undefined;
      this.#host.focusGrid();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      this.commit();
      this.#host.focusGrid();
    }
  };

  /** Writes what was typed, if anything is new about it. */
  readonly commit = (): void => {
    const text = this.#text;
    const edited = this.#host.cell();
    this.text = undefined;
    if (text === undefined || !edited) return;
    const { client, head, cell, indices, found } = edited;
    if (found?.kind === 'written' && text.trim() === this.#plain(found, head)) return;
    try {
      const values = parseElement(text, head.dtype);
      const written = client.write(head.id, indices.join(', '), { dtype: head.dtype, shape: [], values });
      this.#edits.keep(cell, text.trim(), written, {
        stored: () => {
          const window = this.#host.window();
          if (window) this.#edits.settle(window);
          void this.#host.changed();
        },
        dropped: (error) =>
          this.#host.refuse(msg(str`[${cell.row}] was not written: ${toExaError(error).message}`)),
      });
    } catch (error) {
      this.#host.refuse(toExaError(error).message);
    }
    void this.#host.changed();
  };

  #plain({ value }: FoundCell, { dtype }: ArrayHead): string {
    return plainText(value, dtype, elementText(value, dtype, this.#host.formats()));
  }
}
