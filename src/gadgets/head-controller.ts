import type { Head } from '../protocol/head.ts';
import type { Gadget } from './gadget.ts';
import type { PhaseSource } from './phase.ts';
import { WatchController } from './watch-controller.ts';

/** Keeps the head of the data set a gadget is about: its columns and profile. */
export class HeadController extends WatchController<Head> implements PhaseSource {
  constructor(host: Gadget, dataset: () => string | undefined) {
    super(host, dataset, (client, id, observer) => client.head(id, observer));
    host.addPhaseSource(this);
  }

  /** The head of the data set asked for now; undefined until it comes. */
  get head(): Head | undefined {
    return this.value;
  }
}
