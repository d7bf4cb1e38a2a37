/** Where workspaces are kept as URL fragments; `push` makes a step that Back undoes. */
export interface WorkspaceHistory {
  read(): string;
  push(fragment: string): void;
  replace(fragment: string): void;
  /** One step back or forward, as far as there is one that was made here. */
  undo(): void;
  redo(): void;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Told when the fragment changed from outside: Back, Forward, a link, a URL by hand. */
  listen(listener: () => void): () => void;
}

/** The browser's own history. */
export function browserHistory(scope: Window = window): WorkspaceHistory {
  // The steps of this tab are numbered in the history itself, so that a reload does not forget them.
  const numberOf = (state: unknown): number | undefined =>
    typeof state === 'object' && state !== null && 'exa' in state && typeof state.exa === 'number'
      ? state.exa
      : undefined;
  let at = numberOf(scope.history.state) ?? 0;
  let last = at;
  if (numberOf(scope.history.state) === undefined) scope.history.replaceState({ exa: at }, '');
  scope.addEventListener('popstate', (event) => {
    const number = numberOf(event.state);
    if (number !== undefined) {
      at = number;
      last = Math.max(last, at);
      return;
    }
    // A link was followed: the browser made the step itself.
    at++;
    last = at;
    scope.history.replaceState({ exa: at }, '');
  });
  return {
    read: () => scope.location.hash,
    push: (fragment) => {
      at++;
      last = at;
      scope.history.pushState({ exa: at }, '', fragment);
    },
    replace: (fragment) => scope.history.replaceState({ exa: at }, '', fragment),
    undo: () => {
      if (at > 0) scope.history.back();
    },
    redo: () => {
      if (at < last) scope.history.forward();
    },
    get canUndo() {
      return at > 0;
    },
    get canRedo() {
      return at < last;
    },
    listen: (listener) => {
      scope.addEventListener('popstate', listener);
      scope.addEventListener('hashchange', listener);
      return () => {
        scope.removeEventListener('popstate', listener);
        scope.removeEventListener('hashchange', listener);
      };
    },
  };
}

/** A history of its own, for a frame inside another page. */
export function memoryHistory(start = '#/home'): WorkspaceHistory & { back(): void; readonly steps: number } {
  let entries = [start];
  let at = 0;
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const go = (step: number): void => {
    if (entries[at + step] === undefined) return;
    at += step;
    tell();
  };
  const listeners = new Set<() => void>();
  return {
    read: () => entries[at]!,
    push: (fragment) => {
      entries = [...entries.slice(0, ++at), fragment];
    },
    replace: (fragment) => {
      entries[at] = fragment;
    },
    undo: () => go(-1),
    redo: () => go(1),
    get canUndo() {
      return at > 0;
    },
    get canRedo() {
      return at < entries.length - 1;
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    back: () => go(-1),
    get steps() {
      return at + 1;
    },
  };
}
