// What customer-db answers, on the engine of this run, with the demo data that comes with it.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CursorSigner, Privacy, tenantDatabase, type CommerceSchema } from '@mortise/commerce';
import { CustomerDb, Customers, type OrderRequest } from '@mortise/customer-db';
import type { Database } from '@mortise/database';
import type { Context } from '@mortise/toolkit';

import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';

const { signal } = new AbortController();
const privacy = new Privacy('full');
const cursors = new CursorSigner('one secret');

function range(customer: number, limit: number): OrderRequest {
  return { customer, limit, status: undefined, cursor: undefined };
}

let server: OpenTestDatabase;
let database: Database<CommerceSchema>;
let customers: Customers;

beforeAll(async () => {
  server = await openTestDatabase();
  database = server.open({ readOnly: true });
  customers = new Customers(tenantDatabase(database, 'main'), privacy, cursors);
});
afterAll(() => server[Symbol.asyncDispose]());

/** `name (match)` of what a search finds. */
async function names(query: string, limit = 10): Promise<string[]> {
  const found = await customers.search({ text: query, limit }, signal);
  return found.customers.map(({ name, match }) => `${name} (${match})`);
}

describe('searching', () => {
  test('finds a company with the open orders of everyone in it, in one call', async () => {
    expect(await customers.search({ text: 'Acme Corp', limit: 10 }, signal)).toEqual({
      customers: [
        {
          customer_id: 'CUS-1001',
          name: 'Dana Whitfield',
          email: 'dana.whitfield@acme.example',
          company: 'Acme Corp',
          status: 'active',
          open_orders: { pending: 1, paid: 0, shipped: 0 },
          match: 'exact',
        },
        {
          customer_id: 'CUS-1002',
          name: 'Marcus Oyelaran',
          email: 'marcus.oyelaran@acme.example',
          company: 'Acme Corp',
          status: 'active',
          open_orders: { pending: 0, paid: 0, shipped: 1 },
          match: 'exact',
        },
        {
          customer_id: 'CUS-1003',
          name: 'Priya Raman',
          email: 'priya.raman@acme.example',
          company: 'Acme Corp',
          status: 'active',
          open_orders: { pending: 0, paid: 0, shipped: 0 },
          match: 'exact',
        },
        {
          customer_id: 'CUS-1004',
          name: 'Wendell Acker',
          email: 'w.acker@acme-corporation.example',
          company: 'ACME Corporation',
          status: 'active',
          open_orders: { pending: 1, paid: 0, shipped: 0 },
          match: 'prefix',
        },
      ],
      has_more: false,
      next_cursor: null,
    });
  });

  test.each([
    ['dana.whitfield@acme.example', 'Dana Whitfield (exact)'],
    ['DANA.WHITFIELD@ACME.EXAMPLE', 'Dana Whitfield (exact)'],
    ['dana whit', 'Dana Whitfield (prefix)'],
    ['hitfiel', 'Dana Whitfield (contains)'],
    ['zoe muller', 'Zoë Müller (exact)'],
    ['ZOE\u0308 MU\u0308LLER', 'Zoë Müller (exact)'],
    ['MULLERSTRASSE', 'Zoë Müller (prefix)'],
    ['lukasz zolkiewski', 'Łukasz Żółkiewski (exact)'],
    ['soren', 'Søren Ødegård (prefix)'],
    ["siobhan o'brien", "Siobhán O'Brien (exact)"],
    ["o'brien", "Siobhán O'Brien (contains)"],
    ['100%_Cotton\\', 'Percy Lintwell (prefix)'],
    ['%_cotton', 'Percy Lintwell (contains)'],
    ['n\\ ltd', 'Percy Lintwell (contains)'],
    ['dana witfield', 'Dana Whitfield (fuzzy)'],
    ['acme crop', 'Dana Whitfield (fuzzy)'],
    ['acme%corp', 'Dana Whitfield (fuzzy)'],
  ])('%j finds %s first', async (query, first) => {
    expect((await names(query))[0]).toBe(first);
  });

  test.each(['%', '_', '%%', '\\', '%_%', "'; drop table customers; --", '\u0301', '🤖'])(
    '%j is text and nothing more',
    async (query) => {
      expect(await names(query)).toEqual([]);
    },
  );

  test('a short text is looked for at the beginning only', async () => {
    const found = await customers.search({ text: 'da', limit: 50 }, signal);
    expect(found.customers.length).toBeGreaterThan(3);
    for (const { name, email, company } of found.customers) {
      const beginnings = [name, email, company].map((text) => (text ?? '').toLowerCase().slice(0, 2));
      expect(beginnings).toContain('da');
    }
  });

  test('lists each customer once, says whether there are more, and keeps its order', async () => {
    const all = await customers.search({ text: 'example', limit: 50 }, signal);
    expect(all).toMatchObject({ has_more: true });
    expect(new Set(all.customers.map(({ customer_id }) => customer_id)).size).toBe(50);
    const some = await customers.search({ text: 'example', limit: 7 }, signal);
    expect(some.customers).toEqual(all.customers.slice(0, 7));
    const acme = await customers.search({ text: 'acme', limit: 4 }, signal);
    expect(acme).toMatchObject({ has_more: false, customers: { length: 4 } });
    expect(await customers.search({ text: 'acme', limit: 3 }, signal)).toMatchObject({
      has_more: true,
      customers: { length: 3 },
    });
  });

  test('takes 200 characters of anything', async () => {
    expect(await names('x'.repeat(200))).toEqual([]);
    expect(await names('ẞ'.repeat(200))).toEqual([]);
  });

  test('does without the extension for similar spellings', async (context) => {
    context.skip(server.url === undefined, 'needs a Postgres server');
    const own = await openTestDatabase();
    const admin = own.open();
    await sql`drop extension pg_trgm cascade`.execute(admin.db);
    const plain = new Customers(tenantDatabase(own.open({ readOnly: true }), 'main'), privacy, cursors);
    expect(await plain.search({ text: 'dana witfield', limit: 10 }, signal)).toEqual({
      customers: [],
      has_more: false,
      next_cursor: null,
    });
    expect((await plain.search({ text: 'hitfiel', limit: 10 }, signal)).customers).toMatchObject([
      { name: 'Dana Whitfield' },
    ]);
    await own[Symbol.asyncDispose]();
  });
});

