import type { Status } from '../protocol/client.ts';
import type { DatasetSummary } from '../protocol/head.ts';
import type { Gadget } from './gadget.ts';
import type { PhaseSource } from './phase.ts';
import { ListController } from './watch-controller.ts';

/** Keeps the list of data sets, and the connection's status, of the client above a gadget. */
export class DatasetsController extends ListController<readonly DatasetSummary[]> implements PhaseSource {
  readonly #status: ListController<Status>;

  constructor(host: Gadget) {
    super(host, (client, observer) => client.datasets(observer));
    this.#status = new ListController(host, (client, observer) => client.status(observer));
    host.addPhaseSource(this);
  }

  /** Undefined until the first list comes. */
  get datasets(): readonly DatasetSummary[] | undefined {
    return this.value;
  }

  get status(): Status | undefined {
    return this.#status.value;
  }
}
