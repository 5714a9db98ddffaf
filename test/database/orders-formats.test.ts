// How much orders tells of an order, and of itself.
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { schemaVersion } from '@mortise/commerce';

import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';
import { ordersClient, type OrdersClient } from './orders-client.ts';

let server: OpenTestDatabase;
let client: OrdersClient;

beforeAll(async () => {
  server = await openTestDatabase();
  client = await ordersClient(server.open());
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

test('a detailed search says of each order what get_order says', async () => {
  const { result } = await client.call('search_orders', { customer_id: 'CUS-1005', response_format: 'detailed' });
  expect(result.orders).toHaveLength(3);
  for (const { order_id, details } of result.orders) {
    const { result: order } = await client.call('get_order', { order_id });
    const { items, version, allowed_actions, note, updated_at } = order;
    expect(details).toEqual({ items, version, allowed_actions, note, updated_at });
  }
  const none = await client.call('search_orders', { query: 'nobody at all', response_format: 'detailed' });
  expect(none.result.orders).toEqual([]);
});

test('an order comes with its latest events, or all of them', async () => {
  await using own = await openTestDatabase();
  const ownDatabase = own.open();
  await sql`insert into order_events (tenant_id, order_id, from_status, to_status, actor, reason, at)
    select 'main', 10007, 'paid', 'paid', 'support', n::text, now() from generate_series(1, 110) as n`.execute(
    ownDatabase.db,
  );
  await using reader = await ordersClient(ownDatabase);
  const reasons = async (values: object): Promise<string[]> => {
    const { result } = await reader.call('get_order', { order_id: 'ORD-10007', ...values });
    expect(result.event_count).toBe(112);
    return (result.events as { reason: string }[]).map(({ reason }) => reason.replaceAll(/\D/g, ''));
  };
  expect(await reasons({})).toEqual(['106', '107', '108', '109', '110']);
  const detailed = await reasons({ response_format: 'detailed' });
  expect([detailed.length, detailed[0], detailed.at(-1)]).toEqual([100, '11', '110']);
});

test('its health says what the answers come from', async () => {
  const { contents } = await client.client.readResource({ uri: 'orders://health' });
  const [content] = contents as { text: string }[];
  expect(JSON.parse(content?.text ?? '')).toEqual({
    postgres: expect.stringMatching(/^\d\d\.\d+$/),
    engine: server.url === undefined ? 'embedded' : 'postgres',
    schema: schemaVersion,
    role: 'mcp_ro',
    tenant: 'main',
    read_only: false,
    personal_data: 'full',
    extensions: { pg_trgm: true, unaccent: true },
  });
});

test('whatever is ordered costs its lines and the tax of their sum, to the minor unit', async () => {
  const { rows } = await sql<{ sku: string; price: number; currency: string }>`
    select sku, price_minor as price, currency from products where active order by sku`.execute(server.open().db);
  const line = (currency: string) =>
    fc.record({
      product: fc.constantFrom(...rows.filter((product) => product.currency === currency)),
      quantity: fc.integer({ min: 1, max: 9_999 }),
    });
  const lines = fc
    .constantFrom('USD', 'EUR', 'JPY')
    .chain((currency) =>
      fc.uniqueArray(line(currency), { minLength: 1, maxLength: 20, selector: ({ product }) => product.sku }),
    );
  await fc.assert(
    fc.asyncProperty(lines, async (wanted) => {
      const { result } = await client.call('create_order', {
        customer_id: 'CUS-1001',
        items: wanted.map(({ product: { sku }, quantity }) => ({ sku, quantity })),
        idempotency_key: 'never used up',
        dry_run: true,
      });
      const subtotal = wanted.reduce(
        (sum, { product, quantity }) => sum + BigInt(product.price) * BigInt(quantity),
        0n,
      );
      // Eight percent, half a unit up.
      const tax = (subtotal * 16n + 100n) / 200n;
      expect([result.subtotal.minor, result.tax.minor, result.total.minor].map(BigInt)).toEqual([
        subtotal,
        tax,
        subtotal + tax,
      ]);
      expect(BigInt(result.total.formatted.replaceAll(/\D/g, ''))).toBe(subtotal + tax);
    }),
    { numRuns: 40 },
  );
});
