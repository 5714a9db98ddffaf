import type { ToolCall } from '../messages.ts';
import { FIRST_CUSTOMER, REGULAR, type ShopCustomer, shopCustomer } from './shop.ts';

/** What a tool answered, as `structuredContent`. */
export type Answer = Readonly<Record<string, unknown>>;

/** Calls of one kind, each with other arguments. */
export interface Kind {
  readonly title: string;
  readonly calls: readonly ToolCall[];
  /** Whether an answer to one of the calls is right. */
  readonly isRight: (answer: Answer) => boolean;
}

/** Asks the server, one call at a time. */
export type Ask = (call: ToolCall) => Promise<Answer>;

/** Calls of a kind. */
const CALLS = 40;

interface Found {
  readonly customers: readonly { readonly match: string }[];
}

function found(answer: Answer): Found['customers'] {
  return (answer as unknown as Found).customers;
}

/**
 * The kinds of search that customers of a shop of this size are found by.
 * @param ask - Answers a call, for the cursor of the page before
 */
export async function searches(size: number, ask: Ask): Promise<Kind[]> {
  const those = sample(size);
  const staff = sample(size, ({ company }) => company !== null && !company.startsWith('Acme'));
  const first = Array.from({ length: 2_000 }, (_, place) => shopCustomer(place % size).name);
  const parts = ['mith', 'chmid', 'annah', 'ohnso', 'ussell', 'aniel'].filter((part) =>
    first.some((name) => name.includes(part)),
  );
  const next: ToolCall[] = [];
  for (const query of ['acme', 'a', 'jo', 'm', 'li', 'sa', 'b']) {
    const { next_cursor: cursor } = await ask({ name: 'search_customers', arguments: { query } });
    if (cursor !== null) next.push({ name: 'search_customers', arguments: { query, cursor } });
  }
  const companies = staff.map(({ company }) => String(company));
  return [
    search(
      'a whole email',
      those.map(({ email }) => email),
      'exact',
    ),
    search(
      'a whole name',
      those.map(({ name }) => name),
      'exact',
    ),
    search('a whole company', companies, 'exact'),
    search('the largest company, `acme corp`', ['acme corp', 'Acme Corp'], 'exact'),
    search('a word that begins thousands, `acme`', ['acme', 'Acme'], 'prefix'),
    search('one or two letters', ['a', 'ac', 'k', 'jo', 'm', 'li', 'sa', 'b'], 'prefix'),
    search(
      'the beginning of a name',
      those.map(({ name }) => beginning(name)),
      'prefix',
    ),
    search(
      'a name in capitals without its accents',
      sample(size, ({ name }) => plain(name) !== name.toLowerCase()).map(({ name }) => plain(name).toUpperCase()),
      'exact',
    ),
    search(
      'a part of few names, such as a first letter less',
      those.map(({ name }) => name.slice(1)),
      'contains',
    ),
    search('a part of thousands of names, such as `mith`', parts, 'contains'),
    search('a misspelt company, `acme crop`', ['acme crop', 'Acme Crop'], 'fuzzy'),
    search(
      'a misspelt company, two words of which thousands have',
      companies.filter((name) => name.length > 12 && name[2] !== name[3]).map(misspelt),
      'fuzzy',
    ),
    search(
      'a misspelt name',
      those
        .map(({ name }) => name)
        .filter((name) => name.length > 14 && name[2] !== name[3])
        .map(misspelt),
      'fuzzy',
    ),
    search('a misspelt last name alone', those.map(lastName).filter(canBeMisspelt).map(misspelt), 'fuzzy'),
    search(
      'a misspelt name, a mistake in each of its words',
      those
        .map(({ name }) => name.split(' '))
        .filter((words) => words.length === 2 && words.every(canBeMisspelt))
        .map((words) => words.map(misspelt).join(' ')),
      'fuzzy',
    ),
    search(
      'both misspelt, two words that thousands have',
      companies
        .map((name) => name.split(' ').slice(1))
        .filter((words) => words.length === 2 && words.every(canBeMisspelt))
        .map((words) => words.map(misspelt).join(' ')),
      'fuzzy',
    ),
    search(
      'what nobody is called',
      Array.from({ length: CALLS }, (_, index) => `qxj${index}zv wyq${index}`),
      undefined,
    ),
    { title: 'the page after', calls: next, isRight: finds('prefix') },
  ];
}

