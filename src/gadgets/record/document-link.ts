import type { Literal } from '../../protocol/column.ts';

/**
 * The address of a row's own document: `template` with each `{column}` replaced by the row's value, encoded. Undefined
 * where a value is missing or a column is not there, and for what is no http address.
 */
export function documentLink(
  template: string,
  valueIn: (column: string) => Literal | undefined,
): string | undefined {
  let isWhole = true;
  const address = template.replaceAll(/\{([^{}]+)\}/g, (_, column: string) => {
    const value = valueIn(column);
    if (value === null || value === undefined) isWhole = false;
    return encodeURIComponent(String(value ?? ''));
  });
  if (!isWhole || !/^https?:\/\//.test(address)) return undefined;
  return URL.canParse(address) ? address : undefined;
}
