// Searches go on from page to page, and find the same on every engine.
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type CommerceSchema, CursorSigner, Privacy, type PrivacyMode, tenantDatabase } from '@mortise/commerce';
import { Customers, type SearchRequest } from '@mortise/customer-db';
import type { Database } from '@mortise/database';

import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';

const { signal } = new AbortController();
const cursors = new CursorSigner('one secret');

let server: OpenTestDatabase;
let database: Database<CommerceSchema>;

beforeAll(async () => {
  server = await openTestDatabase();
  database = server.open();
});
afterAll(() => server[Symbol.asyncDispose]());

function customersIn(where: Database<CommerceSchema>, mode: PrivacyMode = 'full'): Customers {
  return new Customers(tenantDatabase(where, 'main'), new Privacy(mode), cursors);
}

/** `CUS-1001 exact` of every customer that a search lists, page by page. */
async function everyPage(
  from: Customers,
  request: Omit<SearchRequest, 'cursor'>,
  pages = Infinity,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<string[]> {
  const listed: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pages; page += 1) {
    const { customers, has_more, next_cursor } = await from.search({ ...request, cursor }, signal);
    listed.push(...customers.map(({ customer_id, match }) => `${customer_id} ${match}`));
    expect(has_more).toBe(next_cursor !== null);
    if (next_cursor === null) break;
    cursor = next_cursor;
    await between();
  }
  return listed;
}

/** The form in which a database compares each text. */
async function forms({ db }: Database<CommerceSchema>, given: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ form: string }>`
    select norm(given) as form from unnest(${given}::text[]) with ordinality as t (given, place)
    order by place`.execute(db);
  return rows.map(({ form }) => form);
}

/** Texts that find few, many and nobody: pieces of the demo data, spelt otherwise as well, and anything else. */
const texts = fc.oneof(
  fc.constantFrom(
    'acme',
    'da',
    'an',
    'example.com',
    'müller',
    'SMITH',
    'grp',
    'llc',
    'and sons',
    'jonson',
    'acme crop',
    'amce coprporation',
    'dana witfeild',
    'marcsu oyelarna',
  ),
  fc.constantFrom('dana.whitfield@acme.example', 'DANA whitfield', 'o’brien', '100%_', '\\', '_', '%', 'Straße'),
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 3 }).filter((text) => text.trim() !== ''),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).filter((text) => text.trim() !== ''),
);

const searches = fc.record({
  text: texts,
  match: fc.constantFrom('auto' as const, 'exact' as const, 'fuzzy' as const),
  has_open_orders: fc.constantFrom(undefined, true, false),
});

describe('the pages of a search', () => {
  test.each(['full', 'masked', 'none'] as const)('(%s) are one list, whatever their size', async (mode) => {
    const customers = customersIn(database, mode);
    await fc.assert(
      fc.asyncProperty(searches, fc.integer({ min: 1, max: 20 }), async (search, limit) => {
        const small = await everyPage(customers, { ...search, limit }, 6);
        const large = await everyPage(customers, { ...search, limit: 50 }, 3);
        expect(small).toEqual(large.slice(0, small.length));
        if (small.length < 6 * limit) expect(small).toEqual(large);
        expect(new Set(small.map((line) => line.split(' ')[0])).size).toBe(small.length);
      }),
      { numRuns: 40, seed: 6 },
    );
  });

  test('hold each customer once while others come', async () => {
    const customers = customersIn(database);
    const before = await everyPage(customers, { text: 'example', limit: 50 });
    let added = 0;
    const during = await everyPage(customers, { text: 'example', limit: 50 }, Infinity, async () => {
      added += 1;
      await sql`insert into customers (tenant_id, name, email, segment)
        values ('main', ${`Newcomer ${added}`}, ${`example.${added}@example.net`}, 'consumer')`.execute(database.db);
    });
    await sql`delete from customers where name like 'Newcomer %'`.execute(database.db);
    expect(before.length).toBeGreaterThan(500);
    expect(during.filter((line) => before.includes(line))).toEqual(before);
    expect(new Set(during).size).toBe(during.length);
  });

  test('belong to the query and its filters', async () => {
    const customers = customersIn(database);
    const search = { text: 'acme', limit: 1 };
    const { next_cursor } = await customers.search(search, signal);
    const cursor = next_cursor ?? '';
    expect(await customers.search({ ...search, cursor, limit: 9, response_format: 'detailed' }, signal)).toMatchObject({
      customers: [{ customer_id: 'CUS-1002' }, { customer_id: 'CUS-1003' }, { customer_id: 'CUS-1004' }],
    });
    for (const other of [
      { ...search, text: 'acm' },
      { ...search, has_open_orders: true },
      { ...search, match: 'exact' as const },
      { ...search, text: 'acme ' },
    ]) {
      await expect(customers.search({ ...other, cursor }, signal)).rejects.toMatchObject({ code: 'INVALID_CURSOR' });
    }
    const otherTenant = new Customers(tenantDatabase(database, 'other'), new Privacy('full'), cursors);
    await expect(otherTenant.search({ ...search, cursor }, signal)).rejects.toMatchObject({ code: 'INVALID_CURSOR' });
  });
});

