// Cancelling and refunding, on the engine of this run: who is asked, what a token is good for, and that money adds up.
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { CommerceSchema } from '@mortise/commerce';
import type { Database } from '@mortise/database';

import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';
import { ordersClient, type OrdersClient } from './orders-client.ts';
import { inconsistencies, placeOrder } from './orders-ledger.ts';

/** Of the order that `placeOrder` makes. */
const TOTAL = 10_778;

let server: OpenTestDatabase;
let database: Database<CommerceSchema>;
let unasked: OrdersClient;
let keys = 0;

const newKey = (): string => `ending-key-${(keys += 1)}`;

beforeAll(async () => {
  server = await openTestDatabase();
  database = server.open();
  unasked = await ordersClient(database, { mode: 'off' });
});
afterAll(async () => {
  await unasked[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** An order that was taken as far as the actions say. */
async function order(...steps: string[]): Promise<{ order_id: string; version: number }> {
  const order_id = await placeOrder(unasked, newKey());
  let version = 1;
  for (const action of steps) {
    const { isError, text } = await unasked.call('advance_order', { order_id, action, expected_version: version });
    expect({ isError, text }).toMatchObject({ isError: false });
    version += 1;
  }
  return { order_id, version };
}

async function state(order_id: string): Promise<{ status: string; version: number; refunded: number }> {
  const { result } = await unasked.call('get_order', { order_id });
  return { status: result.status, version: result.version, refunded: result.refunded.minor };
}

describe.each(['2025', '2026'] as const)('a client of %s that can ask its user', (era) => {
  test('asks once, with what will happen, and then it is done', async () => {
    const questions: string[] = [];
    await using client = await ordersClient(database, {
      era,
      answer: (message) => {
        questions.push(message);
        return { action: 'accept', content: { confirm: true } };
      },
    });
    const { order_id, version } = await order('pay');
    const reason = 'ordered twice';
    const { result } = await client.call('cancel_order', { order_id, expected_version: version, reason });
    expect(result).toMatchObject({
      outcome: 'done',
      order: { order_id, status: 'cancelled', version: 3, refunded: { minor: TOTAL }, allowed_actions: [] },
      refund: { minor: TOTAL, formatted: '$107.78' },
      replayed: false,
    });
    expect(questions).toEqual([
      `Cancel ${order_id}? It is paid; $107.78 will be given back. Reason given: "ordered twice". This cannot be undone.`,
    ]);
    const { result: read } = await client.call('get_order', { order_id });
    expect(read.events.at(-1)).toMatchObject({
      to_status: 'cancelled',
      reason: `<data>${reason}</data>`,
      refunded: { minor: TOTAL },
    });
  });

  test.each([
    ['declines', { action: 'decline' }],
    ['accepts without the tick', { action: 'accept', content: { confirm: false } }],
  ] as const)('and whose user %s changes nothing', async (_, answer) => {
    await using client = await ordersClient(database, { era, answer: () => ({ ...answer }) });
    const { order_id, version } = await order('pay');
    const { result } = await client.call('refund_order', { order_id, reason: 'broken', idempotency_key: newKey() });
    expect(result).toMatchObject({ outcome: 'declined', refund: { minor: TOTAL } });
    expect(await state(order_id)).toEqual({ status: 'paid', version, refunded: 0 });
  });

  test('is refused when the order changes while the user thinks', async () => {
    const { order_id } = await order('pay');
    await using client = await ordersClient(database, {
      era,
      answer: async () => {
        await unasked.call('refund_order', { order_id, reason: 'x', amount_minor: 1, idempotency_key: newKey() });
        return { action: 'accept', content: { confirm: true } };
      },
    });
    const slow = await client.call('refund_order', { order_id, reason: 'broken', idempotency_key: newKey() });
    // The user never gives back what they were not shown.
    expect(slow.result).toMatchObject({ code: 'VERSION_CONFLICT' });
    expect(await state(order_id)).toMatchObject({ status: 'paid', refunded: 1 });
  });

  test('is not asked again about a call that was answered', async () => {
    let asked = 0;
    await using client = await ordersClient(database, {
      era,
      answer: () => {
        asked += 1;
        return { action: 'accept', content: { confirm: true } };
      },
    });
    const { order_id } = await order('pay');
    const values = { order_id, reason: 'broken', amount_minor: 500, idempotency_key: newKey() };
    const first = await client.call('refund_order', values);
    const again = await client.call('refund_order', values);
    expect(again.result).toEqual({ ...first.result, replayed: true });
    expect(asked).toBe(1);
    expect((await state(order_id)).refunded).toBe(500);
  });
});

describe.each(['2025', '2026'] as const)('a client of %s that cannot ask', (era) => {
  let client: OrdersClient;
  beforeAll(async () => {
    client = await ordersClient(database, { era });
  });
  afterAll(() => client[Symbol.asyncDispose]());

  test('gets a preview and a token, which is good once', async () => {
    const { order_id, version } = await order('pay', 'ship', 'deliver');
    const values = { order_id, reason: 'wrong colour', amount_minor: 700, idempotency_key: newKey() };
    const { result: asked } = await client.call('refund_order', values);
    expect(asked).toMatchObject({
      outcome: 'confirmation_required',
      order: { status: 'delivered', version },
      refund: { minor: 700 },
      preview: `Refund $7.00 of ${order_id} (total $107.78)? The order will be delivered. Reason given: "wrong colour". This cannot be undone.`,
      confirmation_token: expect.stringMatching(/^[\w-]{32}$/),
      next_step: expect.stringContaining('Show preview to the user'),
    });
    const life = Date.parse(asked.expires_at) - Date.now();
    expect(life).toBeGreaterThan(280_000);
    expect(life).toBeLessThan(310_000);
    expect(await state(order_id)).toEqual({ status: 'delivered', version, refunded: 0 });

    const { confirmation_token } = asked;
    const { result: made } = await client.call('refund_order', { ...values, confirmation_token });
    expect(made).toMatchObject({ outcome: 'done', order: { version: version + 1 }, replayed: false });
    const { result: repeated } = await client.call('refund_order', { ...values, confirmation_token });
    expect(repeated).toEqual({ ...made, replayed: true });
    const other = await client.call('refund_order', { ...values, idempotency_key: newKey(), confirmation_token });
    expect(other.result.code).toBe('CONFIRMATION_EXPIRED');
    expect((await state(order_id)).refunded).toBe(700);
  });

  test('cannot use a token for anything but what it was given for', async () => {
    const { order_id, version } = await order('pay');
    const values = { order_id, reason: 'broken', amount_minor: 5, idempotency_key: newKey() };
    const { result } = await client.call('refund_order', values);
    const { confirmation_token } = result;
    const { order_id: another } = await order('pay');
    for (const change of [
      { amount_minor: 6 },
      { order_id: another },
      { reason: 'other' },
      { confirmation_token: 'made-up' },
    ]) {
      const refused = await client.call('refund_order', { ...values, confirmation_token, ...change });
      expect(refused.result).toMatchObject({ code: 'CONFIRMATION_EXPIRED', retryable: false });
    }
    const cancel = { order_id, expected_version: version, reason: 'broken', confirmation_token };
    expect((await client.call('cancel_order', cancel)).result.code).toBe('CONFIRMATION_EXPIRED');
    expect(await state(order_id)).toMatchObject({ version, refunded: 0 });
    // None of these used it up.
    expect((await client.call('refund_order', { ...values, confirmation_token })).result.outcome).toBe('done');
  });

  test('has to ask anew when the order changed, or after five minutes', async () => {
    const { order_id } = await order('pay');
    const values = { order_id, reason: 'broken', amount_minor: 5, idempotency_key: newKey() };
    const first = await client.call('refund_order', values);
    await unasked.call('refund_order', { ...values, idempotency_key: newKey() });
    const { confirmation_token } = first.result;
    const stale = await client.call('refund_order', { ...values, confirmation_token });
    expect(stale.result.code).toBe('CONFIRMATION_EXPIRED');

    const second = await client.call('refund_order', values);
    await sql`update confirmations set expires_at = now() - interval '1 second'`.execute(database.db);
    const late = await client.call('refund_order', {
      ...values,
      confirmation_token: second.result.confirmation_token,
    });
    expect(late.result.code).toBe('CONFIRMATION_EXPIRED');
  });

  test('makes one change with a token that twenty use at once', async () => {
    const { order_id, version } = await order();
    const values = { order_id, expected_version: version, reason: 'no need' };
    const { result } = await client.call('cancel_order', values);
    const { confirmation_token } = result;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => client.call('cancel_order', { ...values, confirmation_token })),
    );
    expect(answers.filter(({ isError }) => !isError)).toHaveLength(1);
    for (const refused of answers.filter(({ isError }) => isError))
      expect(refused.result.code).toBe('VERSION_CONFLICT');
    expect(await state(order_id)).toEqual({ status: 'cancelled', version: 2, refunded: 0 });
  });
});

test('a token is kept as a hash only', async () => {
  await using client = await ordersClient(database, { mode: 'token', answer: () => ({ action: 'decline' }) });
  const { order_id, version } = await order();
  const { result } = await client.call('cancel_order', { order_id, expected_version: version, reason: 'x' });
  expect(result.outcome).toBe('confirmation_required');
  const { rows } = await sql<{ text: string }>`select c::text as text from confirmations as c`.execute(database.db);
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).not.toContain(result.confirmation_token);
});

