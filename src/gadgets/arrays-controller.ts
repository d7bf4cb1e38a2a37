import type { ArrayHead } from '../protocol/array.ts';
import type { Gadget } from './gadget.ts';
import { ListController } from './watch-controller.ts';

/** Keeps the list of arrays of the client above a gadget. No part of the gadget's phase: few are about all arrays. */
export class ArraysController extends ListController<readonly ArrayHead[]> {
  /** `isTime`: whether it is read by now. */
  constructor(host: Gadget, isTime?: () => boolean) {
    super(host, (client, observer) => client.arrays.list(observer), isTime);
  }

  /** Undefined until the first list comes. */
  get arrays(): readonly ArrayHead[] | undefined {
    return this.value;
  }
}
