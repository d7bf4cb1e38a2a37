import { describe, expect, test } from 'vitest';
import { inspectFile } from './inspect-file.ts';
import { readAll, sharedFile } from './read-all.testing.ts';
import { readBatches } from './read-batches.ts';

const onlineRetail = sharedFile('online-retail/online_retail.csv.gz');

describe.skipIf(!onlineRetail)('Online Retail', () => {
  test('types, rows and totals are the published ones', async () => {
    const source = onlineRetail!;
    const inspection = await inspectFile(source);
    expect(Object.fromEntries(inspection.columns.map(({ name, type }) => [name, type.kind]))).toEqual({
      InvoiceNo: 'text',
      StockCode: 'text',
      Description: 'text',
      Quantity: 'int32',
      InvoiceDate: 'timestamp',
      UnitPrice: 'decimal',
      CustomerID: 'int32',
      Country: 'text',
    });
    expect(inspection.rows).toBe(541_909);
    let units = 0;
    let amount = 0n;
    let scale = 0;
    let nullClients = 0;
    const invoices = new Set<string>();
    for await (const { columns, rows } of readBatches(source, inspection)) {
      const { Quantity: quantity, UnitPrice: price, CustomerID: client, InvoiceNo: invoice } = columns;
      if (quantity?.kind !== 'int32' || price?.kind !== 'decimal' || invoice?.kind !== 'text') throw Error();
      scale = price.scale;
      for (let i = 0; i < rows; i++) {
        units += quantity.values[i]!;
        amount += BigInt(quantity.values[i]!) * price.values[i]!;
        invoices.add(invoice.dictionary[invoice.codes[i]!]!);
        if (client!.validity && !((client!.validity[i >> 3]! >> (i & 7)) & 1)) nullClients++;
      }
    }
    expect(scale).toBe(3);
    expect(units).toBe(5_176_450);
    expect(amount).toBe(9_747_747_934n);
    expect(invoices.size).toBe(25_900);
    expect(nullClients).toBe(135_080);
    const distinct = Object.fromEntries(inspection.columns.map((column) => [column.name, column.distinct]));
    expect(distinct).toMatchObject({ InvoiceNo: 25_900, StockCode: 4070, CustomerID: 4372, Country: 38 });
  });
});

describe.skipIf(!sharedFile('northwind/orders.csv.gz'))('Northwind', () => {
  test.each([
    ['orders', 830],
    ['order_details', 2155],
    ['customers', 91],
    ['employees', 9],
    ['territories', 53],
  ])('%s has %i rows', async (name, rows) => {
    const table = await readAll(sharedFile(`northwind/${name}.csv.gz`)!);
    expect(table.rows.length).toBe(rows);
  });

  test('dates, money and codes have their types', async () => {
    const { types } = await readAll(sharedFile('northwind/orders.csv.gz')!);
    expect(types).toMatchObject({
      OrderID: { kind: 'int32' },
      CustomerID: { kind: 'text' },
      OrderDate: { kind: 'date' },
      ShippedDate: { kind: 'date' },
      Freight: { kind: 'decimal', scale: 2 },
      ShipPostalCode: { kind: 'text' },
    });
    const territories = await readAll(sharedFile('northwind/territories.csv.gz')!);
    expect(territories.types.TerritoryID).toEqual({ kind: 'text' });
    expect(territories.rows[0]![0]).toBe('01581');
  });
});
