// Any sequence of changes of one order against a model of its life: what a tool says, and what the database lets happen
// to whoever writes around the tools.
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';

import {
  actions,
  canFollow,
  orderStatuses,
  tenantDatabase,
  type CommerceSchema,
  type OrderStatus,
} from '@mortise/commerce';
import type { Database } from '@mortise/database';

import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';
import { ordersClient, type OrdersClient } from './orders-client.ts';
import { inconsistencies, placeOrder } from './orders-ledger.ts';

/** Of the order that `placeOrder` makes. */
const TOTAL = 10_778;

/** What is known of an order without asking. */
interface Model {
  status: OrderStatus;
  version: number;
  refunded: number;
}

let server: OpenTestDatabase;
let database: Database<CommerceSchema>;
let client: OrdersClient;
let keys = 0;

beforeAll(async () => {
  server = await openTestDatabase();
  database = server.open();
  client = await ordersClient(database, { mode: 'off' });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** How far behind the caller is. */
const behind = fc.constantFrom(0, 0, 0, 0, 1);
const anyStep = fc.oneof(
  { weight: 3, arbitrary: fc.record({ by: fc.constantFrom('pay', 'ship', 'deliver', 'return'), stale: behind }) },
  { weight: 1, arbitrary: fc.record({ by: fc.constant('cancel'), stale: behind }) },
  {
    weight: 2,
    arbitrary: fc.record({
      by: fc.constant('refund'),
      amount: fc.option(fc.integer({ min: 1, max: TOTAL + 1 }), { nil: undefined }),
    }),
  },
);
type Step = { by: 'pay' | 'ship' | 'deliver' | 'return' | 'cancel' | 'refund'; stale?: number; amount?: number };

/** What a step has to end in: an error, or the next state. */
function predicted(order: Model, { by, stale = 0, amount }: Step): string | Model {
  if (stale > 0) return 'VERSION_CONFLICT';
  if (!canFollow(order.status, actions[by])) return 'INVALID_TRANSITION';
  const version = order.version + 1;
  if (by !== 'refund') {
    const refunded = by === 'cancel' && order.status === 'paid' ? TOTAL : order.refunded;
    return { status: actions[by], version, refunded };
  }
  const left = TOTAL - order.refunded;
  const given = amount ?? left;
  if (given > left) return 'REFUND_EXCEEDS_TOTAL';
  return { status: given === left ? 'refunded' : order.status, version, refunded: order.refunded + given };
}

async function take(order_id: string, { version }: Model, { by, stale = 0, amount }: Step): Promise<string | Model> {
  keys += 1;
  const expected_version = version + stale;
  const reason = 'model';
  const answer =
    by === 'refund'
      ? await client.call('refund_order', {
          order_id,
          reason,
          idempotency_key: `model-key-${keys}`,
          ...(amount !== undefined && { amount_minor: amount }),
        })
      : by === 'cancel'
        ? await client.call('cancel_order', { order_id, expected_version, reason })
        : await client.call('advance_order', { order_id, action: by, expected_version });
  if (answer.isError) return String(answer.result.code);
  const { status, version: now, refunded } = answer.result.order ?? answer.result;
  return { status, version: now, refunded: refunded.minor };
}

test('a sequence of tools does what the model says, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 10 }), async (steps) => {
      keys += 1;
      const order_id = await placeOrder(client, `model-order-${keys}`);
      let model: Model = { status: 'pending', version: 1, refunded: 0 };
      for (const each of steps as Step[]) {
        const outcome = predicted(model, each);
        expect(await take(order_id, model, each)).toEqual(outcome);
        if (typeof outcome === 'object') model = outcome;
      }
      const { result } = await client.call('get_order', { order_id });
      expect({ status: result.status, version: result.version, refunded: result.refunded.minor }).toEqual(model);
      expect(result.allowed_actions).toEqual(
        (Object.keys(actions) as Step['by'][]).filter((by) => canFollow(model.status, actions[by])),
      );
    }),
    { numRuns: 15 },
  );
  expect(await inconsistencies(database.db)).toEqual([]);
});

/** Whether a change of the row is one that the rules allow: a step of the table, one version on, money only given back. */
function isLawful(from: Model, to: Model): boolean {
  const isStep = from.status === to.status || canFollow(from.status, to.status);
  const given = to.refunded - from.refunded;
  const mayGive =
    from.status === to.status
      ? canFollow(from.status, 'refunded')
      : to.status === 'refunded' || (from.status === 'paid' && to.status === 'cancelled');
  const owesAll = to.status === 'refunded' || (from.status === 'paid' && to.status === 'cancelled');
  return (
    isStep &&
    to.version === from.version + 1 &&
    (given === 0 || (given > 0 && mayGive)) &&
    to.refunded <= TOTAL &&
    (!owesAll || to.refunded === TOTAL)
  );
}

test('whoever writes around the tools is held to the same rules by the database', async () => {
  const main = tenantDatabase(database, 'main');
  const status = fc.constantFrom(...orderStatuses);
  const money = fc.constantFrom(0, 1, 500, TOTAL - 1, TOTAL, TOTAL + 1);
  await fc.assert(
    fc.asyncProperty(
      status,
      money,
      status,
      money,
      fc.constantFrom(0, 1, 1, 1, 2),
      async (from, before, to, after, step) => {
        fc.pre(before <= TOTAL && (from !== 'refunded' || before === TOTAL));
        const start: Model = { status: from, version: 1, refunded: before };
        const end: Model = { status: to, version: 1 + step, refunded: after };
        const outcome = await database.db
          .transaction()
          .execute(async (transaction) => {
            await sql`select set_config('app.tenant_id', 'main', true)`.execute(transaction);
            await sql`insert into orders (id, customer_id, status, currency, subtotal_minor, tax_minor, total_minor, refunded_minor, placed_at)
            values (1, 1001, ${from}, 'USD', ${TOTAL}, 0, ${TOTAL}, ${before}, now())`.execute(transaction);
            await sql`set local role mcp_app`.execute(transaction);
            await sql`update orders set status = ${to}, version = ${end.version}, refunded_minor = ${after} where id = 1`.execute(
              transaction,
            );
            throw new Error('taken');
          })
          .catch((error: Error & { code?: string }) => error.code ?? error.message);
        expect({ start, end, outcome }).toEqual({ start, end, outcome: isLawful(start, end) ? 'taken' : '23514' });
      },
    ),
    { numRuns: 300 },
  );
  expect(await main.read((db) => db.selectFrom('orders').select('id').where('id', '=', 1).execute())).toEqual([]);
});
