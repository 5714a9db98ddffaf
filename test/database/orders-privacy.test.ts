// How much of a customer the tools and resources of orders show, by the operator's choice.
import type { CommerceSchema } from '@mortise/commerce';
import type { Database } from '@mortise/database';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';
import { ordersClient } from './orders-client.ts';

let server: OpenTestDatabase;
let database: Database<CommerceSchema>;

beforeAll(async () => {
  server = await openTestDatabase();
  database = server.open();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Every answer that names a customer or repeats what somebody wrote; the order is CUS-1001's, the key is new. */
const answers: readonly (readonly [tool: string, values: Record<string, unknown>])[] = [
  ['get_order', { order_id: 'ORD-10001' }],
  ['search_orders', { customer_id: 'CUS-1001' }],
  ['search_orders', { query: 'dana.whitfield@acme.example' }],
  ['summarize_orders', { group_by: 'customer', placed_after: '2026-10-28', placed_before: '2026-10-29' }],
  [
    'create_order',
    {
      customer_id: 'CUS-1001',
      items: [{ sku: 'MUG-810-USD', quantity: 1 }],
      dry_run: true,
      idempotency_key: 'privacy-1',
    },
  ],
  [
    'create_order',
    {
      customer_id: 'CUS-1001',
      items: [{ sku: 'MUG-810-USD', quantity: 2 }],
      note: 'For Dana, dana@acme.example',
      idempotency_key: 'privacy-2',
    },
  ],
];

test('all of it', async () => {
  await using client = await ordersClient(database, { privacy: 'full' });
  for (const [tool, values] of answers.slice(0, 5)) {
    expect(JSON.stringify((await client.call(tool, values)).result)).toContain('Dana Whitfield');
  }
});

test.each([
  ['masked', 'D*** W***'],
  ['none', null],
] as const)('%s', async (privacy, name) => {
  await using client = await ordersClient(database, { privacy });
  for (const [tool, values] of answers) {
    const key = values['idempotency_key'];
    const { result } = await client.call(tool, {
      ...values,
      ...(key !== undefined && { idempotency_key: `${privacy}-${JSON.stringify(key)}` }),
      ...(tool === 'create_order' && { allow_duplicate: true }),
    });
    expect(JSON.stringify(result)).not.toMatch(/Dana|Whitfield/);
    expect(JSON.stringify(result)).toContain(JSON.stringify(name));
    if (result.order_id !== null && tool === 'create_order') {
      const { result: read } = await client.call('get_order', { order_id: result.order_id });
      expect(read['note'] as unknown).toBe(privacy === 'none' ? null : '<data>For Dana, d***@acme.example</data>');
    }
  }
});

test('none: a name is not found out letter by letter', async () => {
  await using client = await ordersClient(database, { privacy: 'none' });
  expect((await client.call('search_orders', { query: 'dana whit' })).result.orders).toEqual([]);
});
