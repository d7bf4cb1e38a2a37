import type { KeptView } from '../protocol/saved-view.ts';
import type { Gadget } from './gadget.ts';
import { ListController } from './watch-controller.ts';

/** Keeps the list of saved views. */
export class ViewsController extends ListController<readonly KeptView[]> {
  /** `isTime`: whether it is read by now. */
  constructor(host: Gadget, isTime?: () => boolean) {
    super(host, (client, observer) => client.keep?.views(observer), isTime);
  }

  /** Undefined until the first list comes. */
  get any(): readonly KeptView[] | undefined {
    return this.value;
  }
}