describe('a search may ask for', () => {
  test('customers with open orders, or without', async () => {
    const customers = customersIn(database);
    const company = { text: 'Acme Corp', match: 'exact' as const, limit: 9 };
    const ids = async (has_open_orders: boolean | undefined): Promise<string[]> =>
      everyPage(customers, { ...company, has_open_orders });
    expect(await ids(undefined)).toEqual(['CUS-1001 exact', 'CUS-1002 exact', 'CUS-1003 exact']);
    expect(await ids(true)).toEqual(['CUS-1001 exact', 'CUS-1002 exact']);
    expect(await ids(false)).toEqual(['CUS-1003 exact']);
  });

  test('whole texts only, or similar spellings only', async () => {
    const customers = customersIn(database);
    expect(await everyPage(customers, { text: 'acme', match: 'exact', limit: 9 })).toEqual([]);
    const alike = await everyPage(customers, { text: 'acme corp', match: 'fuzzy', limit: 9 });
    expect(alike.slice(0, 3)).toEqual(['CUS-1001 fuzzy', 'CUS-1002 fuzzy', 'CUS-1003 fuzzy']);
    expect(alike).toContain('CUS-1004 fuzzy');
  });

  test('all of an email, which finds one customer', async () => {
    expect(await everyPage(customersIn(database), { text: 'percy@cotton.example', limit: 9 })).toEqual([
      'CUS-1010 exact',
    ]);
  });

  test('more of each customer', async () => {
    const request = { text: 'Dana Whitfield', limit: 1, response_format: 'detailed' as const };
    const more = { phone: '+1 212-555-0117', segment: 'enterprise', created_at: '2025-01-15T12:00:00Z' };
    expect((await customersIn(database).search(request, signal)).customers).toMatchObject([more]);
    expect((await customersIn(database, 'none').search(request, signal)).customers).toMatchObject([
      { ...more, phone: null },
    ]);
  });
});

describe('the embedded engine and this Postgres', () => {
  test('find the same', async (context) => {
    context.skip(server.url === undefined, 'this run is about the embedded engine');
    const embedded = customersIn(server.open({ url: undefined }));
    const postgres = customersIn(database);
    await fc.assert(
      fc.asyncProperty(searches, async (search) => {
        const request = { ...search, limit: 25, response_format: 'detailed' as const };
        const [one, other] = await Promise.all([embedded.search(request, signal), postgres.search(request, signal)]);
        expect(one.customers).toEqual(other.customers);
        expect(one.has_more).toBe(other.has_more);
      }),
      { numRuns: 60, seed: 6 },
    );
  });

  test('compare texts in the same form', async (context) => {
    context.skip(server.url === undefined, 'this run is about the embedded engine');
    const embedded = server.open({ url: undefined });
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.string({ unit: 'binary', maxLength: 30 }).filter((given) => !given.includes('\0')),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 200 }), async (given) => {
        expect(await forms(embedded, given)).toEqual(await forms(database, given));
      }),
      { numRuns: 30, seed: 6 },
    );
  });
});
