/** The id under which a column's filter is held, whoever sets it (the bar, that column's bars). */
export function columnFilterId(column: string): string {
  return `by-${column}`;
}
