import { columnsOfPage, moved, type PageItem } from './page-items.ts';

/** Height of a row and the gap between rows and columns, px: as in the styles. */
export const rowPx = 72;
export const gapPx = 12;

/** A card being moved or resized by pointer. */
export interface PageDrag {
  readonly id: string;
  /** The items as they would be. */
  readonly items: readonly PageItem[];
}

/** Follows a pointer from `event` until it is let go; told each step. Resolves to the items, undefined when it was cancelled. */
export function dragCard(
  event: PointerEvent,
  how: 'move' | 'resize',
  item: PageItem,
  items: readonly PageItem[],
  page: HTMLElement,
  told: (drag: PageDrag) => void,
): Promise<readonly PageItem[] | undefined> {
  const handle = event.currentTarget as HTMLElement;
  handle.setPointerCapture(event.pointerId);
  const columnPx = (page.clientWidth + gapPx) / columnsOfPage;
  const { clientX, clientY } = event;
  let last: readonly PageItem[] = items;
  return new Promise((resolve) => {
    const move = (step: PointerEvent): void => {
      const columns = Math.round((step.clientX - clientX) / columnPx);
      const rows = Math.round((step.clientY - clientY) / (rowPx + gapPx));
      last =
        how === 'move'
          ? moved(items, item.id, { x: item.x + columns, y: item.y + rows })
          : moved(items, item.id, {
              w: Math.min(columnsOfPage - item.x, item.w + columns),
              h: item.h + rows,
            });
      told({ id: item.id, items: last });
    };
    const end = (value: readonly PageItem[] | undefined): void => {
      handle.removeEventListener('pointermove', move);
      handle.removeEventListener('pointerup', drop);
      handle.removeEventListener('pointercancel', cancel);
      resolve(value);
    };
    const drop = (): void => end(last);
    const cancel = (): void => end(undefined);
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', drop);
    handle.addEventListener('pointercancel', cancel);
  });
}

/** The items after an arrow key on a card: it moves, or with Shift grows and shrinks; undefined for any other key. */
export function keyedCard(
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
  item: PageItem,
  items: readonly PageItem[],
): PageItem[] | undefined {
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (!step) return undefined;
  const [dx, dy] = step as [number, number];
  if (shiftKey)
    return moved(items, item.id, { w: Math.min(columnsOfPage - item.x, item.w + dx), h: item.h + dy });
  // Down past the card that stands below: in the next row it would only push that one away and rise again.
  const below = items
    .filter(
      (other) =>
        other.id !== item.id &&
        other.y >= item.y + item.h &&
        other.x < item.x + item.w &&
        item.x < other.x + other.w,
    )
    .reduce<PageItem | undefined>((least, other) => (least && least.y <= other.y ? least : other), undefined);
  return moved(items, item.id, { x: item.x + dx, y: dy > 0 && below ? below.y + below.h : item.y + dy });
}
