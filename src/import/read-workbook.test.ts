import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { inspectFile } from './inspect-file.ts';
import { isWorkbook, readWorkbook } from './read-workbook.ts';
import { bytesSource } from './source.ts';

const head = '<?xml version="1.0" encoding="UTF-8"?>';

/** A workbook of one sheet whose rows are XML as Excel writes it. */
function workbook(rows: string, extra = ''): Uint8Array {
  return zipSync({
    '[Content_Types].xml': strToU8(
      `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    ),
    'xl/workbook.xml': strToU8(
      `${head}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sales" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    ),
    'xl/styles.xml': strToU8(
      `${head}<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    ),
    'xl/worksheets/sheet1.xml': strToU8(
      `${head}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows}</sheetData>${extra}</worksheet>`,
    ),
  });
}

const text = (ref: string, value: string) => `<c r="${ref}" t="inlineStr"><is><t>${value}</t></is></c>`;

describe('Excel workbooks', () => {
  test('dates, exact decimals, texts with commas and the values of formulas', async () => {
    const bytes = workbook(
      `<row r="1">${text('A1', 'day')}${text('B1', 'name')}${text('C1', 'price')}${text('D1', 'total')}</row>` +
        `<row r="2"><c r="A2" s="1"><v>40886</v></c>${text('B2', 'Lamp, red')}<c r="C2"><v>12.5</v></c><c r="D2"><f>C2*2</f><v>25</v></c></row>` +
        `<row r="3"><c r="A3" s="1"><v>40887</v></c>${text('B3', 'Chair')}<c r="C3"><v>0.99</v></c><c r="D3"><f>C3*2</f><v>1.98</v></c></row>`,
    );
    const file = bytesSource('Sales.xlsx', bytes);
    expect(await isWorkbook(file)).toBe(true);
    const { source, sheet, sheets } = await readWorkbook(file);
    expect([sheet, sheets]).toEqual(['Sales', ['Sales']]);
    const { columns, rows } = await inspectFile(source, { delimiter: ',' });
    expect(rows).toBe(2);
    expect(columns.map(({ name, type }) => [name, type.kind])).toEqual([
      ['day', 'date'],
      ['name', 'text'],
      ['price', 'decimal'],
      ['total', 'decimal'],
    ]);
  });

  test('merged cells above two header rows', async () => {
    const bytes = workbook(
      `<row r="1">${text('A1', 'Country')}${text('B1', '2011')}</row>` +
        `<row r="2">${text('B2', 'Units')}${text('C2', 'Amount')}</row>` +
        `<row r="3">${text('A3', 'France')}<c r="B3"><v>3</v></c><c r="C3"><v>4.5</v></c></row>`,
      '<mergeCells count="2"><mergeCell ref="A1:A2"/><mergeCell ref="B1:C1"/></mergeCells>',
    );
    const { source, notes } = await readWorkbook(bytesSource('Sales.xlsx', bytes));
    const { columns } = await inspectFile(source, { delimiter: ',' });
    expect(columns.map(({ name }) => name)).toEqual(['Country', '2011 Units', '2011 Amount']);
    expect(notes).toEqual(['Two header rows were joined into one.']);
  });

  test('an archive that is no workbook, a damaged and an empty one: one sentence each', async () => {
    const zip = zipSync({ 'a.txt': strToU8('hello') });
    await expect(readWorkbook(bytesSource('a.zip', zip))).rejects.toThrow(
      'The file a.zip is a ZIP archive that cannot be read as an Excel workbook',
    );
    const cut = workbook('').slice(0, 300);
    await expect(readWorkbook(bytesSource('cut.xlsx', cut))).rejects.toMatchObject({ tag: 'invalid' });
    await expect(readWorkbook(bytesSource('none.xlsx', workbook('')))).rejects.toThrow(
      'The workbook none.xlsx is empty',
    );
  });
});
