/** Countries of the demo's clients with their share and largest cities. Invented company, real places. */
export const countries: readonly {
  readonly name: string;
  readonly share: number;
  readonly language: string;
  readonly cities: readonly string[];
}[] = [
  {
    name: 'France',
    share: 41,
    language: 'fr',
    cities: [
      'Paris',
      'Marseille',
      'Lyon',
      'Toulouse',
      'Nice',
      'Nantes',
      'Montpellier',
      'Strasbourg',
      'Bordeaux',
      'Lille',
    ],
  },
  {
    name: 'Germany',
    share: 14,
    language: 'de',
    cities: ['Berlin', 'Hamburg', 'München', 'Köln', 'Frankfurt', 'Stuttgart', 'Düsseldorf', 'Leipzig'],
  },
  { name: 'Belgium', share: 9, language: 'fr', cities: ['Bruxelles', 'Antwerpen', 'Gent', 'Liège'] },
  {
    name: 'Spain',
    share: 9,
    language: 'es',
    cities: ['Madrid', 'Barcelona', 'Valencia', 'Sevilla', 'Málaga'],
  },
  { name: 'Italy', share: 8, language: 'it', cities: ['Roma', 'Milano', 'Torino', 'Bologna', 'Firenze'] },
  {
    name: 'United Kingdom',
    share: 7,
    language: 'en',
    cities: ['London', 'Manchester', 'Birmingham', 'Leeds', 'Glasgow'],
  },
  {
    name: 'Netherlands',
    share: 5,
    language: 'nl',
    cities: ['Amsterdam', 'Rotterdam', 'Utrecht', 'Eindhoven'],
  },
  { name: 'Switzerland', share: 3, language: 'fr', cities: ['Genève', 'Zürich', 'Lausanne', 'Basel'] },
  { name: 'Portugal', share: 2, language: 'pt', cities: ['Lisboa', 'Porto', 'Braga'] },
  { name: 'Luxembourg', share: 1, language: 'fr', cities: ['Luxembourg', 'Esch-sur-Alzette'] },
  { name: 'Austria', share: 1, language: 'de', cities: ['Wien', 'Graz', 'Linz'] },
];

export const firstNames = [
  'Marie Louis Camille Hugo Chloé Arthur Léa Jules Manon Lucas Emma Gabriel Anna Paul Laura Felix Sophie Max Lena',
  'Jonas Carmen Pablo Lucía Diego Elena Javier Giulia Marco Chiara Luca Alice Oliver Grace Harry Emily Jack Sanne',
  'Daan Eva Sem Inês João Beatriz Tiago Nadia Karim Amina Youssef Olga Piotr Mei Wei Priya Arjun',
]
  .join(' ')
  .split(' ');

export const lastNames = [
  'Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefèvre Roux Fournier Girard',
  'Müller Schmidt Schneider Fischer Weber Wagner Becker Hoffmann Koch Richter García Fernández López Martínez Sánchez',
  'Rossi Ferrari Russo Bianchi Romano Colombo Smith Jones Taylor Brown Wilson Davies Evans Janssen Visser Bakker',
  'Silva Santos Ferreira Peeters Maes Jacobs Nguyen Benali Haddad Kowalski Novak Keller Meier Huber Gruber',
]
  .join(' ')
  .split(' ');

export const trades = [
  'Textiles',
  'Logistique',
  'Conseil',
  'Bâtiment',
  'Studio',
  'Werkstatt',
  'Handel',
  'Trading',
  'Bakery',
  'Garage',
  'Pharmacie',
  'Hotel',
];

/** Product categories: nouns, typical price in cents, and share of sales. */
export const categories: readonly {
  readonly name: string;
  readonly cents: number;
  readonly share: number;
  readonly nouns: readonly string[];
}[] = [
  {
    name: 'Office',
    cents: 900,
    share: 22,
    nouns: ['Notebook', 'Pen set', 'Stapler', 'Desk pad', 'Label roll'],
  },
  { name: 'Kitchen', cents: 2600, share: 18, nouns: ['Kettle', 'Pan', 'Mug', 'Knife', 'Carafe', 'Tray'] },
  { name: 'Lighting', cents: 4200, share: 12, nouns: ['Desk lamp', 'Pendant', 'Lantern', 'Spot'] },
  { name: 'Textile', cents: 3100, share: 14, nouns: ['Throw', 'Cushion', 'Towel', 'Curtain', 'Apron'] },
  { name: 'Furniture', cents: 16_900, share: 8, nouns: ['Chair', 'Side table', 'Shelf', 'Bench', 'Stool'] },
  { name: 'Garden', cents: 2900, share: 9, nouns: ['Planter', 'Hose', 'Rake', 'Bird house'] },
  { name: 'Toys', cents: 1800, share: 11, nouns: ['Puzzle', 'Blocks', 'Kite', 'Card game'] },
  { name: 'Electronics', cents: 7400, share: 6, nouns: ['Speaker', 'Charger', 'Headphones', 'Clock'] },
];

export const finishes = [
  'oak',
  'walnut',
  'white',
  'black',
  'sage',
  'ochre',
  'linen',
  'steel',
  'brass',
  'blue',
  'clay',
  'rose',
  'large',
  'small',
  'classic',
  'compact',
];

export const shopKinds = ['store', 'online', 'marketplace'] as const;

/** Shops: name, city, country, kind (index into {@link shopKinds}), share of orders. */
export const shops: readonly (readonly [string, string, string, number, number])[] = [
  ['Web shop', 'Paris', 'France', 1, 38],
  ['Web shop DE', 'Berlin', 'Germany', 1, 9],
  ['Marketplace', 'Luxembourg', 'Luxembourg', 2, 12],
  ['Paris Rivoli', 'Paris', 'France', 0, 7],
  ['Paris Bastille', 'Paris', 'France', 0, 5],
  ['Lyon Presqu’île', 'Lyon', 'France', 0, 5],
  ['Marseille Vieux-Port', 'Marseille', 'France', 0, 3],
  ['Lille Centre', 'Lille', 'France', 0, 3],
  ['Bordeaux Sainte-Catherine', 'Bordeaux', 'France', 0, 3],
  ['Bruxelles Louise', 'Bruxelles', 'Belgium', 0, 3],
  ['Berlin Mitte', 'Berlin', 'Germany', 0, 3],
  ['Hamburg Altstadt', 'Hamburg', 'Germany', 0, 2],
  ['Madrid Salamanca', 'Madrid', 'Spain', 0, 3],
  ['Barcelona Gràcia', 'Barcelona', 'Spain', 0, 2],
  ['Milano Brera', 'Milano', 'Italy', 0, 2],
];
