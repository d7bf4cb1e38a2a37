import { createContext } from '@lit/context';
import type { AccountClient } from '../protocol/account.ts';
import type { DataClient } from '../protocol/client.ts';
import type { ImportClient } from '../protocol/import.ts';
import type { FilterGroup } from './filter-group/group.ts';

/** The {@link DataClient} an ancestor hands down; without one a gadget stays idle. */
export const dataClientContext = createContext<DataClient>(Symbol.for('exanalytics.data-client'));

/** Who is signed in; without one nobody can be. */
export const accountContext = createContext<AccountClient>(Symbol.for('exanalytics.account'));

/** The filters shared by the gadgets below an `exa-filter-group`; without one a gadget shows all rows. */
export const filterContext = createContext<FilterGroup>(Symbol.for('exanalytics.filter-group'));

/** The {@link ImportClient} an ancestor hands down; without one nothing is brought in here. */
export const importClientContext = createContext<ImportClient>(Symbol.for('exanalytics.import-client'));
