/** Entries shown at once. */
export const maxFinds = 12;

/** Those whose label or hint holds every word of `text`, accents and case aside; labels that begin with it first. */
export function searchFinds<T extends { readonly label: string; readonly hint: string }>(
  all: readonly T[],
  text: string,
): readonly T[] {
  const words = folded(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return all
    .filter((find) => {
      const label = folded(`${find.label} ${find.hint}`);
      return words.every((word) => label.includes(word));
    })
    .map((find) => ({ find, rank: folded(find.label).startsWith(words[0]!) ? 0 : 1 }))
    .sort((one, other) => one.rank - other.rank)
    .slice(0, maxFinds)
    .map(({ find }) => find);
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
