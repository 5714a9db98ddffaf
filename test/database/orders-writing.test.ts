// What the writing half of orders does, on the engine of this run: retries, races, and what stays in the tables.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { actions, canFollow, orderStatuses, type CommerceSchema } from '@mortise/commerce';
import type { Database } from '@mortise/database';

import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';
import { ordersClient, type OrdersClient } from './orders-client.ts';
import { inconsistencies, placeOrder } from './orders-ledger.ts';

let server: OpenTestDatabase;
let database: Database<CommerceSchema>;
let client: OrdersClient;
let keys = 0;

const newKey = (): string => `test-key-${(keys += 1)}`;

beforeAll(async () => {
  server = await openTestDatabase();
  database = server.open();
  client = await ordersClient(database);
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

async function count(table: 'orders' | 'order_events' | 'audit_log' | 'idempotency_keys'): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(database.db);
  return rows[0]?.n ?? -1;
}

async function counts(): Promise<number[]> {
  return Promise.all([count('orders'), count('order_events'), count('audit_log'), count('idempotency_keys')]);
}

const mugs = { customer_id: 'CUS-1001', items: [{ sku: 'MUG-810-EUR', quantity: 3 }] };

describe('placing an order', () => {
  test('takes prices from the products, adds the tax, and writes everything at once', async () => {
    const before = await counts();
    const { result } = await client.call('create_order', {
      customer_id: 'CUS-1001',
      items: [
        { sku: 'MUG-810-USD', quantity: 3 },
        { sku: 'CAB-540-USD', quantity: 1 },
      ],
      note: 'Ring twice.',
      idempotency_key: newKey(),
    });
    expect(result).toMatchObject({
      order_id: expect.stringMatching(/^ORD-\d+$/),
      status: 'pending',
      version: 1,
      customer: { customer_id: 'CUS-1001', name: 'Dana Whitfield' },
      items: [
        { sku: 'MUG-810-USD', quantity: 3, unit_price: { minor: 1_400 }, line_total: { minor: 4_200 } },
        { sku: 'CAB-540-USD', quantity: 1, unit_price: { minor: 1_299 }, line_total: { minor: 1_299 } },
      ],
      subtotal: { minor: 5_499 },
      tax: { minor: 440 },
      total: { minor: 5_939, currency: 'USD', formatted: '$59.39' },
      allowed_actions: ['pay', 'cancel'],
      dry_run: false,
      replayed: false,
    });
    expect(await counts()).toEqual(before.map((n) => n + 1));
    const { result: read } = await client.call('get_order', { order_id: result.order_id });
    expect(read).toMatchObject({
      items: result.items,
      total: result.total,
      note: '<data>Ring twice.</data>',
      events: [{ from_status: null, to_status: 'pending', actor: 'local' }],
    });
  });

  test('dry runs change nothing, and use up no key', async () => {
    const before = await counts();
    const idempotency_key = newKey();
    const dry = await client.call('create_order', { ...mugs, idempotency_key, dry_run: true });
    expect(dry.result).toMatchObject({ order_id: null, version: null, dry_run: true, total: { currency: 'EUR' } });
    expect(await counts()).toEqual(before);
    const { result } = await client.call('create_order', { ...mugs, idempotency_key });
    expect(result).toMatchObject({ total: dry.result.total, replayed: false });
  });

  test('twenty at once with one key make one order', async () => {
    const before = await counts();
    const values = { ...mugs, items: [{ sku: 'PEN-710-EUR', quantity: 7 }], idempotency_key: newKey() };
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.call('create_order', values)));
    expect(answers.filter(({ isError }) => isError)).toEqual([]);
    expect(new Set(answers.map(({ result }) => result.order_id)).size).toBe(1);
    expect(answers.filter(({ result }) => !result.replayed)).toHaveLength(1);
    expect(await counts()).toEqual(before.map((n) => n + 1));
  });

  test('a retry after a lost answer is told the same, whatever happened since', async () => {
    const values = { ...mugs, items: [{ sku: 'NTB-720-EUR', quantity: 2 }], idempotency_key: newKey() };
    const first = await client.call('create_order', values);
    await sql`update products set price_minor = price_minor + 1 where sku = 'NTB-720-EUR'`.execute(database.db);
    await client.call('advance_order', { order_id: first.result.order_id, action: 'pay', expected_version: 1 });
    // Another client, as after a restart.
    await using other = await ordersClient(database, { era: '2025' });
    const again = await other.call('create_order', values);
    expect(again.result).toEqual({ ...first.result, replayed: true });
  });

  test('the order of the items is no difference; anything else under the same key is one', async () => {
    const idempotency_key = newKey();
    const items = [
      { sku: 'MUG-810-JPY', quantity: 1 },
      { sku: 'PEN-710-JPY', quantity: 2 },
    ];
    const first = await client.call('create_order', { customer_id: 'CUS-1002', items, idempotency_key });
    const reordered = { customer_id: 'CUS-1002', items: items.toReversed(), idempotency_key };
    expect((await client.call('create_order', reordered)).result).toEqual({ ...first.result, replayed: true });
    for (const change of [{ customer_id: 'CUS-1003' }, { items: [items[0]] }, { note: 'x' }, { currency: 'JPY' }]) {
      const { result } = await client.call('create_order', { ...reordered, ...change });
      expect(result).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH', retryable: false });
    }
  });

  test('the same order under another key is asked about, and placed when it is meant', async () => {
    const values = { customer_id: 'CUS-1004', items: [{ sku: 'RUG-640-USD', quantity: 1 }] };
    const first = await client.call('create_order', { ...values, idempotency_key: newKey() });
    const second = await client.call('create_order', { ...values, idempotency_key: newKey() });
    expect(second.result).toMatchObject({
      code: 'POSSIBLE_DUPLICATE',
      details: { order_id: first.result.order_id },
      hint: expect.stringContaining('allow_duplicate'),
    });
    const meant = await client.call('create_order', { ...values, idempotency_key: newKey(), allow_duplicate: true });
    expect(meant.result).toMatchObject({ replayed: false });
    expect(meant.result.order_id).not.toBe(first.result.order_id);
  });

  test('of twenty equal ones under twenty keys one is placed', async () => {
    const values = { customer_id: 'CUS-1006', items: [{ sku: 'STP-730-USD', quantity: 1 }] };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => client.call('create_order', { ...values, idempotency_key: newKey() })),
    );
    expect(answers.filter(({ isError }) => !isError)).toHaveLength(1);
    for (const { result } of answers.filter(({ isError }) => isError)) expect(result.code).toBe('POSSIBLE_DUPLICATE');
  });

  test.each([
    [{ customer_id: 'CUS-9' }, 'CUSTOMER_NOT_FOUND', 'customer'],
    [{ items: [{ sku: 'MUG-810', quantity: 1 }] }, 'PRODUCT_NOT_FOUND', 'MUG-810-EUR, MUG-810-JPY, MUG-810-USD'],
    [{ items: [{ sku: 'zzz', quantity: 1 }] }, 'PRODUCT_NOT_FOUND', 'get_order'],
    [
      {
        items: [
          { sku: 'MUG-810-EUR', quantity: 1 },
          { sku: 'MUG-810-USD', quantity: 1 },
        ],
      },
      'INVALID_ARGUMENT',
      'EUR, USD',
    ],
    [{ currency: 'USD' }, 'INVALID_ARGUMENT', 'EUR'],
    [
      {
        items: [
          { sku: 'MUG-810-EUR', quantity: 1 },
          { sku: 'MUG-810-EUR', quantity: 1 },
        ],
      },
      'INVALID_ARGUMENT',
      'twice',
    ],
    [{ items: [{ sku: 'MUG-810-EUR', quantity: 0 }] }, 'INVALID_ARGUMENT', 'quantity'],
    [{ items: [{ sku: 'MUG-810-EUR', quantity: 1, unit_price: 1 }] }, 'INVALID_ARGUMENT', 'unit_price'],
    [{ items: [] }, 'INVALID_ARGUMENT', 'items'],
    [{ idempotency_key: 'short' }, 'INVALID_ARGUMENT', 'idempotency_key'],
    [{ note: 'bell \u0007' }, 'INVALID_ARGUMENT', 'note'],
  ])('%j is %s and leaves nothing behind', async (change, code, words) => {
    const before = await counts();
    const { isError, text, result } = await client.call('create_order', {
      ...mugs,
      idempotency_key: newKey(),
      ...change,
    });
    expect({ isError, code: result.code }).toEqual({ isError: true, code });
    expect(text).toContain(words);
    expect(await counts()).toEqual(before);
  });

  test('what is not sold any more cannot be ordered, nor may who is blocked', async () => {
    await sql`update products set active = false where sku = 'BRD-600-JPY'`.execute(database.db);
    const gone = { customer_id: 'CUS-1001', items: [{ sku: 'BRD-600-JPY', quantity: 1 }], idempotency_key: newKey() };
    expect((await client.call('create_order', gone)).result.code).toBe('PRODUCT_NOT_FOUND');
    const { rows } = await sql<{ id: string }>`
      select 'CUS-' || id as id from customers where status = 'blocked' limit 1`.execute(database.db);
    const blocked = { ...mugs, customer_id: rows[0]?.id, idempotency_key: newKey() };
    expect((await client.call('create_order', blocked)).result.code).toBe('CUSTOMER_BLOCKED');
  });

  test('a total that no number holds is refused, not rounded', async () => {
    await sql`update products set price_minor = 9007199254740991 where sku = 'CBN-630-JPY'`.execute(database.db);
    const huge = { customer_id: 'CUS-1001', items: [{ sku: 'CBN-630-JPY', quantity: 9_999 }] };
    const { result } = await client.call('create_order', { ...huge, idempotency_key: newKey() });
    expect(result).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('larger') });
  });
});

