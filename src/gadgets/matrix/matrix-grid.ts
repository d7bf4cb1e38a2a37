import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import './exact-scrollbar.ts';
import type { ScrollEvent } from './exact-scrollbar.ts';
import type { MatrixLayout } from './matrix-layout.ts';
import type { MatrixPointer } from './matrix-pointer.ts';
import { columnHeads, type MatrixRows, matrixRows } from './matrix-rows.ts';

/** The grid with its heads and scroll bars. `top`, `left`: the first row and column in view, in millionths. */
export function matrixGrid({
  name,
  layout,
  drawn,
  top,
  left,
  readonly,
  isActiveShown,
  pointer,
  key,
  copy,
  edit,
  jump,
}: {
  readonly name: string;
  readonly layout: MatrixLayout;
  readonly drawn: MatrixRows;
  readonly top: bigint;
  readonly left: bigint;
  readonly readonly: boolean;
  readonly isActiveShown: boolean;
  readonly pointer: MatrixPointer;
  readonly key: (event: KeyboardEvent) => void;
  readonly copy: (event: ClipboardEvent) => void;
  readonly edit: () => void;
  readonly jump: (side: 'top' | 'left', position: bigint) => void;
}): unknown {
  const { rows, columns, size } = layout;
  return html`<div class="frame">
    <div
      class="view"
      id="view"
      role="grid"
      tabindex="0"
      aria-label=${name}
      aria-rowcount=${size.rows < 2n ** 31n ? Number(size.rows) + 1 : -1}
      aria-colcount=${size.columns < 2n ** 31n ? Number(size.columns) + 1 : -1}
      aria-multiselectable="true"
      aria-readonly=${String(readonly)}
      aria-activedescendant=${isActiveShown ? 'active' : nothing}
      style="--row:${rows.itemPx}px;--cell:${columns.itemPx}px;--rowhead:${layout.rowHeadPx}px"
      @keydown=${key}
      @copy=${copy}
      @pointerdown=${pointer.down}
      @pointermove=${pointer.move}
      @pointerup=${pointer.up}
      @pointercancel=${pointer.up}
      @dblclick=${edit}
    >
      <div class="head" role="row">
        <span class="corner" role="columnheader">${msg('Row')}</span>
        <div class="columnheads" role="presentation">${columnHeads(drawn)}</div>
      </div>
      <div class="rows" role="presentation">${matrixRows(drawn)}</div>
    </div>
    <exa-exact-scrollbar
      orientation="vertical"
      controls="view"
      label=${msg('Rows')}
      .axis=${rows}
      .position=${top}
      @exa-scroll=${(event: ScrollEvent) => jump('top', event.detail)}
    ></exa-exact-scrollbar>
    ${
      columns.size * BigInt(columns.itemPx) > BigInt(Math.ceil(columns.viewPx))
        ? html`<exa-exact-scrollbar
            orientation="horizontal"
            controls="view"
            label=${msg('Columns')}
            .axis=${columns}
            .position=${left}
            @exa-scroll=${(event: ScrollEvent) => jump('left', event.detail)}
          ></exa-exact-scrollbar>`
        : nothing
    }
  </div>`;
}
