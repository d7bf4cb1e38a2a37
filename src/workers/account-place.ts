import { type AccountSession, publicAccount } from '../protocol/account.ts';

/** Whose data a coordinator serves, from which store, and how it may keep them. Its name in JSON. */
export interface CoordinatorPlace {
  readonly storeUrl: string;
  /** Another one when a coordinator falls silent. */
  readonly generation: number;
  readonly account: string;
  /** What the account may see: when that changes, what was kept is dropped. */
  readonly scope: string;
  readonly cache: 'disk' | 'memory';
  /** Requests carry a token that pages hand over; else the browser's cookie says who asks. */
  readonly hasToken: boolean;
}

export function placeOf(
  storeUrl: string,
  { account, scope, cache }: Pick<AccountSession, 'account' | 'scope' | 'cache'>,
  { generation, hasToken }: Pick<CoordinatorPlace, 'generation' | 'hasToken'>,
): CoordinatorPlace {
  return { storeUrl, generation, account, scope, cache, hasToken };
}

/** Database of what is kept of a store for one account. */
export function storageName({ storeUrl, account }: Pick<CoordinatorPlace, 'storeUrl' | 'account'>): string {
  return account === publicAccount ? `exanalytics ${storeUrl}` : `exanalytics ${storeUrl} ${account}`;
}

/** Database of the data sets one account keeps in this browser; they belong to no store. */
export function localName(account: string): string {
  return account === publicAccount ? 'exanalytics local' : `exanalytics local ${account}`;
}

/** Database of the arrays one account keeps in this browser. */
export function localArraysName(account: string): string {
  return `${localName(account)} arrays`;
}
