// Customers are found although a text is misspelt, on the engine of this run.
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type CommerceSchema, CursorSigner, Privacy, tenantDatabase } from '@mortise/commerce';
import { Customers, type SearchRequest } from '@mortise/customer-db';
import type { Database } from '@mortise/database';

import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';

const { signal } = new AbortController();
const cursors = new CursorSigner('one secret');

const NAME = 'Marguerite Okonkwo';
const COMPANY = 'Hollister & Pryce Textiles';
/** Those of the company, and those who are spelt nearly as somebody there. */
const STAFF = [NAME, 'Thorvald Nissenberg', 'Torvald Nissenberg', 'Thorvald Nissenburg', 'Thorvald Nyssenburg'];
/** More than are ranked. */
const CROWD = 'Quarterdeck Holdings';

let server: OpenTestDatabase;
let database: Database<CommerceSchema>;
let customers: Customers;

beforeAll(async () => {
  server = await openTestDatabase();
  database = server.open();
  customers = new Customers(tenantDatabase(database, 'main'), new Privacy('full'), cursors);
  for (const name of STAFF) await add(name, COMPANY);
  await sql`insert into customers (tenant_id, name, email, company, segment)
    select 'main', 'Deckhand ' || place, 'deckhand.' || place || '@quarter.example', ${CROWD}, 'enterprise'
    from generate_series(1, 400) as place`.execute(database.db);
});
afterAll(() => server[Symbol.asyncDispose]());

let added = 0;

async function add(name: string, company: string | null, tenant = 'main'): Promise<void> {
  added += 1;
  await sql`insert into customers (tenant_id, name, email, company, segment)
    values (${tenant}, ${name}, ${`added.${added}@misspelt.example`}, ${company}, 'enterprise')`.execute(database.db);
}

async function remove(name: string): Promise<void> {
  await sql`delete from customers where name = ${name}`.execute(database.db);
}

/** The names of all that a search lists, page by page. */
async function everyone(
  request: Omit<SearchRequest, 'cursor' | 'limit'>,
  limit = 50,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<string[]> {
  const listed: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await customers.search({ ...request, limit, cursor }, signal);
    listed.push(...page.customers.map(({ name }) => name ?? ''));
    cursor = page.next_cursor ?? undefined;
    if (cursor !== undefined) await between();
  } while (cursor !== undefined);
  return listed;
}

/** The first customer that a search finds, and how. */
async function first(text: string): Promise<string | undefined> {
  const [found] = (await customers.search({ text, limit: 1 }, signal)).customers;
  return found && `${found.name} (${found.match})`;
}

describe('a text is found that has', () => {
  test.each([
    ['a letter too many in the name', 'marguerrite okonkwo'],
    ['a letter too few', 'marguerite okonko'],
    ['another letter', 'marguerite okankwo'],
    ['two letters that changed places', 'marguerite oknokwo'],
    ['another first letter', 'parguerite okonkwo'],
    ['another last letter', 'marguerite okonkwa'],
    ['a mistake in each of two words', 'margerite okonwko'],
    ['one word alone, misspelt', 'okonwko'],
    ['its words in another order', 'okonkwo, margerite'],
    ['other marks between them', 'marguerite-okonwko'],
    ['the company as well', 'margerite okonkwo textiles'],
    ['many words', 'margerite okonkwo hollister & pryce textiles hollister & pryce'],
    ['more words than are looked at one by one', `${'pryce '.repeat(9)} margerite okonkwo`],
    ['two mistakes in one word', 'margguerritte okonkwo'],
  ])('%s', async (_, text) => {
    expect(await first(text)).toBe(`${NAME} (fuzzy)`);
  });

  test.each([
    'holister & pryce textiles',
    'hollister & pryec',
    'hollister and pryce txetiles',
    'hollitser',
    'pryec txtiles',
  ])('a mistake in the company: %j', async (text) => {
    expect(await everyone({ text })).toEqual(expect.arrayContaining(STAFF));
  });

  test('any one mistake in any word', async () => {
    const words = `${NAME} ${COMPANY}`.toLowerCase().split(/\W+/);
    const mistake = fc.record({
      word: fc.constantFrom(...words),
      at: fc.nat(),
      letter: fc.constantFrom('a', 'e', 'i', 'q', 'x', 'z'),
      kind: fc.constantFrom('too many', 'too few', 'another', 'changed places'),
    });
    await fc.assert(
      fc.asyncProperty(mistake, async ({ word, at, letter, kind }) => {
        const place = at % word.length;
        const [before, here, after] = [word.slice(0, place), word.slice(place, place + 1), word.slice(place + 1)];
        const text = {
          'too many': before + letter + here + after,
          'too few': before + after,
          another: before + letter + after,
          'changed places': before + after.slice(0, 1) + here + after.slice(1),
        }[kind];
        expect(await everyone({ text: `${text} okonkwo`, match: 'fuzzy' })).toContain(NAME);
      }),
      { numRuns: 120, seed: 6 },
    );
  });
});