describe('advancing an order', () => {
  test('goes through its life, version by version, with its history', async () => {
    const order_id = await placeOrder(client, newKey());
    const shipped = { tracking_number: '1Z 999', reason: 'packed by Ann' };
    for (const [index, [action, more]] of Object.entries({
      pay: {},
      ship: shipped,
      deliver: {},
      return: {},
    }).entries()) {
      const { result } = await client.call('advance_order', {
        order_id,
        action,
        expected_version: index + 1,
        ...more,
      });
      expect(result).toMatchObject({ order_id, version: index + 2, replayed: false });
    }
    const { result } = await client.call('get_order', { order_id });
    expect(result).toMatchObject({
      status: 'returned',
      version: 5,
      tracking_number: '1Z 999',
      allowed_actions: ['refund'],
    });
    expect(result.events.map((event: { to_status: string }) => event.to_status)).toEqual([
      'pending',
      'paid',
      'shipped',
      'delivered',
      'returned',
    ]);
    expect(result.events[2]).toMatchObject({ reason: '<data>packed by Ann</data>', actor: 'local' });
    expect(result.events.at(-1).at).toBe(result.updated_at);
  });

  test('of twenty racers one wins, the others are told what happened', async () => {
    const order_id = await placeOrder(client, newKey());
    const before = await counts();
    const race = { order_id, action: 'pay', expected_version: 1 };
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.call('advance_order', race)));
    const winners = answers.filter(({ isError }) => !isError);
    expect(winners.map(({ result }) => result.version)).toEqual([2]);
    for (const { result } of answers.filter(({ isError }) => isError)) {
      expect(result).toMatchObject({
        code: 'VERSION_CONFLICT',
        message: expect.stringMatching(/you sent version 1, now 2: paid since 20/),
        hint: expect.stringContaining(`get_order {"order_id":"${order_id}"}`),
        details: { version: 2, status: 'paid', allowed_actions: ['ship', 'cancel', 'refund'] },
      });
    }
    const after = await counts();
    expect(after.map((n, index) => n - (before[index] ?? 0))).toEqual([0, 1, 1, 0]);
  });

  test('a retry with its key is told the same; twenty at once take one step', async () => {
    const order_id = await placeOrder(client, newKey());
    const values = { order_id, action: 'pay', expected_version: 1, idempotency_key: newKey() };
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.call('advance_order', values)));
    expect(answers.filter(({ isError }) => isError)).toEqual([]);
    expect(answers.filter(({ result }) => !result.replayed)).toHaveLength(1);
    expect(new Set(answers.map(({ result }) => result.version))).toEqual(new Set([2]));
  });

  test('refuses every step that the state machine does not list', async () => {
    for (const from of orderStatuses) {
      const { rows } = await sql<{ id: string; version: number }>`
        select 'ORD-' || id as id, version from orders where status = ${from} order by orders.id limit 1`.execute(
        database.db,
      );
      const [order] = rows;
      for (const action of ['pay', 'ship', 'deliver', 'return'] as const) {
        if (canFollow(from, actions[action])) continue;
        const values = { order_id: order?.id, action, expected_version: order?.version };
        const { result } = await client.call('advance_order', values);
        expect(result).toMatchObject({ code: 'INVALID_TRANSITION', details: { status: from } });
      }
    }
  });

  test.each([
    [{ order_id: 'ORD-9' }, 'ORDER_NOT_FOUND'],
    [{ expected_version: 7 }, 'VERSION_CONFLICT'],
    [{ action: 'refund' }, 'INVALID_ARGUMENT'],
    [{ tracking_number: '1Z' }, 'INVALID_ARGUMENT'],
    [{ expected_version: 0 }, 'INVALID_ARGUMENT'],
  ])('%j is %s', async (change, code) => {
    const values = { order_id: 'ORD-10001', action: 'pay', expected_version: 1, ...change };
    const { isError, result } = await client.call('advance_order', values);
    expect({ isError, code: result.code }).toEqual({ isError: true, code });
  });

  test('waits a moment for a locked order, then says so', async (context) => {
    context.skip(server.url === undefined, 'the embedded engine has one connection');
    const order_id = await placeOrder(client, newKey());
    const before = await counts();
    const blocked = await database.db.transaction().execute(async (transaction) => {
      await sql`select 1 from orders where 'ORD-' || id = ${order_id} for update`.execute(transaction);
      return client.call('advance_order', { order_id, action: 'pay', expected_version: 1, idempotency_key: newKey() });
    });
    expect(blocked.result).toMatchObject({ code: 'ORDER_LOCKED', retryable: true });
    expect(await counts()).toEqual(before);
  });
});

test('every change is in the audit log, with who and what', async () => {
  const order_id = await placeOrder(client, newKey());
  await client.call('advance_order', { order_id, action: 'pay', expected_version: 1 });
  const { rows } = await sql`select principal, client, tool, duration_ms >= 0 as timed from audit_log
    where 'ORD-' || order_id = ${order_id} order by id`.execute(database.db);
  expect(rows).toEqual([
    { principal: 'local', client: 'test', tool: 'create_order', timed: true },
    { principal: 'local', client: 'test', tool: 'advance_order', timed: true },
  ]);
});

test('what was written agrees with itself', async () => {
  expect(await inconsistencies(database.db)).toEqual([]);
});
