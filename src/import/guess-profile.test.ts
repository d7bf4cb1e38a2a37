import { describe, expect, test } from 'vitest';
import type { Profile } from '../protocol/profile.ts';
import { guessLinks, type KnownTable } from './guess-links.ts';
import { guessProfile, keyProblem } from './guess-profile.ts';
import { inspectFile } from './inspect-file.ts';
import { sharedFile, textSource } from './read-all.testing.ts';
import type { ImportSource } from './source.ts';

async function profileOf(
  name: string,
  source: ImportSource,
  others: readonly KnownTable[] = [],
): Promise<{ readonly profile: Profile; readonly notes: readonly string[]; readonly table: KnownTable }> {
  const { rows, columns, pairs } = await inspectFile(source);
  const { profile, notes } = guessProfile({ name, rows, columns, pairs, others });
  return { profile, notes, table: { id: `id-${name}`, name, columns, keys: profile.keys } };
}

const salesLines = `InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,A1,6,2010-12-01 08:26:00,2.55,17850,United Kingdom
536365,A2,6,2010-12-01 08:26:00,3.39,17850,United Kingdom
536365,A1,1,2010-12-01 08:26:00,2.55,17850,United Kingdom
C536366,A1,-2,2010-12-02 09:00:00,2.55,17850,United Kingdom
536367,A3,1,2010-12-03 10:00:00,0.5,,France
`;

describe('guessProfile', () => {
  test('invoice lines are orders by line, with amount, cancellations and the usual measures', async () => {
    const { profile } = await profileOf('online-retail', textSource('lines.csv', salesLines));
    expect(profile).toMatchObject({
      part: 'orders',
      grain: 'line',
      keys: [],
      roles: {
        order: 'InvoiceNo',
        client: 'CustomerID',
        date: 'InvoiceDate',
        product: 'StockCode',
        quantity: 'Quantity',
        price: 'UnitPrice',
        country: 'Country',
        amount: 'amount',
      },
      calculated: [
        { id: 'amount', formula: 'Quantity * UnitPrice' },
        { id: 'cancelled', formula: "startswith(InvoiceNo, 'C')" },
      ],
    });
    expect(profile.measures.map(({ label, formula }) => `${label} ${formula}`)).toEqual([
      'Revenue sum(amount)',
      'Orders distinct(InvoiceNo)',
      'Units sum(Quantity)',
      'Lines count()',
      'Customers distinct(CustomerID)',
      'Average order sum(amount) / distinct(InvoiceNo)',
    ]);
  });

  test('a file called after a shop is of its orders where its columns say so, else of shops', async () => {
    const orders = 'Order,Date,Country,Amount\nA1,2026-03-14,France,12.50\nA2,2026-03-15,Spain,7.25\n';
    const { profile } = await profileOf('shop', textSource('shop.csv', orders));
    expect(profile.part).toBe('orders');
    expect(profile.measures.map(({ label }) => label)).toEqual(['Revenue', 'Orders', 'Average order']);
    const shops = await profileOf(
      'shops',
      textSource('shops.csv', 'id,name,country\n1,Rivoli,France\n2,Mitte,Germany\n'),
    );
    expect(shops.profile.part).toBe('shops');
  });

  test('an ERP’s tables: sale_order points at res_partner', async () => {
    const partners = await profileOf(
      'res_partner',
      textSource('p.csv', 'id,name,email,country\n1,Ada,a@example.org,FR\n2,Bo,b@example.org,DE\n'),
    );
    expect(partners.profile).toMatchObject({
      part: 'clients',
      keys: ['id'],
      roles: { id: 'id', name: 'name', email: 'email', country: 'country' },
    });
    const { profile } = await profileOf(
      'sale_order',
      textSource(
        's.csv',
        'id,name,partner_id,state,amount_total,date_order\n1,S1,2,sale,10.50,2024-01-02\n2,S2,2,done,1.00,2024-01-03\n',
      ),
      [partners.table],
    );
    expect(profile).toMatchObject({
      part: 'orders',
      grain: 'order',
      keys: ['id'],
      roles: { id: 'id', client: 'partner_id', state: 'state', amount: 'amount_total', date: 'date_order' },
      links: [{ id: 'partner', column: 'partner_id', dataset: 'id-res_partner', key: 'id' }],
    });
    expect(profile.measures.map(({ formula }) => formula)).toContain('sum(amount_total) / count()');
  });

  test('a repeated or missing id is not a key, and that is said', async () => {
    const repeated = await profileOf('clients', textSource('c.csv', 'id,name\n1,a\n2,b\n1,c\n'));
    expect(repeated.profile.keys).toEqual([]);
    expect(repeated.notes).toEqual(['id is not a key: row 3 repeats “1”.']);
    const missing = await profileOf('clients', textSource('c.csv', 'id,name\n1,a\n,b\n3,c\n'));
    expect(missing.profile.keys).toEqual([]);
    expect(missing.notes).toEqual(['id is not a key: it is missing in 1 row, first in row 2.']);
  });

  test('a declared key is checked', async () => {
    const { columns, pairs } = await inspectFile(textSource('c.csv', 'id,name\n1,a\n1,b\n'));
    expect(keyProblem(['id'], columns, pairs)).toBe('id cannot be a key: row 2 repeats “1”.');
    expect(keyProblem(['name'], columns, pairs)).toBeUndefined();
    expect(keyProblem(['nome'], columns, pairs)).toMatch(/not there: nome/);
  });

  test('of two tables that a column could point at, the one keyed by that very name', () => {
    const int32 = { kind: 'int32' } as const;
    const table = (id: string, key: string): KnownTable => ({
      id,
      name: id,
      columns: [{ name: key, type: int32 }],
      keys: [key],
    });
    const details = { id: '', name: 'details', columns: [{ name: 'OrderID', type: int32 }], keys: [] };
    const found = (...others: KnownTable[]) => guessLinks(details, others).map(({ dataset }) => dataset);
    expect(found(table('orders', 'id'), table('nw_orders', 'OrderID'))).toEqual(['nw_orders']);
    expect(found(table('old_orders', 'id'), table('orders', 'id'))).toEqual(['orders']);
    expect(found(table('clients', 'id'))).toEqual([]);
  });

  test('names with spaces are quoted in formulas', async () => {
    const { profile } = await profileOf(
      'sales',
      textSource(
        's.csv',
        'Order ID,Order Date,Unit Price,Quantity\nA1,2024-01-02,1.50,2\nA1,2024-01-02,1.50,2\n',
      ),
    );
    expect(profile.calculated[0]!.formula).toBe('Quantity * "Unit Price"');
  });
});

