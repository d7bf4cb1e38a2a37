/** What the id of a data set kept in this browser begins with; the store hands out no such id. */
export const localPrefix = 'local-';

/** Whether a data set, or the array in its place, is kept in this browser rather than by the store. */
export function isLocal(dataset: string): boolean {
  return dataset.replace(/^array:/, '').startsWith(localPrefix);
}
