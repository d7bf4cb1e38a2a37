/** Where workspaces are kept as URL fragments; `push` makes a step that Back undoes. */
export interface WorkspaceHistory {
  read(): string;
  push(fragment: string): void;
  replace(fragment: string): void;
  /** Told when the fragment changed from outside: Back, Forward, a link, a URL by hand. */
  listen(listener: () => void): () => void;
}

/** The browser's own history. */
export function browserHistory(scope: Window = window): WorkspaceHistory {
  return {
    read: () => scope.location.hash,
    push: (fragment) => scope.history.pushState(null, '', fragment),
    replace: (fragment) => scope.history.replaceState(null, '', fragment),
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
  const entries = [start];
  const listeners = new Set<() => void>();
  return {
    read: () => entries[entries.length - 1]!,
    push: (fragment) => {
      entries.push(fragment);
    },
    replace: (fragment) => {
      entries[entries.length - 1] = fragment;
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    back: () => {
      if (entries.length > 1) entries.pop();
      for (const listener of listeners) listener();
    },
    get steps() {
      return entries.length;
    },
  };
}