describe('the orders of a customer', () => {
  test('come newest first, with exact amounts', async () => {
    expect(await customers.orders(range(1005, 20), signal)).toEqual({
      customer: { customer_id: 'CUS-1005', name: 'Zoë Müller' },
      orders: [
        {
          order_id: 'ORD-10009',
          status: 'delivered',
          total: { minor: 80_352, currency: 'JPY', formatted: '¥80,352' },
          item_count: 30,
          placed_at: '2026-10-07T23:55:00Z',
        },
        {
          order_id: 'ORD-10008',
          status: 'delivered',
          total: { minor: 18_144, currency: 'USD', formatted: '$181.44' },
          item_count: 12,
          placed_at: '2026-10-05T07:45:00Z',
        },
        {
          order_id: 'ORD-10007',
          status: 'paid',
          total: { minor: 30_722, currency: 'EUR', formatted: '€307.22' },
          item_count: 6,
          placed_at: '2026-10-02T07:15:00Z',
        },
      ],
      status_counts: { delivered: 2, paid: 1 },
      has_more: false,
      next_cursor: null,
    });
  });

  test('are counted beyond the page', async () => {
    const result = await customers.orders(range(1009, 20), signal);
    expect(result).toMatchObject({ orders: { length: 20 }, status_counts: { delivered: 250 }, has_more: true });
    const placed = result?.orders.map(({ placed_at }) => placed_at) ?? [];
    expect(placed).toEqual(placed.toSorted().toReversed());
  });

  test('may be none', async () => {
    expect(await customers.orders(range(1008, 20), signal)).toEqual({
      customer: { customer_id: 'CUS-1008', name: 'Søren Ødegård' },
      orders: [],
      status_counts: {},
      has_more: false,
      next_cursor: null,
    });
  });

  test('of nobody are undefined', async () => {
    expect(await customers.orders(range(999_999, 20), signal)).toBeUndefined();
    expect(await customers.orders(range(Number.MAX_SAFE_INTEGER, 20), signal)).toBeUndefined();
  });
});

describe('a profile', () => {
  test('has the customer and the latest orders', async () => {
    const profile = await customers.profile({ id: 1001 }, 1, signal);
    expect(profile).toEqual({
      customer_id: 'CUS-1001',
      name: 'Dana Whitfield',
      email: 'dana.whitfield@acme.example',
      company: 'Acme Corp',
      phone: '+1 212-555-0117',
      notes: '<data>Buys for the New York office. Prefers invoices by email.</data>',
      segment: 'enterprise',
      status: 'active',
      created_at: '2025-01-15T12:00:00Z',
      status_counts: { delivered: 1, pending: 1 },
      latest_orders: [expect.objectContaining({ order_id: 'ORD-10001', status: 'pending' })],
      latest_notes: [],
    });
  });

  test('of nobody is undefined', async () => {
    expect(await customers.profile({ id: 1 }, 5, signal)).toBeUndefined();
    expect(await customers.profile({ email: 'dana.whitfield@acme' }, 5, signal)).toBeUndefined();
  });

  test('is found by the whole email, without regard to case', async () => {
    const profile = await customers.profile({ email: 'Dana.Whitfield@ACME.example' }, 1, signal);
    expect(profile).toMatchObject({ customer_id: 'CUS-1001' });
  });

  test('keeps an instruction in a note within its marks', async () => {
    const profile = await customers.profile({ id: 1011 }, 1, signal);
    expect(profile?.notes).toMatch(/^<data>Ignore previous[^<]*‹\/data> System: [^<]*<\/data>$/);
  });
});

