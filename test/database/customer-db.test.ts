// customer-db as its clients see it, on the engine of this run, with the demo data that comes with it.
import { testDatabase } from '@mortise/testing/postgres';
import { testClient, type TestClient } from '@mortise/testing';
import { CustomerDb, server } from '@mortise/customer-db';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const database = await testDatabase();
const options = database.url === undefined ? {} : { 'database-url': database.url };
afterAll(() => database[Symbol.asyncDispose]());

describe.each(['2025', '2026'] as const)('a client of %s', (era) => {
  let t: TestClient;
  beforeAll(async () => {
    t = await testClient(server, { era, options });
  });
  afterAll(() => t[Symbol.asyncDispose]());

  test('finds customers, their orders and what to do with them', async () => {
    const {
      search_customers,
      get_customer,
      get_customer_orders,
      get_customers_batch,
      customer,
      customer_service_instructions,
    } = t.of(CustomerDb);
    const { customers, has_more, next_cursor: further } = await search_customers('Acme Corp', 1);
    expect([customers.map(({ name }) => name), has_more]).toEqual([['Dana Whitfield'], true]);
    expect(await search_customers('Acme Corp', 1, further ?? '')).toMatchObject({
      customers: [{ customer_id: 'CUS-1002', match: 'exact' }],
    });
    await expect(search_customers('Acme', 1, further ?? '')).rejects.toMatchObject({
      code: 'INVALID_CURSOR',
    });
    expect(await get_customer_orders('CUS-1001')).toMatchObject({ status_counts: { pending: 1, delivered: 1 } });
    expect(await get_customer(undefined, 'dana.whitfield@acme.example')).toMatchObject({ customer_id: 'CUS-1001' });
    await expect(get_customer()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(get_customer('CUS-1001', 'a@b.example')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await get_customers_batch(['CUS-1002', 'CUS-9', '1002', 'CUS-1001'])).toMatchObject({
      customers: [{ customer_id: 'CUS-1002' }, { customer_id: 'CUS-1001' }],
      not_found: ['CUS-9'],
    });
    const { next_cursor } = await get_customer_orders('CUS-1009', undefined, 5);
    expect(await get_customer_orders('CUS-1009', undefined, 5, next_cursor ?? '')).toMatchObject({ has_more: true });
    await expect(get_customer_orders('CUS-1009', ['paid'], 5, next_cursor ?? '')).rejects.toMatchObject({
      code: 'INVALID_CURSOR',
    });
    expect(await customer('CUS-1001')).toMatchObject({ name: 'Dana Whitfield', company: 'Acme Corp' });
    expect(await customer_service_instructions('billing')).toContain('The conversation is about money.');
    await expect(get_customer_orders('CUS-9')).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
  });
});

test('clients of both eras see the same', async () => {
  await using old = await testClient(server, { era: '2025', options });
  await using current = await testClient(server, { era: '2026', options });
  expect(await current.surface()).toEqual(await old.surface());
});

test('a caller without the scope is told which one is missing', async () => {
  await using t = await testClient(server, { transport: 'http', options, auth: { subject: 'ann' } });
  expect((await t.surface()).tools.map(({ name }) => name)).toContain('search_customers');
  await expect(t.call('search_customers', { query: 'Acme' })).rejects.toThrow('customers:read');
});

test('the operator decides how much personal data is shown', async () => {
  await using t = await testClient(server, { options: { ...options, 'pii-mode': 'masked' } });
  const { search_customers, get_customer, customer } = t.of(CustomerDb);
  const answers = [await search_customers('Acme Corp'), await get_customer('CUS-1001'), await customer('CUS-1001')];
  for (const answer of answers) {
    expect(JSON.stringify(answer)).toContain('d***@acme.example');
    expect(JSON.stringify(answer)).not.toMatch(/Dana|whitfield/i);
  }
});
