import { openAnswer } from '../../arrow/answer-table.ts';
import type { DataClient } from '../../protocol/client.ts';
import type { RowsQuestion } from '../../protocol/query.ts';
import { tsvOf } from './grid.query.ts';
import type { GridColumn } from './grid-columns.ts';
import type { CellRange } from './selection.ts';
import type { FoundRow } from './windows.ts';

/** Most rows copied at once. */
export const maxCopiedRows = 10_000;

/** The exact values of a range as tab-separated text: from the rows that are here, else asked for. */
export async function copiedText(of: {
  readonly range: CellRange;
  readonly columns: readonly GridColumn[];
  readonly find: (row: number) => FoundRow | undefined;
  readonly client: DataClient | undefined;
  readonly question: (offset: number, limit: number) => RowsQuestion | undefined;
  readonly signal?: AbortSignal;
}): Promise<string> {
  const { range, client, signal } = of;
  const columns = of.columns.slice(range.columnStart, range.columnEnd);
  const count = Math.min(maxCopiedRows, range.rowEnd - range.rowStart);
  const line = ({ table, at }: FoundRow): string[] => columns.map(({ column }) => table.exact(column, at));
  const here = Array.from({ length: count }, (_, i) => of.find(range.rowStart + i));
  if (here.every((found) => found !== undefined)) return tsvOf(here.map(line));
  const question = of.question(range.rowStart, count);
  if (!question || !client) return '';
  const table = openAnswer((await client.ask(question, { signal })).bytes);
  return tsvOf(Array.from({ length: table.rows }, (_, at) => line({ table, at })));
}
