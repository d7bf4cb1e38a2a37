import { ExaError } from '../protocol/errors.ts';
import { cellText, type SheetCell, sheetTable } from './sheet-table.ts';
import { bytesSource, firstBytes, type ImportSource } from './source.ts';

/** A sheet of a workbook as a source of CSV, comma-separated. */
export interface WorkbookSource {
  readonly source: ImportSource;
  /** Sheets that hold something. */
  readonly sheets: readonly string[];
  readonly sheet: string;
  readonly notes: readonly string[];
}

/** Most bytes of a workbook: all of it is unpacked in memory. */
const maxBytes = 128 * 2 ** 20;

/** Whether a file is a ZIP archive, which is what an Excel workbook (.xlsx) is. */
export async function isWorkbook(source: ImportSource): Promise<boolean> {
  const head = await firstBytes(source.open(), 4);
  return head.byteLength === 4 && [0x50, 0x4b, 0x03, 0x04].every((byte, i) => head[i] === byte);
}

/**
 * Reads one sheet, the first that holds something unless named; of formulas, the values they had when saved.
 * Throws `invalid`, one sentence, for an archive that is no workbook, a damaged one, or one without any cell.
 */
export async function readWorkbook(source: ImportSource, wanted?: string): Promise<WorkbookSource> {
  if (source.byteLength > maxBytes)
    throw new ExaError(
      'invalid',
      `The workbook ${source.name} is larger than ${maxBytes / 2 ** 20} MB: save its sheet as CSV, which can be of any size.`,
    );
  const bytes = await source.slice(0, source.byteLength);
  const { default: readExcel } = await import('read-excel-file/universal');
  let found: { readonly sheet: string; readonly data: readonly (readonly unknown[])[] }[];
  try {
    found = await readExcel(new Uint8Array(bytes).buffer);
  } catch (cause) {
    throw new ExaError(
      'invalid',
      `The file ${source.name} is a ZIP archive that cannot be read as an Excel workbook: unpack it, or save the sheet as CSV.`,
      { cause },
    );
  }
  const tables = found.flatMap(({ sheet, data }) => {
    const table = sheetTable(data as readonly (readonly SheetCell[])[]);
    return table ? [{ sheet, table }] : [];
  });
  const chosen = tables.find(({ sheet }) => sheet === wanted) ?? tables[0];
  if (!chosen)
    throw new ExaError('invalid', `The workbook ${source.name} is empty: there is nothing to import.`);
  const { sheet, table } = chosen;
  const lines = [table.names, ...table.rows].map((row) => `${row.map(csvCell).join(',')}\n`);
  return {
    source: bytesSource(source.name, new TextEncoder().encode(lines.join(''))),
    sheets: tables.map((entry) => entry.sheet),
    sheet,
    notes: table.notes,
  };
}

function csvCell(cell: SheetCell): string {
  const text = cellText(cell) ?? '';
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
