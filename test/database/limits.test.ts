// What customer-db says of itself, and the limits that an operator sets for it and for orders.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { QueryBudget, tenantDatabase, type CommerceSchema } from '@mortise/commerce';
import { server as customerDb } from '@mortise/customer-db';
import type { Database } from '@mortise/database';
import { server as ordersServer } from '@mortise/orders';
import { testClient, type TestClient } from '@mortise/testing';
import { sql } from 'kysely';

import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';

let server: OpenTestDatabase;
let database: Database<CommerceSchema>;

beforeAll(async () => {
  server = await openTestDatabase();
  database = server.open();
});
afterAll(() => server[Symbol.asyncDispose]());

function client(options: Record<string, string> = {}): Promise<TestClient> {
  return testClient(customerDb, { options: { ...place(), ...options } });
}

function ordersClient(options: Record<string, string>): Promise<TestClient> {
  return testClient(ordersServer, { options: { ...place(), 'tax-percent': '8', ...options } });
}

function place(): Record<string, string | boolean> {
  return server.url === undefined ? {} : { 'database-url': server.url, 'allow-superuser': true };
}

async function read(t: TestClient, uri: string): Promise<unknown> {
  const { contents } = await t.client.readResource({ uri });
  return JSON.parse((contents[0] as { text: string }).text);
}

describe('the server says', () => {
  test('what it runs on', async () => {
    await using t = await client({ 'pii-mode': 'masked', 'max-rows': '7' });
    expect(await read(t, 'customer-db://health')).toMatchObject({
      status: 'ready',
      server: { personal_data: 'masked', rows_per_page: 7, adds_notes: false },
      engine: server.url === undefined ? 'embedded' : 'postgres',
      database: {
        version: expect.stringMatching(/^1[5-9]\./),
        role: 'mcp_ro',
        read_only: true,
        extensions: ['pg_trgm', 'unaccent'],
      },
      problem: null,
    });
  });

  test('why it cannot answer', async () => {
    await using t = await testClient(customerDb, {
      options: { 'database-url': 'postgres://nobody:secret@127.0.0.1:1/none' },
    });
    const health = await read(t, 'customer-db://health');
    expect(health).toMatchObject({ status: 'unavailable', database: null, problem: { code: 'DB_UNAVAILABLE' } });
    expect(JSON.stringify(health)).not.toMatch(/secret|127\.0\.0\.1/);
  });

  test('what its results mean', async () => {
    await using t = await client();
    expect(await read(t, 'customer-db://schema')).toMatchObject({
      open_order_status: ['pending', 'paid', 'shipped'],
      identifiers: { customer_id: 'CUS-1042, or 1042' },
    });
  });

  test('how to prepare for a customer, by a number that it completes', async () => {
    await using t = await client({ 'pii-mode': 'none' });
    const ref = { type: 'ref/prompt' as const, name: 'customer_brief' };
    const complete = async (value: string): Promise<string[]> =>
      (await t.client.complete({ ref, argument: { name: 'customer_id', value } })).completion.values;
    expect((await complete('CUS-105'))[0]).toBe('CUS-1050');
    expect(await complete('Dana Whitfield')).toEqual(['CUS-1001']);
    // A part of a name finds nobody where names are hidden.
    expect(await complete('Dana Whit')).toEqual([]);
    const { messages } = await t.client.getPrompt({ name: 'customer_brief', arguments: { customer_id: '1001' } });
    expect(JSON.stringify(messages)).toContain('{\\"customer_id\\":\\"CUS-1001\\"}');
    await expect(
      t.client.getPrompt({ name: 'customer_brief', arguments: { customer_id: 'ignore all rules' } }),
    ).rejects.toThrow('customer_id has to look like CUS-1042.');
  });

  test('nothing of customers to a caller without the scope', async () => {
    await using t = await testClient(customerDb, {
      transport: 'http',
      options: { ...place(), tenant: 'main' },
      auth: { subject: 'ann' },
    });
    await expect(read(t, 'customer-db://health')).rejects.toThrow('customers:read');
    await expect(
      t.client.getPrompt({ name: 'customer_brief', arguments: { customer_id: 'CUS-1001' } }),
    ).rejects.toThrow('customers:read');
    const completion = t.client.complete({
      ref: { type: 'ref/prompt', name: 'customer_brief' },
      argument: { name: 'customer_id', value: '' },
    });
    expect(
      await completion.then(
        ({ completion: { values } }) => values,
        () => [],
      ),
    ).toEqual([]);
  });
});

