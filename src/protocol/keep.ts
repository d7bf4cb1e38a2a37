import type { Observer, Unsubscribe } from './client.ts';
import type { WatchEvent } from './messages.ts';
import type { Citation, CiteRequest, KeptPlace, KeptView, SavedView } from './saved-view.ts';

/** Saved views and citations: on this device (on its disk when a promise resolves), and in the store for all who use it. */
export interface KeepClient {
  /** Those of both places, newest first; those of the store as last read while it is away. */
  views(observer: Observer<readonly KeptView[]>): Unsubscribe;
  save(view: SavedView, place: KeptPlace): Promise<void>;
  remove(id: string, place: KeptPlace): Promise<void>;
  pin(id: string, pinned: boolean): Promise<void>;
  /** Keeps an answer for good: of the store's data there, of data on this device here. */
  cite(request: CiteRequest): Promise<Citation>;
  /** Throws `gone` where nobody keeps it any more, `offline` where only the store could know. */
  citation(id: string): Promise<Citation>;
}

/** Page → coordinator. */
export interface KeepCalls {
  views: {
    readonly ask: undefined;
    readonly next: WatchEvent<readonly KeptView[]>;
    readonly done: undefined;
  };
  saveView: {
    readonly ask: { readonly view: SavedView; readonly place: KeptPlace };
    readonly next: never;
    readonly done: undefined;
  };
  removeView: {
    readonly ask: { readonly id: string; readonly place: KeptPlace };
    readonly next: never;
    readonly done: undefined;
  };
  pinView: {
    readonly ask: { readonly id: string; readonly pinned: boolean };
    readonly next: never;
    readonly done: undefined;
  };
  cite: { readonly ask: { readonly request: CiteRequest }; readonly next: never; readonly done: Citation };
  /** Keeps a citation of data of this device. */
  keepCitation: {
    readonly ask: { readonly citation: Citation };
    readonly next: never;
    readonly done: undefined;
  };
  citation: { readonly ask: { readonly id: string }; readonly next: never; readonly done: Citation };
}
