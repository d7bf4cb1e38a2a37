/** Lists in which something was chosen on the way, by arrows or letters. */
const onTheWay = new WeakSet<HTMLSelectElement>();

/** What a list that acts listens to. */
export interface ActingList {
  readonly change: (event: Event) => void;
  readonly keydown: (event: KeyboardEvent) => void;
  readonly pointerdown: (event: Event) => void;
  readonly blur: (event: Event) => void;
}

/**
 * A list whose choice does something and is empty again: by pointer at once, by keyboard on Enter, as arrows and letters
 * choose other entries on the way; left without Enter it does nothing.
 */
export function actingList(act: (value: string) => void): ActingList {
  const listOf = (event: Event): HTMLSelectElement => event.currentTarget as HTMLSelectElement;
  const commit = (list: HTMLSelectElement): void => {
    const { value } = list;
    list.value = '';
    onTheWay.delete(list);
    if (value !== '') act(value);
  };
  return {
    change: (event) => {
      if (!onTheWay.has(listOf(event))) commit(listOf(event));
    },
    keydown: (event) => {
      const { key } = event;
      if (key === 'Enter') {
        onTheWay.delete(listOf(event));
        if (listOf(event).value !== '') {
          event.preventDefault();
          commit(listOf(event));
        }
      } else if ((key.length === 1 && !event.ctrlKey && !event.metaKey) || /^(Arrow|Page|Home|End)/.test(key))
        onTheWay.add(listOf(event));
    },
    pointerdown: (event) => onTheWay.delete(listOf(event)),
    blur: (event) => {
      if (onTheWay.delete(listOf(event))) listOf(event).value = '';
    },
  };
}
