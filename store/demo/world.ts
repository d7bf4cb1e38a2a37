import { type Timeline, timeline } from './calendar.ts';
import { categories, countries, finishes, shops } from './catalogue.ts';
import { type Random, seededRandom, weighted } from './random.ts';

/** How much of everything there is. */
export interface DemoSize {
  readonly clients: number;
  readonly orders: number;
  /** Lines are kept of this many newest orders; of older ones only the order itself. */
  readonly ordersWithLines: number;
  readonly products: number;
  readonly events: number;
  readonly messages: number;
  readonly tasks: number;
  /** Days of orders. */
  readonly days: number;
}

export const demoSizes: Readonly<Record<'small' | 'large', DemoSize>> = {
  small: {
    clients: 20_000,
    orders: 200_000,
    ordersWithLines: 200_000,
    products: 600,
    events: 60_000,
    messages: 30_000,
    tasks: 5000,
    days: 3 * 365,
  },
  large: {
    clients: 7_000_000,
    orders: 10_000_000,
    ordersWithLines: 10_000_000,
    products: 5000,
    events: 2_000_000,
    messages: 1_000_000,
    tasks: 200_000,
    days: 4 * 365,
  },
};

export interface Product {
  readonly name: string;
  readonly sku: string;
  readonly category: number;
  readonly cents: number;
  readonly active: boolean;
}

export interface OrderLine {
  /** Index into the world's products. */
  readonly product: number;
  readonly quantity: number;
  readonly cents: number;
  /** Percent off. */
  readonly discount: number;
  readonly amountCents: number;
}

export interface Order {
  readonly at: number;
  /** Index of the client, `[0, clients)`. */
  readonly client: number;
  readonly shop: number;
  readonly country: number;
  readonly lines: number;
  /** Index into {@link orderStates}. */
  readonly state: number;
}

export const orderStates = ['draft', 'confirmed', 'payment', 'shipped', 'archived', 'cancelled'] as const;

/** One stream of random numbers for each decision, so that no two are related. */
const stream = {
  clientTimes: 10,
  orderTimes: 20,
  country: 30,
  segment: 31,
  product: 40,
  client: 50,
  recent: 51,
  shop: 52,
  lines: 53,
  state: 54,
  cancelled: 55,
  line: 60,
};

/** The invented company: everything in it is a function of seed, size and day. */
export interface World {
  readonly size: DemoSize;
  /** UTC milliseconds; the newest order lies on the day before. */
  readonly today: number;
  readonly random: Random;
  readonly clientTimes: Timeline;
  readonly orderTimes: Timeline;
  readonly products: readonly Product[];
  countryOf(client: number): number;
  segmentOf(client: number): number;
  order(i: number): Order;
  /** Order `i` as it would be at another instant (invoices that arrive live). */
  orderAt(i: number, at: number): Order;
  line(order: number, line: number, client: number): OrderLine;
}

export const segments = ['Private', 'Small business', 'Company', 'Public'] as const;

const pickCountry = weighted(countries.map((country) => country.share));
const pickSegment = weighted([72, 16, 8, 4]);
const pickShop = weighted(shops.map((shop) => shop[4]));
const pickLines = weighted([34, 25, 16, 10, 6, 4, 3, 2]);
const pickQuantity = weighted([52, 22, 10, 6, 4, 3, 2, 1]);
const pickDiscount = weighted([80, 12, 6, 2]);
const discounts = [0, 5, 10, 20];
/** Days after which an order has left draft, confirmed, payment, shipped. */
const stateDays = [0.4, 1.5, 4, 18];

export function makeWorld(size: DemoSize, seed: number, today: number): World {
  const random = seededRandom(seed);
  const clientTimes = timeline(size.clients, size.days + 500, today, 2, random, stream.clientTimes);
  const orderTimes = timeline(size.orders, size.days, today, 1.8, random, stream.orderTimes);
  const products = makeProducts(size.products, random);
  const pickProduct = weighted(
    products.map(
      ({ category }, i) =>
        (categories[category]!.share * (0.2 + random(stream.product + 5, i) ** 2)) / products.length,
    ),
  );
  const countryOf = (client: number) => pickCountry(random(stream.country, client));
  const segmentOf = (client: number) => pickSegment(random(stream.segment, client));

  const clientOf = (i: number, at: number): number => {
    const known = Math.max(1, clientTimes.before(at));
    const u = random(stream.client, i);
    if (random(stream.recent, i) < 0.25) return known - 1 - Math.floor(u * known * 0.03);
    return Math.floor(known * u * u);
  };

  const orderAt = (i: number, at: number): Order => {
    const client = clientOf(i, at);
    return {
      at,
      client,
      shop: pickShop(random(stream.shop, i)),
      country: countryOf(client),
      lines: 1 + pickLines(random(stream.lines, i)),
      state: stateOf(i, today - at),
    };
  };

  const stateOf = (i: number, ageMs: number): number => {
    const days = (ageMs / 86_400_000) * (0.7 + 0.6 * random(stream.state, i));
    if (days > 1 && random(stream.cancelled, i) < 0.038) return 5;
    const at = stateDays.findIndex((limit) => days < limit);
    return at < 0 ? 4 : at;
  };

  return {
    size,
    today,
    random,
    clientTimes,
    orderTimes,
    products,
    countryOf,
    segmentOf,
    orderAt,
    order: (i) => orderAt(i, orderTimes.at(i)),
    line(order, line, client) {
      const index = order * 8 + line;
      const product = pickProduct(random(stream.line, index));
      const bulk = segmentOf(client) === 0 ? 1 : 1 + Math.floor(random(stream.line + 1, index) * 5);
      const quantity = (1 + pickQuantity(random(stream.line + 2, index))) * bulk;
      const discount = discounts[pickDiscount(random(stream.line + 3, index))]!;
      const { cents } = products[product]!;
      const amountCents = Math.round((quantity * cents * (100 - discount)) / 100);
      return { product, quantity, cents, discount, amountCents };
    },
  };
}

/** What an order comes to, in cents. */
export function orderCents(world: World, i: number, { lines, client }: Order): number {
  let cents = 0;
  for (let line = 0; line < lines; line++) cents += world.line(i, line, client).amountCents;
  return cents;
}

function makeProducts(count: number, random: Random): Product[] {
  const pickCategory = weighted(categories.map((category) => category.share));
  return Array.from({ length: count }, (_, i) => {
    const category = pickCategory(random(stream.product, i));
    const { nouns, cents } = categories[category]!;
    const noun = nouns[Math.floor(random(stream.product + 1, i) * nouns.length)]!;
    const finish = finishes[Math.floor(random(stream.product + 2, i) * finishes.length)]!;
    const factor = 0.4 + 1.8 * random(stream.product + 3, i) ** 2;
    return {
      name: `${noun} ${finish} ${100 + i}`,
      sku: `${categories[category]!.name.slice(0, 2).toUpperCase()}-${String(i + 1).padStart(5, '0')}`,
      category,
      cents: Math.max(90, Math.round((cents * factor) / 50) * 50 - 10),
      active: random(stream.product + 4, i) > 0.06,
    };
  });
}