describe('money', () => {
  test('is given back in parts until nothing is left', async () => {
    const { order_id, version } = await order('pay');
    const refund = (amount_minor?: number) =>
      unasked.call('refund_order', {
        order_id,
        reason: 'part',
        idempotency_key: newKey(),
        ...(amount_minor && { amount_minor }),
      });
    expect((await refund(TOTAL + 1)).result).toMatchObject({
      code: 'REFUND_EXCEEDS_TOTAL',
      message: expect.stringContaining('$107.78'),
      details: { refundable_minor: TOTAL, currency: 'USD' },
    });
    expect((await refund(1)).result).toMatchObject({ refund: { minor: 1 }, order: { status: 'paid' } });
    expect((await refund(TOTAL)).result.code).toBe('REFUND_EXCEEDS_TOTAL');
    expect((await refund()).result).toMatchObject({
      refund: { minor: TOTAL - 1 },
      order: { status: 'refunded', version: version + 2, refunded: { minor: TOTAL } },
    });
    expect((await refund(1)).result).toMatchObject({ code: 'INVALID_TRANSITION', details: { status: 'refunded' } });
  });

  test('is never given back twice by twenty at once', async () => {
    const { order_id } = await order('pay');
    const amount_minor = Math.floor(TOTAL / 3);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        unasked.call('refund_order', { order_id, reason: 'race', amount_minor, idempotency_key: newKey() }),
      ),
    );
    // Some find the order changed or locked, or too little left: never more than the total is given back.
    const made = answers.filter(({ isError }) => !isError).length;
    expect(made).toBeGreaterThanOrEqual(1);
    expect(made).toBeLessThanOrEqual(3);
    expect((await state(order_id)).refunded).toBe(made * amount_minor);
  });

  test.each([
    ['pending', []],
    ['shipped', ['pay', 'ship']],
  ])('of an order that is %s is not given back', async (status, steps) => {
    const { order_id } = await order(...steps);
    const { result } = await unasked.call('refund_order', { order_id, reason: 'x', idempotency_key: newKey() });
    expect(result).toMatchObject({ code: 'INVALID_TRANSITION', details: { status } });
  });

  test.each([['shipped', ['pay', 'ship']] as const, ['delivered', ['pay', 'ship', 'deliver']] as const])(
    'of an order that is %s does not come back by cancelling',
    async (status, steps) => {
      const { order_id, version } = await order(...steps);
      const { result } = await unasked.call('cancel_order', { order_id, expected_version: version, reason: 'x' });
      expect(result).toMatchObject({ code: 'INVALID_TRANSITION', details: { status } });
    },
  );
});

