import type { View } from './page/api.ts';
import type { Posted } from './posted.ts';

/** Something that a person may see on the page. */
export type Happening =
  | { readonly type: 'message'; readonly message: Posted }
  | { readonly type: 'deleted'; readonly message: Posted }
  | { readonly type: 'modals'; readonly person: string; readonly modals: readonly View[] }
  | { readonly type: 'home'; readonly person: string; readonly home: View }
  | { readonly type: 'bot'; readonly isConnected: boolean };

/** Tells everybody who listens what has just happened, in order. */
export class Feed {
  readonly #listeners = new Set<(happening: Happening) => void>();

  /** The answer ends the subscription. */
  subscribe(listener: (happening: Happening) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(happening: Happening): void {
    for (const listener of [...this.#listeners]) listener(happening);
  }
}
