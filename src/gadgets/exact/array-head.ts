import type { ArrayHead } from '../../protocol/array.ts';
import type { Gadget } from '../gadget.ts';
import type { PhaseSource } from '../phase.ts';
import { WatchController } from '../watch-controller.ts';

/** Keeps the head of the array a gadget is about, its sizes as bigints. */
export class ArrayHeadController extends WatchController<ArrayHead> implements PhaseSource {
  #sized: { readonly head: ArrayHead; readonly shape: readonly bigint[] } | undefined;

  constructor(host: Gadget, array: () => string | undefined) {
    super(host, array, (client, id, observer) => client.arrays.head(id, observer));
    host.addPhaseSource(this);
  }

  /** The head of the array asked for now; undefined until it comes. */
  get head(): ArrayHead | undefined {
    return this.value;
  }

  /** Its sizes, the same list for the same head; empty until the head comes. */
  get shape(): readonly bigint[] {
    const { head } = this;
    if (!head) return [];
    if (this.#sized?.head !== head) this.#sized = { head, shape: head.shape.map(BigInt) };
    return this.#sized.shape;
  }
}