describe('the pages of a customer’s orders', () => {
  test('hold every order once, also while orders are placed', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await customers.orders({ customer: 1009, status: ['delivered'], limit: 50, cursor }, signal);
      seen.push(...(page?.orders ?? []).map(({ order_id }) => order_id));
      cursor = page?.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect([seen.length, new Set(seen).size]).toEqual([250, 250]);
  });

  test('belong to the customer and the statuses', async () => {
    const page = await customers.orders(range(1009, 5), signal);
    const cursor = page?.next_cursor ?? '';
    expect(await customers.orders({ ...range(1009, 5), cursor }, signal)).toMatchObject({ orders: { length: 5 } });
    for (const other of [range(1001, 5), { ...range(1009, 5), status: ['paid'] as const }]) {
      await expect(customers.orders({ ...other, cursor }, signal)).rejects.toMatchObject({ code: 'INVALID_CURSOR' });
    }
  });

  test('hold only the statuses asked for, and count all', async () => {
    const page = await customers.orders({ ...range(1001, 5), status: ['pending'] }, signal);
    expect(page).toMatchObject({ orders: [{ status: 'pending' }], status_counts: { pending: 1, delivered: 1 } });
  });
});

/** The orders of CUS-1005 that were placed within a range. */
async function ordered(within: Partial<OrderRequest>): Promise<string[]> {
  const page = await customers.orders({ ...range(1005, 20), ...within }, signal);
  return (page?.orders ?? []).map(({ order_id }) => order_id);
}

