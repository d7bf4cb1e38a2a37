import type { ViewName } from '../../protocol/workspace.ts';
import type { PreferenceStore } from '../preferences.ts';

/** What shows people round: the tour and the sheet of keys, each fetched when it is wanted. */
export class FrameGuides {
  readonly #root: () => HTMLElement | DocumentFragment;
  readonly #preferences: () => PreferenceStore;

  constructor(root: () => HTMLElement | DocumentFragment, preferences: () => PreferenceStore) {
    this.#root = root;
    this.#preferences = preferences;
  }

  /** On somebody's first visit, once there is something to look at, the tour shows itself: once, whatever becomes of it. */
  welcome(view: ViewName, hasData: boolean): void {
    if (view !== 'home' || !hasData) return;
    const preferences = this.#preferences();
    // A browser that a program drives is nobody's first visit.
    if (preferences.get().toured || navigator.webdriver) return;
    preferences.set({ toured: true });
    void this.tour();
  }

  async tour(): Promise<void> {
    const { showTour } = await import('./tour.ts');
    showTour(this.#root(), this.#preferences());
  }

  async shortcuts(): Promise<void> {
    const { showShortcuts } = await import('./shortcuts.ts');
    showShortcuts(this.#root());
  }
}
