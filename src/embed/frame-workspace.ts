import type { FilterGroupElement } from '../gadgets/filter-group/filter-group.ts';
import { ExaError } from '../protocol/errors.ts';
import { parseWorkspace } from '../protocol/workspace-url.ts';
import type { FrameGadget } from './frame-gadget.ts';

/** Whether the fragment of an embedded page is a workspace (`#/orders?…`) and no gadget. */
export function isWorkspaceHash(hash: string): boolean {
  return hash.startsWith('#/');
}

/**
 * Puts the workbench on the page as the workspace of `hash` says, without its panel; `keep` is told each fragment people
 * come to. Its state is `{ workspace }`: that fragment.
 */
export async function showWorkspace(
  page: Document,
  hash: string,
  keep: (fragment: string) => void,
): Promise<FrameGadget> {
  const { Frame } = await import('../gadgets/frame/frame.ts');
  let at = hash;
  const ears = new Set<(state: object) => void>();
  const write = (fragment: string): void => {
    at = fragment;
    keep(fragment);
    for (const told of ears) told({ workspace: fragment });
  };
  const frame = new Frame();
  frame.history = {
    read: () => at,
    push: write,
    replace: write,
    undo() {},
    redo() {},
    canUndo: false,
    canRedo: false,
    listen: () => () => {},
  };
  frame.toggleAttribute('embedded', true);
  const { saved, view } = parseWorkspace(hash).workspace;
  frame.setAttribute('workspace', saved ?? view);
  page.body.replaceChildren(frame);
  return {
    element: frame,
    methods: ['getState', 'export'],
    async call(method, ...args) {
      if (method === 'getState') return { workspace: at };
      if (method === 'export') return frame.export(args[0]);
      throw new ExaError('missing', `A workspace has no method “${method.slice(0, 60)}”.`);
    },
    readState: () => ({ workspace: at }),
    async setState(state) {
      if (!('workspace' in state) || typeof state.workspace !== 'string')
        throw new ExaError('invalid', 'The state of a workspace is { workspace: "#/orders?…" }.');
      frame.go(parseWorkspace(state.workspace).workspace);
    },
    setFilter(source, filter) {
      frame.renderRoot.querySelector<FilterGroupElement>('exa-filter-group')?.set(source, filter);
    },
    onState(told) {
      ears.add(told);
      return () => ears.delete(told);
    },
  };
}
