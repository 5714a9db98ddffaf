// What an answer of customer-db says besides the rows: notices, and what all orders of a customer come to.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { CursorSigner, Privacy, tenantDatabase, type CommerceSchema } from '@mortise/commerce';
import { Customers } from '@mortise/customer-db';
import type { Database } from '@mortise/database';

import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';

const { signal } = new AbortController();

let server: OpenTestDatabase;
let database: Database<CommerceSchema>;
let customers: Customers;

beforeAll(async () => {
  server = await openTestDatabase();
  database = server.open({ readOnly: true });
  customers = readerOf('full');
});
afterAll(() => server[Symbol.asyncDispose]());

function readerOf(mode: 'full' | 'masked' | 'none', most = 50): Customers {
  return new Customers(tenantDatabase(database, 'main'), new Privacy(mode), new CursorSigner('one secret'), most);
}

async function notice(text: string, of = customers, limit = 10): Promise<string | undefined> {
  return (await of.search({ text, limit }, signal)).notice;
}

test('a notice says that only similar spellings were found', async () => {
  expect(await notice('dana witfield')).toMatch(/^Nobody has this text: /);
  expect(await notice('dana whitfield')).toBeUndefined();
  expect(await notice('zzzzzzzz')).toBeUndefined();
});

test('a notice says why nothing is found where personal data is hidden', async () => {
  expect(await notice('zzzzzzzz', readerOf('masked'))).toContain(': emails are found by all of their text only.');
  expect(await notice('dana.whit', readerOf('none'))).toContain('names, companies and emails are found by all');
});

test('a notice says that the page is shorter than was asked for', async () => {
  const short = readerOf('full', 2);
  expect(await notice('acme', short)).toBe('A page of this server has 2 customers at most.');
  expect(await notice('acme', short, 2)).toBeUndefined();
});

test('a detailed profile sums up all orders, each currency by itself', async () => {
  const { orders_summary } = (await customers.profile({ id: 1005 }, 1, signal, 'detailed')) ?? {};
  const { rows } = await sql<{ currency: string; value: number | null; orders: number }>`
    select currency, (sum(total_minor) filter (where status not in ('cancelled', 'refunded')))::bigint as value,
      count(*) as orders
    from orders where tenant_id = 'main' and customer_id = 1005 group by currency order by currency`.execute(
    server.open().db,
  );
  expect(rows.length).toBeGreaterThan(1);
  expect(orders_summary).toMatchObject({
    total: rows.reduce((sum, { orders }) => sum + orders, 0),
    lifetime_value: rows.map(({ currency, value }) => ({ currency, minor: value })),
    first_order_at: expect.stringMatching(/^20.*Z$/),
  });
  const nobody = await customers.profile({ id: 1008 }, 1, signal, 'detailed');
  const none = { total: 0, lifetime_value: [], first_order_at: null, last_order_at: null };
  expect(nobody?.orders_summary).toEqual(none);
});