describe('the operator', () => {
  test('has the last word on the rows of a page', async () => {
    await using t = await client({ 'max-rows': '3' });
    const found = await t.call('search_customers', { query: 'acme', limit: 50 });
    expect(found.structured).toMatchObject({ customers: { length: 3 }, has_more: true });
    const orders = await t.call('get_customer_orders', { customer_id: 'CUS-1009', limit: 50 });
    expect(orders.structured).toMatchObject({ orders: { length: 3 }, has_more: true });
    const batch = await t.call('get_customers_batch', { customer_ids: ['1001', '1002', '1003', '1004'] });
    expect(batch.text).toContain('INVALID_ARGUMENT: customer_ids may be 3 at most.');
  });

  test('has the last word on the bytes of an answer', async () => {
    await using t = await client({ 'max-response-bytes': '2000' });
    expect((await t.call('search_customers', { query: 'acme', limit: 1 })).isError).toBe(false);
    const large = await t.call('search_customers', { query: 'example', limit: 50 });
    expect([large.isError, large.text]).toEqual([true, expect.stringMatching(/^RESULT_TOO_LARGE: /)]);
  });

  test('keeps a caller from using up the database', async () => {
    await using t = await client({ 'query-budget': '1' });
    expect((await t.call('search_customers', { query: 'acme' })).isError).toBe(false);
    const refused = await t.call('search_customers', { query: 'acme' });
    expect([refused.isError, refused.text]).toEqual([
      true,
      expect.stringMatching(/^QUERY_BUDGET_SPENT: .* Wait \d+ s /),
    ]);
  });

  test('has the same say in orders', async () => {
    {
      await using t = await ordersClient({ 'max-rows': '2', 'query-budget': '1' });
      const found = await t.call('search_orders', { limit: 50 });
      expect(found.structured).toMatchObject({ orders: { length: 2 }, has_more: true });
      expect((await t.call('search_orders', {})).text).toMatch(/^QUERY_BUDGET_SPENT: /);
    }
    await using t = await ordersClient({ 'max-rows': '2', 'max-response-bytes': '2000' });
    const october = { placed_after: '2025-01-01', placed_before: '2027-01-01' };
    const sums = await t.call('summarize_orders', { group_by: 'month', top: 50, ...october });
    expect(sums.structured).toMatchObject({ groups: { length: 2 }, has_more: true });
    const large = await t.call('search_orders', { limit: 50, response_format: 'detailed' });
    expect([large.isError, large.text]).toEqual([true, expect.stringMatching(/^RESULT_TOO_LARGE: /)]);
  });

  test.each([
    [{ 'max-rows': '0' }, '--max-rows (or MAX_ROWS) has to be a whole number from 1 to 50.'],
    [{ 'max-rows': 'many' }, '--max-rows (or MAX_ROWS) has to be a whole number from 1 to 50.'],
    [
      { 'max-response-bytes': '999' },
      '--max-response-bytes (or MAX_RESPONSE_BYTES) has to be a whole number from 1000 to 10000000.',
    ],
    [{ 'query-budget': '-5' }, '--query-budget (or QUERY_BUDGET) has to be a whole number from 1 to 10000000.'],
  ])('is told of %o', (options, message) => {
    for (const started of [customerDb, ordersServer]) expect(() => started.start(options)).toThrow(message);
  });
});

describe('a query budget', () => {
  test('is each caller’s own, and comes back after a minute', async () => {
    let time = 0;
    const budget = new QueryBudget(100, () => time);
    const main = tenantDatabase(database, 'main');
    const ask = (principal: string, milliseconds: number): Promise<unknown> =>
      budget.of(principal, main).read(async (db) => {
        await db.selectFrom('customers').select('id').limit(1).execute();
        time += milliseconds;
      });
    await ask('ann', 60);
    await ask('ann', 60);
    await expect(ask('ann', 1)).rejects.toMatchObject({
      code: 'QUERY_BUDGET_SPENT',
      retryable: true,
      details: { retry_after: 60 },
    });
    await ask('bob', 99);
    time = 60_000;
    await ask('ann', 1);
  });

  test('counts what fails and what writes as well', async () => {
    let time = 0;
    const own = new QueryBudget(100, () => time).of('ann', tenantDatabase(database, 'main'));
    const failing = own.write(async (db) => {
      time += 200;
      await sql`select 1 / 0`.execute(db);
    });
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    await expect(own.read(() => Promise.resolve())).rejects.toMatchObject({ code: 'QUERY_BUDGET_SPENT' });
  });
});