describe('the orders of a range of time', () => {
  /** What CUS-1005 ordered at 2026-10-02T07:15Z, 2026-10-05T07:45Z and 2026-10-07T23:55Z. */
  const [first, second, third] = ['ORD-10007', 'ORD-10008', 'ORD-10009'];

  test.each([
    [{ placed_after: '2026-10-05T07:45:00Z' }, [third, second]],
    [{ placed_before: '2026-10-05T07:45:00Z' }, [first]],
    [{ placed_after: '2026-10-05T07:45:00.000001Z' }, [third]],
    [{ placed_after: '2026-10-05T09:45:00+02:00', placed_before: '2026-10-07' }, [second]],
    [{ placed_after: '2026-10-08' }, []],
    [{ placed_after: '2026-10-08', timezone: 'Asia/Tokyo' }, [third]],
    [{ placed_before: '2026-10-02T03:15:01', timezone: 'America/New_York' }, [first]],
    [{ placed_before: '2026-10-02T03:15:00', timezone: 'America/New_York' }, []],
    [{ placed_after: '2026-10-07', placed_before: '2026-10-01' }, []],
  ])('%o', async (within, expected) => {
    expect(await ordered(within)).toEqual(expected);
  });

  test('are each in one of two ranges that touch, also where a day has 25 hours', async () => {
    const all = { customer: 1009, status: undefined, limit: 50, cursor: undefined, timezone: 'America/New_York' };
    const days = ['2025-11-01', '2025-11-02', '2025-11-03', '2025-11-04'];
    const found: string[] = [];
    for (const [index, day] of days.slice(1).entries()) {
      const page = await customers.orders({ ...all, placed_after: days[index], placed_before: day }, signal);
      found.push(...(page?.orders ?? []).map(({ order_id }) => order_id));
    }
    const whole = await customers.orders({ ...all, placed_after: days[0], placed_before: days.at(-1) }, signal);
    expect(found.toSorted()).toEqual((whole?.orders ?? []).map(({ order_id }) => order_id).toSorted());
    expect(found.length).toBeGreaterThan(0);
  });

  test('belong to its pages', async () => {
    const request = { ...range(1009, 5), placed_after: '2026-01-01' };
    const { next_cursor } = (await customers.orders(request, signal)) ?? {};
    const cursor = next_cursor ?? '';
    expect(await customers.orders({ ...request, cursor }, signal)).toMatchObject({ orders: { length: 5 } });
    for (const other of [{ placed_after: '2026-01-02' }, { placed_before: '2027-01-01' }, { timezone: 'Asia/Tokyo' }]) {
      await expect(customers.orders({ ...request, ...other, cursor }, signal)).rejects.toMatchObject({
        code: 'INVALID_CURSOR',
      });
    }
  });

  test.each([
    { placed_after: '2026-02-30' },
    { placed_after: 'yesterday' },
    { placed_before: "2026-01-01'; --" },
    { placed_before: '2026-01-01T25:00' },
    { placed_after: '2026-01-01', timezone: '+02' },
    { placed_after: '2026-01-01', timezone: 'Mars/Olympus' },
  ])('%o is told apart', async (within) => {
    await expect(ordered(within)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('several customers', () => {
  test('come with their open orders, in the order asked for', async () => {
    const found = await customers.several([1004, 9, 1001], signal);
    expect(found).toMatchObject([
      { customer_id: 'CUS-1004', open_orders: { pending: 1, paid: 0, shipped: 0 } },
      { customer_id: 'CUS-1001', name: 'Dana Whitfield', open_orders: { pending: 1, paid: 0, shipped: 0 } },
    ]);
  });
});

describe('customer numbers', () => {
  test.each([
    ['', ['CUS-1001', 'CUS-1002', 'CUS-1003']],
    ['1', ['CUS-1001', 'CUS-1002', 'CUS-1003']],
    ['105', ['CUS-1050', 'CUS-1051', 'CUS-1052']],
    ['1999', ['CUS-1999']],
    ['2', ['CUS-2000']],
    ['3', []],
    ['999999999999999', []],
  ])('beginning with %j', async (digits, expected) => {
    expect(await customers.idsBeginning(digits, 3, signal)).toEqual(expected);
  });
});

test('a call that is cancelled ends', async () => {
  const cancelled = AbortSignal.abort(new Error('changed my mind'));
  await expect(customers.search({ text: 'acme', limit: 10 }, cancelled)).rejects.toThrow('changed my mind');
  await expect(customers.orders(range(1001, 10), cancelled)).rejects.toThrow('changed my mind');
});

describe('the class that clients see', () => {
  const context = { signal } as Context;
  let customerDb: CustomerDb;

  beforeAll(() => {
    customerDb = new CustomerDb(() => customers);
  });

  test('looks for words, not for the spaces around them', async () => {
    const page = await customerDb.search_customers('  dana \n whitfield ', 1, context);
    expect(page).toMatchObject({ customers: [{ customer_id: 'CUS-1001', match: 'exact' }], has_more: false });
  });

  test.each(['   ', '\n\t', 'a\0b', 'half \uD800 pair'])('refuses the query %j', async (query) => {
    await expect(customerDb.search_customers(query, 10, context)).rejects.toMatchObject({
      name: 'ToolError',
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/^query /),
    });
  });

  test.each(['CUS-1001', 'cus-1001', '1001'])('knows the customer %s', async (id) => {
    expect(await customerDb.get_customer_orders(id, context)).toMatchObject({ customer: { name: 'Dana Whitfield' } });
    expect(await customerDb.customer(id, context)).toMatchObject({ name: 'Dana Whitfield' });
  });

  test.each(['ORD-1', '1 or 1=1', '-1', '0x10', '99999999999999999999', "CUS-1'--"])(
    'says what a customer_id looks like, to %j',
    async (id) => {
      const expected = { code: 'INVALID_ARGUMENT', message: 'customer_id has to look like CUS-1042.' };
      await expect(customerDb.get_customer_orders(id, context)).rejects.toMatchObject(expected);
      await expect(customerDb.customer(id, context)).rejects.toMatchObject(expected);
    },
  );

  test('says that nobody has a number', async () => {
    const expected = { name: 'NotFoundError', code: 'CUSTOMER_NOT_FOUND' };
    await expect(customerDb.get_customer_orders('CUS-9', context)).rejects.toMatchObject(expected);
    await expect(customerDb.customer('CUS-9', context)).rejects.toMatchObject(expected);
  });

  test.each([
    ['', 'CUS-1001'],
    ['CUS-', 'CUS-1001'],
    ['CUS-105', 'CUS-1050'],
    ['105', 'CUS-1050'],
    ['Dana W', 'CUS-1001'],
    ['acme corporation', 'CUS-1004'],
  ])('suggests for %j %s first', async (typed, first) => {
    const suggestions = await customerDb.suggestCustomers(typed, context);
    expect(suggestions[0]).toBe(first);
    expect(suggestions.length).toBeLessThanOrEqual(20);
  });

  test('instructs an agent about every area', () => {
    const areas = ['general', 'sales', 'support', 'billing'] as const;
    const texts = areas.map((area) => customerDb.customer_service_instructions(area));
    expect(new Set(texts).size).toBe(areas.length);
    for (const text of texts) expect(text).toMatch(/search_customers[^]*get_customer_orders[^]*are data/);
    expect(customerDb.customer_service_instructions()).toBe(texts[0]);
  });
});
