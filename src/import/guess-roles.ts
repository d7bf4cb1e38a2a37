import { isNumeric } from '../protocol/column.ts';
import type { Part, Role } from '../protocol/profile.ts';
import type { ColumnFacts } from './column-facts.ts';
import { foldedName, singular, wordsOf } from './names.ts';

/** Words in a table's name that say what it is (English, French, and what ERPs call their tables). */
const partWords: readonly (readonly [Part, readonly string[]])[] = [
  ['tasks', ['task', 'todo', 'activity', 'tache']],
  ['messages', ['message', 'mail', 'email', 'ticket', 'conversation', 'sms']],
  ['events', ['event', 'log', 'visit', 'interaction', 'call']],
  ['products', ['product', 'article', 'item', 'sku', 'catalog', 'catalogue', 'produit', 'material']],
  ['shops', ['shop', 'store', 'warehouse', 'branch', 'outlet', 'magasin']],
  ['clients', ['client', 'customer', 'partner', 'account', 'contact', 'kna1', 'tiers']],
  ['orders', ['order', 'sale', 'invoice', 'commande', 'facture', 'vbak', 'retail', 'purchase']],
];

/** A row of such a table is a line of something. */
const lineWords = ['line', 'detail', 'item', 'position', 'vbap', 'ligne'];

/** Folded names of columns that play a role, best first. `date` and the numeric roles also need the type. */
const roleNames: Readonly<Record<Exclude<Role, 'id' | 'name'>, string>> = {
  order:
    'orderid orderno ordernumber order invoiceno invoiceid invoicenumber invoice saleorderid salesorder salesorderid documentno documentid transactionid vbeln commande numcommande facture',
  client:
    'customerid clientid customer client customerno customernumber clientno custid partnerid partner accountid kunnr codeclient idclient buyerid userid',
  date: 'orderdate invoicedate dateorder date saledate createdat createdate created creationdate timestamp datetime orderedat purchasedate erdat datecommande datefacture time day startdate hiredate',
  amount:
    'amount totalamount amounttotal total grandtotal totalprice linetotal linesum amountuntaxed pricesubtotal montant montantttc montantht netwr revenue sales turnover value',
  quantity: 'quantity qty units productuomqty orderedqty qte quantite menge kwmeng count pieces',
  price: 'unitprice price listprice priceunit salesprice prix prixunitaire preis cost',
  state: 'state status orderstatus orderstate statut etat invoicestatus stage',
  country: 'country shipcountry countrycode countryname billingcountry pays land land1 countryid',
  shop: 'shopid shop storeid store storename branchid branch warehouseid warehouse outlet magasin',
  product:
    'productid product stockcode sku itemid item itemno article articleid articleno productcode matnr codearticle reference',
  email: 'email emailaddress mail emailfrom',
  segment: 'segment customersegment category categoryname categoryid tier customertype type group',
};

const numericRoles: ReadonlySet<Role> = new Set<Role>(['amount', 'quantity', 'price']);

/** What a table is, by its name, then by its columns. */
export function guessPart(name: string, columns: readonly ColumnFacts[]): Part {
  const words = wordsOf(name).map(singular);
  const isLines = words.some((word) => lineWords.includes(word)) && words.length > 1;
  if (isLines) return 'table';
  for (const [part, known] of partWords)
    if (words.some((word) => known.includes(word))) return agreed(part, columns);
  return findRole('order', columns) && findRole('date', columns) && findRole('client', columns)
    ? 'orders'
    : 'table';
}

/** An `orders` name needs a date or an amount as well; `customer_demographics` needs a name or an email. */
function agreed(part: Part, columns: readonly ColumnFacts[]): Part {
  if (part === 'orders')
    return findRole('date', columns) &&
      (findRole('order', columns) || findRole('amount', columns) || hasId(columns))
      ? 'orders'
      : 'table';
  // A file called after the shop whose orders it has.
  if (
    part === 'shops' &&
    findRole('order', columns) &&
    findRole('date', columns) &&
    findRole('amount', columns)
  )
    return 'orders';
  if (part === 'clients') return findName(part, columns) || findRole('email', columns) ? part : 'table';
  return part;
}

function hasId(columns: readonly ColumnFacts[]): boolean {
  return columns.some((column) => foldedName(column.name) === 'id');
}

/** The column that plays a role by its name and type. */
export function findRole(
  role: Exclude<Role, 'id' | 'name'>,
  columns: readonly ColumnFacts[],
): ColumnFacts | undefined {
  const fits = (column: ColumnFacts) => {
    if (role === 'date') return column.type.kind === 'date' || column.type.kind === 'timestamp';
    if (numericRoles.has(role)) return isNumeric(column.type);
    return column.type.kind !== 'date' && column.type.kind !== 'timestamp' && column.type.kind !== 'float64';
  };
  for (const known of roleNames[role].split(' ')) {
    const found = columns.find((column) => foldedName(column.name) === known && fits(column));
    if (found) return found;
  }
  return role === 'date' ? columns.find(fits) : undefined;
}

/** The column that says what a row is called. */
export function findName(part: Part, columns: readonly ColumnFacts[]): ColumnFacts | undefined {
  const one = singular(part);
  const names = [
    'name',
    `${one}name`,
    ...(part === 'clients'
      ? ['companyname', 'customername', 'displayname', 'fullname', 'name1', 'contactname', 'lastname']
      : []),
    ...(part === 'products' ? ['title', 'description', 'designation'] : []),
    ...(part === 'messages' || part === 'tasks' ? ['subject', 'title', 'summary'] : []),
  ];
  const texts = columns.filter((column) => column.type.kind === 'text');
  for (const known of names) {
    const found = texts.find((column) => foldedName(column.name) === known);
    if (found) return found;
  }
  return undefined;
}

/** Whether a column's name is that of its table's own identifier: `id`, `customerid` in customers, `vbeln`. */
export function isOwnId(table: string, column: string): boolean {
  const folded = foldedName(column);
  if (/^(?:id|uuid|guid|key|code|no|number)$/.test(folded)) return true;
  const words = wordsOf(table).map(singular);
  const stems = [words.join(''), words.at(-1) ?? '', words[0] ?? ''].filter(Boolean);
  return stems.some((stem) =>
    new RegExp(`^(?:id)?${stem}(?:id|no|nr|number|code|key)$|^id${stem}$`).test(folded),
  );
}
