/** Descending places at least `gap` apart, as near to `values` (descending) as that allows, within `range`. */
export function spread(
  values: readonly number[],
  gap: number,
  [low, high]: readonly [number, number],
): readonly number[] {
  // Clusters of labels that touch share their mean; they merge until none touches another.
  const groups: { sum: number; count: number }[] = [];
  const centre = ({ sum, count }: { sum: number; count: number }): number => {
    const half = ((count - 1) * gap) / 2;
    return Math.min(high - half, Math.max(low + half, sum / count));
  };
  for (const value of values) {
    groups.push({ sum: value, count: 1 });
    while (groups.length > 1) {
      const last = groups.at(-1)!;
      const before = groups.at(-2)!;
      const space = centre(before) - centre(last);
      if (space >= ((before.count + last.count) * gap) / 2) break;
      groups.splice(-2, 2, { sum: before.sum + last.sum, count: before.count + last.count });
    }
  }
  return groups.flatMap((group) =>
    Array.from({ length: group.count }, (_, i) => centre(group) + ((group.count - 1) / 2 - i) * gap),
  );
}
