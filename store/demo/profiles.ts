import type { Link, Measure, Profile } from '../../src/protocol/profile.ts';

const zone = 'Europe/Paris';
const currency = 'EUR';

const client: Link = { id: 'client', label: 'Client', column: 'client', dataset: 'clients', key: 'id' };
const shop: Link = { id: 'shop', label: 'Shop', column: 'shop', dataset: 'shops', key: 'id' };
const product: Link = { id: 'product', label: 'Product', column: 'product', dataset: 'products', key: 'id' };
const order: Link = { id: 'order', label: 'Order', column: 'order', dataset: 'orders', key: 'id' };

function count(id: string, label: string, formula = 'count()'): Measure {
  return { id, label, formula, format: 'count' };
}

function money(id: string, label: string, formula: string): Measure {
  return { id, label, formula, format: 'money' };
}

const base = {
  grain: 'row',
  labels: {},
  links: [],
  calculated: [],
  measures: [],
  zone,
  dimensions: [],
} as const;

/** What each table of the demo means, in terms of column names. */
export const demoProfiles: Readonly<Record<string, Profile>> = {
  clients: {
    ...base,
    part: 'clients',
    label: 'Clients',
    keys: ['id'],
    roles: {
      id: 'id',
      name: 'name',
      email: 'email',
      country: 'country',
      segment: 'segment',
      date: 'created',
    },
    labels: { birth_year: 'Birth year', credit_limit: 'Credit limit', points: 'Loyalty points' },
    measures: [
      count('clients', 'Clients'),
      { id: 'points', label: 'Average points', formula: 'mean(points)', format: 'number' },
      count('subscribers', 'Newsletter readers', 'sum(if(newsletter, 1, 0))'),
    ],
    currency,
    dimensions: ['country', 'segment', 'city', 'language', 'newsletter'],
  },
  shops: {
    ...base,
    part: 'shops',
    label: 'Shops',
    keys: ['id'],
    roles: { id: 'id', name: 'name', country: 'country' },
    measures: [count('shops', 'Shops')],
    dimensions: ['kind', 'country', 'city'],
  },
  products: {
    ...base,
    part: 'products',
    label: 'Products',
    keys: ['id'],
    roles: { id: 'id', name: 'name', price: 'price', segment: 'category' },
    measures: [count('products', 'Products'), money('mean_price', 'Average price', 'mean(price)')],
    currency,
    dimensions: ['category', 'active'],
  },
  orders: {
    ...base,
    part: 'orders',
    label: 'Orders',
    grain: 'order',
    keys: ['id'],
    roles: {
      id: 'id',
      order: 'id',
      client: 'client',
      date: 'date',
      amount: 'amount',
      state: 'state',
      country: 'country',
      shop: 'shop',
    },
    labels: { lines: 'Lines' },
    links: [client, shop],
    calculated: [
      { id: 'cancelled', label: 'Cancelled', formula: "state = 'cancelled'" },
      { id: 'net', label: 'Net amount', formula: "if(state = 'cancelled', 0, amount)" },
    ],
    measures: [
      money('revenue', 'Revenue', 'sum(net)'),
      count('orders', 'Orders'),
      money('average_order', 'Average order', 'sum(net) / count()'),
      count('customers', 'Customers', 'distinct(client)'),
      count('lines', 'Lines', 'sum(lines)'),
    ],
    currency,
    dimensions: ['country', 'state', 'channel', 'shop.name'],
  },
  order_lines: {
    ...base,
    part: 'table',
    label: 'Order lines',
    grain: 'line',
    keys: ['order', 'line'],
    roles: {
      order: 'order',
      date: 'date',
      product: 'product',
      quantity: 'quantity',
      price: 'price',
      amount: 'amount',
    },
    links: [order, product],
    measures: [
      money('sales', 'Sales', 'sum(amount)'),
      count('units', 'Units', 'sum(quantity)'),
      count('lines', 'Lines'),
      count('orders', 'Orders', 'distinct(order)'),
    ],
    currency,
    dimensions: ['product.category', 'product.name', 'discount'],
  },
  contact_events: {
    ...base,
    part: 'events',
    label: 'Contact events',
    keys: ['id'],
    roles: { id: 'id', client: 'client', date: 'date' },
    links: [client],
    measures: [
      count('events', 'Events'),
      count('clients', 'Clients reached', 'distinct(client)'),
      { id: 'minutes', label: 'Minutes', formula: 'sum(minutes)', format: 'number' },
    ],
    dimensions: ['kind', 'outcome'],
  },
  messages: {
    ...base,
    part: 'messages',
    label: 'Messages',
    keys: ['id'],
    roles: { id: 'id', client: 'client', order: 'order', date: 'date', name: 'subject', state: 'state' },
    links: [client, order],
    measures: [count('messages', 'Messages'), count('clients', 'Clients', 'distinct(client)')],
    dimensions: ['state', 'channel', 'subject'],
  },
  tasks: {
    ...base,
    part: 'tasks',
    label: 'Tasks',
    keys: ['id'],
    roles: { id: 'id', client: 'client', date: 'created', name: 'title', state: 'state' },
    links: [client],
    measures: [count('tasks', 'Tasks'), count('open', 'Open', "sum(if(state = 'done', 0, 1))")],
    dimensions: ['state', 'priority', 'assignee', 'title'],
  },
};

/** Orders of more clients than can be joined: what is asked most of a client is kept with each order. */
export const ordersProfileWithCopies: Profile = {
  ...demoProfiles.orders!,
  links: [
    {
      ...client,
      copies: [
        { column: 'name', as: 'client_name' },
        { column: 'segment', as: 'client_segment' },
      ],
    },
    shop,
  ],
  dimensions: [...demoProfiles.orders!.dimensions, 'client.segment'],
};

/** Totals a client, kept by the store. */
export const clientTotalsProfile: Profile = {
  ...base,
  part: 'table',
  label: 'Client totals',
  keys: ['client'],
  roles: { client: 'client', quantity: 'orders', amount: 'amount', date: 'last_order' },
  labels: { orders: 'Orders', amount: 'Amount', last_order: 'Last order' },
  links: [
    {
      ...client,
      copies: ['name', 'country', 'segment', 'city'].map((column) => ({ column, as: `client_${column}` })),
    },
  ],
  rollUp: {
    dataset: 'orders',
    by: 'client',
    columns: [
      { column: 'orders', formula: 'count()' },
      { column: 'amount', formula: 'sum(amount)' },
      { column: 'last_order', formula: 'max(date)' },
    ],
  },
  measures: [
    count('clients', 'Clients'),
    money('value', 'Lifetime value', 'sum(amount) / count()'),
    { id: 'orders_each', label: 'Orders per client', formula: 'sum(orders) / count()', format: 'number' },
  ],
  currency,
  dimensions: ['client.segment', 'client.country', 'client.city'],
};