/**
 * The kinds of reading one customer and the orders.
 * @param ask - As for {@link searches}
 */
export async function reads(size: number, ask: Ask): Promise<Kind[]> {
  const ids = sample(size).map(({ id }) => `CUS-${id}`);
  const regulars = Array.from({ length: Math.min(CALLS, Math.ceil(size / REGULAR.every)) }, (_, index) => {
    return `CUS-${FIRST_CUSTOMER + index * REGULAR.every}`;
  });
  const next: ToolCall[] = [];
  for (const id of regulars) next.push(orders(id, { cursor: (await ask(orders(id)))['next_cursor'] }));
  return [
    {
      title: '`get_customer` by number',
      calls: ids.map((customer_id) => ({ name: 'get_customer', arguments: { customer_id } })),
      isRight: ({ email }) => typeof email === 'string',
    },
    {
      title: '`get_customer` by email',
      calls: sample(size).map(({ email }) => ({ name: 'get_customer', arguments: { email } })),
      isRight: ({ email }) => typeof email === 'string',
    },
    {
      title: '`get_customers_batch`, 50 of them',
      calls: Array.from({ length: CALLS }, (_, index) => ({
        name: 'get_customers_batch',
        arguments: { customer_ids: sample(size, undefined, 50, index).map(({ id }) => `CUS-${id}`) },
      })),
      isRight: ({ customers, not_found }) =>
        (customers as unknown[]).length === 50 && (not_found as unknown[]).length === 0,
    },
    {
      title: '`get_customer_orders`, first of many pages',
      calls: regulars.map((id) => orders(id)),
      isRight: hasOrders,
    },
    { title: '`get_customer_orders`, the page after', calls: next, isRight: hasOrders },
  ];
}

/** @param match - How the customers are found; `undefined` when nobody is */
function search(title: string, queries: readonly string[], match: string | undefined): Kind {
  return {
    title,
    calls: [...new Set(queries)].map((query) => ({ name: 'search_customers', arguments: { query } })),
    isRight: match === undefined ? (answer) => found(answer).length === 0 : finds(match),
  };
}

function finds(match: string): (answer: Answer) => boolean {
  return (answer) => found(answer).some((customer) => customer.match === match);
}

function orders(customer_id: string, more: object = {}): ToolCall {
  return { name: 'get_customer_orders', arguments: { customer_id, ...more } };
}

function hasOrders(answer: Answer): boolean {
  return (answer['orders'] as unknown[]).length === 20;
}

/** Customers from all over the database; with a condition, the next ones that meet it. */
function sample(
  size: number,
  fits: (customer: ShopCustomer) => boolean = () => true,
  count = CALLS,
  from = 0,
): ShopCustomer[] {
  return Array.from({ length: count }, (_, index) => {
    let place = Math.floor(((index + 0.5) * size) / count) + from;
    while (!fits(shopCustomer(place % size))) place += 1;
    return shopCustomer(place % size);
  });
}

/** The first name and a letter or two of the last. */
function beginning(name: string): string {
  return name.slice(0, name.indexOf(' ') + 3);
}

function plain(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036F]/g, '')
    .toLowerCase();
}

function lastName({ name }: ShopCustomer): string {
  return name.slice(name.lastIndexOf(' ') + 1);
}

/** Whether it is another word, and long enough for that to be seen, when two letters have changed places. */
function canBeMisspelt(word: string): boolean {
  return word.length > 4 && word[2] !== word[3];
}

/** Two letters have changed places. */
function misspelt(name: string): string {
  return `${name.slice(0, 2)}${name[3]}${name[2]}${name.slice(4)}`;
}
