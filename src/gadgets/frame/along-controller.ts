import { isLocal } from '../../protocol/local.ts';
import type { ViewName } from '../../protocol/workspace.ts';
import type { Gadget } from '../gadget.ts';
import type { Subject } from '../subject.ts';
import { WatchController } from '../watch-controller.ts';

const tableViews: readonly ViewName[] = ['explore', 'pivot', 'orders', 'clients'];

/**
 * Has the table in view brought here behind what is asked, as far as it is small enough, so that any question about it is
 * answered on a train. A gadget in another page brings nothing that it does not show, nor does a browser told to spare data.
 */
export class AlongController extends WatchController<never> {
  constructor(host: Gadget, shown: () => { readonly view: ViewName; readonly subject: Subject | undefined }) {
    const table = (): string | undefined => {
      const { view, subject } = shown();
      const id = subject?.dataset.id;
      return id !== undefined && tableViews.includes(view) && !isLocal(id) && !sparesData() ? id : undefined;
    };
    super(host, table, (client, id) => client.bringAlong?.(id, false, { next() {} }));
  }
}

function sparesData(): boolean {
  const { connection } = navigator as { readonly connection?: { readonly saveData?: boolean } };
  return connection?.saveData === true;
}
