import type { Workspace } from '../protocol/workspace.ts';

/** Bubbling, composed: something below wants the workspace changed. `replace` is a step of a gesture, no history. */
export type WorkspaceEvent = CustomEvent<{ readonly change: Partial<Workspace>; readonly replace: boolean }>;

/** Asks the frame above to change the workspace; a key given as undefined is taken out. */
export function changeWorkspace(from: EventTarget, change: Partial<Workspace>, replace = false): void {
  from.dispatchEvent(
    new CustomEvent('exa-workspace', {
      bubbles: true,
      composed: true,
      detail: { change, replace },
    }) satisfies WorkspaceEvent,
  );
}