describe('of texts that are nearly the same', () => {
  test('those with the fewest mistakes are found, and nobody else', async () => {
    expect(await everyone({ text: 'thorvlad nissenberg' })).toEqual(['Thorvald Nissenberg']);
    expect(await everyone({ text: 'thorvald nissenbirg' })).toEqual(['Thorvald Nissenberg', 'Thorvald Nissenburg']);
    expect(await everyone({ text: 'torvald nyssenberg' })).toEqual([
      'Torvald Nissenberg',
      'Thorvald Nyssenburg',
      'Thorvald Nissenberg',
    ]);
  });

  test('whoever is spelt just so comes first where similar spellings are asked for, then what else is alike', async () => {
    const [name, ...others] = await everyone({ text: 'Thorvald Nissenburg', match: 'fuzzy' });
    expect(name).toBe('Thorvald Nissenburg');
    expect(others).toEqual(expect.arrayContaining(STAFF.slice(1, 3)));
  });

  test('another tenant’s are not found', async () => {
    await sql`insert into tenants values ('other')`.execute(database.db);
    await add('Wilhelmina Abernathy', 'Petticoat Lane', 'other');
    for (const text of ['wilhemina abernathy', 'wilhemina abrnathy', 'wilhellmmina abernathy', 'peticoat lane']) {
      expect(await everyone({ text })).toEqual([]);
    }
    const other = new Customers(tenantDatabase(database, 'other'), new Privacy('full'), cursors);
    const { customers: found } = await other.search({ text: 'wilhemina abernathy', limit: 9 }, signal);
    expect(found).toMatchObject([{ name: 'Wilhelmina Abernathy', match: 'fuzzy' }]);
  });

  test('only those with most of its letters are found where the owner of the tables is held back as well', async () => {
    await sql`alter table customers force row level security`.execute(database.db);
    const near = await everyone({ text: 'marguerite oknokwo' });
    const far = await everyone({ text: 'oknokwo' });
    await sql`alter table customers no force row level security`.execute(database.db);
    expect([near, far]).toEqual([[NAME], []]);
    expect(await everyone({ text: 'oknokwo' })).toEqual([NAME]);
  });

  test('only those with open orders, or without, are found', async () => {
    expect(await everyone({ text: 'thorvlad nissenberg', has_open_orders: true })).toEqual([]);
    expect(await everyone({ text: 'thorvlad nissenberg', has_open_orders: false })).toHaveLength(1);
    expect(await everyone({ text: 'dana witfield', has_open_orders: true })).toEqual(['Dana Whitfield']);
  });
});

describe('pages of what is misspelt', () => {
  test.each([
    ['one mistake', 'hollister & pryec textiles'],
    ['two words misspelt', 'holister & pryec textiles'],
    ['two mistakes in a word', 'hollliisster & pryce textiles'],
  ])('hold everybody once: %s', async (_, text) => {
    const all = await everyone({ text });
    expect(all.toSorted()).toEqual(STAFF.toSorted());
    expect(await everyone({ text }, 1)).toEqual(all);
    expect(await everyone({ text }, 2)).toEqual(all);
  });

  test('go on as they began while somebody comes who is nearer', async () => {
    const text = 'hollliisster & pryce textiles';
    const before = await everyone({ text });
    const newcomers: string[] = [];
    const during = await everyone({ text }, 1, async () => {
      const name = `Newcomer ${newcomers.length}`;
      newcomers.push(name);
      await add(name, newcomers.length % 2 === 1 ? 'Hollliisster & Pryec Textiles' : 'Holliisster & Pryec Textiles');
    });
    for (const name of newcomers) await remove(name);
    expect(newcomers.length).toBeGreaterThan(3);
    expect(during.filter((name) => before.includes(name))).toEqual(before);
  });

  test('end after the first of very many who are spelt alike', async () => {
    const all = await everyone({ text: 'quarterdekc holdings' });
    expect([all.length, new Set(all).size]).toEqual([200, 200]);
    expect(await everyone({ text: 'quarterdekc holdings' }, 7)).toEqual(all);
    expect(await first('deckhand 3999')).toMatch(/^Deckhand 399 \(fuzzy\)$/);
  });

  test('begin with who is spelt just so, however many have two letters in the other order', async () => {
    await sql`insert into customers (tenant_id, name, email, company, segment)
      select 'main', 'Norbert', 'norbert.' || place || '@quarter.example', null, 'enterprise'
      from generate_series(1, 400) as place`.execute(database.db);
    await add('Norbret', null);
    const all = await everyone({ text: 'norbret', match: 'fuzzy' });
    for (const name of ['Norbret', 'Norbert']) await remove(name);
    expect(all[0]).toBe('Norbret');
  });
});

describe('names of any kind', () => {
  test.each([
    ['a word of a hundred letters', `Abcdefghij${'klmnopqrst'.repeat(9)}`, `Abcdfeghij${'klmnopqrst'.repeat(9)}`],
    ['accents', 'Ångström Þórðarson', 'ångstrmö þórðarson'],
    ['letters of another script', 'Александра Вишневская', 'Александра Вишневксая'],
    ['an apostrophe', 'Fionnuala O’Shaughnessy', 'fionnuala oshaugnessy'],
  ])('are found: %s', async (_, name, text) => {
    await add(name, null);
    expect(await first(text)).toBe(`${name} (fuzzy)`);
    await remove(name);
  });

  test.each([
    ['no letter', '&&& --- !!!'],
    ['two hundred letters that are four each when they are compared', '㌀'.repeat(200)],
    ['two hundred sentences in a letter each', 'ﷺ'.repeat(200)],
    ['a hundred words', 'ab '.repeat(66).trim()],
    ['letters beyond the first plane', '𐐀𐐁𐐂𐐃𐐄'],
  ])('can be written: %s', async (_, name) => {
    await add(name, name);
    expect(await everyone({ text: name, match: 'exact' })).toEqual([name]);
    await everyone({ text: `${name.slice(0, 150)}x`, match: 'fuzzy' });
    await remove(name);
  });
});