describe.skipIf(!sharedFile('northwind/orders.csv.gz'))('Northwind', () => {
  test('parts, keys and links are found', async () => {
    const tables: KnownTable[] = [];
    const profiles: Record<string, Profile> = {};
    for (const name of [
      'categories',
      'suppliers',
      'customers',
      'employees',
      'products',
      'orders',
      'order_details',
    ]) {
      const read = await profileOf(name, sharedFile(`northwind/${name}.csv.gz`)!, tables);
      tables.push(read.table);
      profiles[name] = read.profile;
    }
    const links = (name: string) =>
      profiles[name]!.links.map(({ column, dataset, key }) => `${column} → ${dataset.slice(3)}.${key}`);
    expect(profiles.customers).toMatchObject({
      part: 'clients',
      keys: ['CustomerID'],
      roles: { name: 'CompanyName' },
    });
    expect(profiles.products).toMatchObject({
      part: 'products',
      keys: ['ProductID'],
      roles: { name: 'ProductName' },
    });
    expect(profiles.orders).toMatchObject({
      part: 'orders',
      grain: 'order',
      keys: ['OrderID'],
      roles: { client: 'CustomerID', date: 'OrderDate', country: 'ShipCountry' },
    });
    expect(links('orders')).toEqual([
      'CustomerID → customers.CustomerID',
      'EmployeeID → employees.EmployeeID',
    ]);
    expect(profiles.order_details).toMatchObject({
      part: 'table',
      grain: 'line',
      keys: ['OrderID', 'ProductID'],
    });
    expect(links('order_details')).toEqual(['OrderID → orders.OrderID', 'ProductID → products.ProductID']);
    expect(links('products')).toEqual([
      'SupplierID → suppliers.SupplierID',
      'CategoryID → categories.CategoryID',
    ]);
    const orders = tables.find(({ name }) => name === 'orders')!;
    expect(guessLinks({ ...orders, linked: ['CustomerID', 'EmployeeID'] }, tables)).toEqual([]);
  });
});
