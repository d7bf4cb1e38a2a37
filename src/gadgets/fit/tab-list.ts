import { html } from 'lit';

/** Tabs above a panel: one is chosen; arrow keys move and choose. */
export function tabList<T extends string>(list: {
  readonly label: string;
  readonly tabs: readonly { readonly id: T; readonly label: string }[];
  readonly chosen: T;
  readonly choose: (id: T) => void;
}): unknown {
  const { label, tabs, chosen, choose } = list;
  const key = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(({ id }) => id === chosen);
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -at, End: tabs.length - 1 - at }[event.key];
    const next = step === undefined ? undefined : tabs[(at + step + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    const bar = event.currentTarget as HTMLElement;
    choose(next.id);
    bar.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return html`<div class="tabs" role="tablist" aria-label=${label} @keydown=${key}>
    ${tabs.map(
      ({ id, label: text }) => html`<button
        role="tab"
        data-tab=${id}
        aria-selected=${String(id === chosen)}
        tabindex=${id === chosen ? 0 : -1}
        @click=${() => choose(id)}
      >
        ${text}
      </button>`,
    )}
  </div>`;
}