/** What an agent may try, sensible or not, on one of a few orders. */
const operation = fc.record({
  order: fc.nat(2),
  tool: fc.constantFrom('pay', 'ship', 'deliver', 'return', 'cancel', 'refund', 'refund', 'create'),
  /** How far behind the caller is. */
  stale: fc.constantFrom(0, 0, 0, 1),
  amount: fc.option(fc.integer({ min: 1, max: TOTAL + 10 }), { nil: undefined }),
  key: fc.option(fc.constantFrom('shared-key-a', 'shared-key-b'), { nil: undefined }),
});

test('whatever many agents do at once, money, versions and history agree', async () => {
  const expected = new Set([
    'VERSION_CONFLICT',
    'INVALID_TRANSITION',
    'REFUND_EXCEEDS_TOTAL',
    'IDEMPOTENCY_MISMATCH',
    'ORDER_LOCKED',
    'DB_BUSY',
  ]);
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(operation, { minLength: 1, maxLength: 8 }), { maxLength: 6 }), async (waves) => {
      round += 1;
      const orders = await Promise.all([order(), order('pay'), order('pay', 'ship', 'deliver')]);
      let changes = 0;
      const before = await ledger();
      for (const wave of waves) {
        const states = await Promise.all(orders.map(({ order_id }) => state(order_id)));
        const answers = await Promise.all(
          wave.map(({ order: index, tool, stale, amount, key }) => {
            const order_id = orders[index]?.order_id;
            const expected_version = Math.max(1, (states[index]?.version ?? 1) - stale);
            const idempotency_key = key === undefined ? newKey() : `${key}-${round}`;
            if (tool === 'create') {
              const items = [{ sku: 'LMP-300-USD', quantity: 2 }];
              return unasked.call('create_order', {
                customer_id: 'CUS-1008',
                items,
                idempotency_key,
                allow_duplicate: true,
              });
            }
            if (tool === 'refund') {
              const values = { order_id, reason: 'r', idempotency_key, ...(amount && { amount_minor: amount }) };
              return unasked.call('refund_order', values);
            }
            if (tool === 'cancel') {
              return unasked.call('cancel_order', { order_id, expected_version, reason: 'c', idempotency_key });
            }
            return unasked.call('advance_order', { order_id, action: tool, expected_version, idempotency_key });
          }),
        );
        for (const { isError, text, result } of answers) {
          if (isError) expect({ text, known: expected.has(result.code) }).toEqual({ text, known: true });
          else if (!result.replayed) changes += 1;
        }
      }
      expect(await inconsistencies(database.db)).toEqual([]);
      // One event and one line of the audit log for every change that a client was told of, and none besides.
      const after = await ledger();
      expect({ events: after.events - before.events, audits: after.audits - before.audits }).toEqual({
        events: changes,
        audits: changes,
      });
    }),
    { numRuns: 12 },
  );
}, 120_000);

async function ledger(): Promise<{ events: number; audits: number }> {
  const { rows } = await sql<{ events: number; audits: number }>`
    select (select count(*) from order_events) as events, (select count(*) from audit_log) as audits`.execute(
    database.db,
  );
  return rows[0] ?? { events: -1, audits: -1 };
}
