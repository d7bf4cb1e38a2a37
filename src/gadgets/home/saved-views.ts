import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { DataClient } from '../../protocol/client.ts';
import type { KeptView } from '../../protocol/saved-view.ts';
import { parseWorkspace, printWorkspace } from '../../protocol/workspace-url.ts';
import type { Formats } from '../format.ts';
import { icon } from '../icons.ts';

/** The saved views of this device and of the store, with what can be done with each. */
export interface SavedViews {
  readonly views: readonly KeptView[];
  readonly client: DataClient | undefined;
  readonly formats: Formats;
  readonly renaming: string | undefined;
  readonly rename: (id: string | undefined) => void;
  readonly tell: (words: string) => void;
  readonly failed: (error: unknown) => void;
}

export function savedViews(list: SavedViews): unknown {
  if (list.views.length === 0 || !list.client?.keep) return nothing;
  return html`<section class="cell" aria-labelledby="saved">
    <h2 id="saved">${msg('Saved views')}</h2>
    <ul class="saved">
      ${repeat(
        list.views,
        ({ id, place }) => `${place}/${id}`,
        (view) => html`<li>${list.renaming === view.id ? naming(list, view) : entry(list, view)}</li>`,
      )}
    </ul>
  </section>`;
}

/** Where a saved view leads: its workspace, which knows what it began as. */
export function savedLink(view: KeptView): string {
  return printWorkspace({ ...parseWorkspace(view.workspace).workspace, saved: view.id });
}

function entry(list: SavedViews, view: KeptView): unknown {
  const { name, at, place, pinned, id } = view;
  const where = place === 'store' ? msg('In the store') : msg('On this device');
  const act = (work: Promise<void> | undefined, done: string): void => {
    work?.then(() => list.tell(done), list.failed);
  };
  const keep = list.client?.keep;
  return html`
    <a href=${savedLink(view)}
      ><span>${name}</span><span class="meta">${where} · ${list.formats.moment(Date.parse(at))}</span></a
    >
    ${tool('pin', pinned ? msg('Unpin') : msg('Pin'), name, pinned, () => act(keep?.pin(id, !pinned), pinned ? msg('Unpinned') : msg('Pinned')))}
    ${tool('edit', msg('Rename'), name, undefined, () => list.rename(id))}
    ${tool('trash', msg('Delete'), name, undefined, () => act(keep?.remove(id, place), msg(str`Deleted: ${name}`)))}
  `;
}

function tool(
  picture: 'pin' | 'edit' | 'trash',
  label: string,
  name: string,
  pressed: boolean | undefined,
  run: () => void,
): unknown {
  return html`<button class="button quiet icon-only" title=${label} aria-pressed=${pressed ?? nothing} @click=${run}>
    ${icon(picture)}<span class="hidden-text">${label}: ${name}</span>
  </button>`;
}

function naming(list: SavedViews, view: KeptView): unknown {
  const save = (event: Event): void => {
    event.preventDefault();
    const name = String(new FormData(event.target as HTMLFormElement).get('name') ?? '').trim();
    list.rename(undefined);
    if (name === '' || name === view.name) return;
    const { place, pinned: _, ...saved } = view;
    list.client?.keep
      ?.save({ ...saved, name }, place)
      .then(() => list.tell(msg(str`Renamed: ${name}`)), list.failed);
  };
  return html`<form @submit=${save} @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && list.rename(undefined)}>
    <input name="name" aria-label=${msg('Name')} required maxlength="200" .value=${view.name} autofocus />
    <button class="button">${msg('Rename')}</button>
  </form>`;
}
