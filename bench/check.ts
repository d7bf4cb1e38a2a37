/** What an answer adds up to: the same from every engine, sums to 1e-9 of their size. */
export interface Check {
  readonly groups: number;
  readonly rows: number;
  readonly total: number;
}

/** Throws where two engines disagree. */
export function sameChecks(what: string, ours: readonly Check[], peers: readonly Check[]): void {
  ours.forEach((mine, i) => {
    const theirs = peers[i];
    const close = theirs && Math.abs(mine.total - theirs.total) <= 1e-9 * Math.abs(theirs.total);
    if (mine.groups !== theirs?.groups || mine.rows !== theirs.rows || !close)
      throw new Error(`${what} ${i}: ${JSON.stringify(mine)} here, ${JSON.stringify(theirs)} there.`);
  });
}
