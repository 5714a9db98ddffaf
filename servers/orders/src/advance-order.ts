import { actions, type Call, canFollow, type Change, type CommerceSchema, type OrderStatus } from '@mortise/commerce';
import { sql, type Transaction } from 'kysely';

import { invalidTransition, orderNotFound, versionConflict } from './problems.ts';
import { orderState, stateColumns, type StateRow } from './read-order.ts';
import type { OrderState } from './results.ts';

/** A step of an order that moves no money. */
export interface Advance {
  readonly order: number;
  readonly action: 'pay' | 'ship' | 'deliver' | 'return';
  readonly version: number;
  readonly tracking: string | undefined;
  readonly reason: string | undefined;
}

/** Takes an order one step further, if it still is what the caller saw. */
export async function advanceOrder(
  transaction: Transaction<CommerceSchema>,
  { order: id, action, version, tracking, reason }: Advance,
  call: Call,
): Promise<Change<OrderState>> {
  const seen = await currentOrder(transaction, id);
  if (seen.version !== version) throw versionConflict(seen, version);
  const to = actions[action];
  if (!canFollow(seen.status, to)) throw invalidTransition(seen, action);
  const changed = await transaction
    .updateTable('orders')
    .set((row) => ({
      status: to,
      version: row('version', '+', 1),
      updated_at: sql<string>`clock_timestamp()`,
      ...(tracking !== undefined && { tracking_number: tracking }),
    }))
    // Of several at once Postgres lets one through; the others wait, and then find another version.
    .where((row) => row.and({ id, version, status: seen.status }))
    .returning(stateColumns)
    .executeTakeFirst();
  if (!changed) throw versionConflict(await currentOrder(transaction, id), version);
  await addEvent(transaction, call, { from: seen.status, changed, reason, refunded: 0 });
  return { order: id, response: orderState(changed) };
}

/** The order as it is now. */
async function currentOrder(transaction: Transaction<CommerceSchema>, id: number): Promise<StateRow> {
  const order = await transaction.selectFrom('orders').select(stateColumns).where('id', '=', id).executeTakeFirst();
  if (!order) throw orderNotFound();
  return order;
}

/** Writes down what happened to an order, at the time that its row tells. */
export async function addEvent(
  transaction: Transaction<CommerceSchema>,
  call: Call,
  event: { from: OrderStatus; changed: StateRow; reason: string | undefined; refunded: number },
): Promise<void> {
  await transaction
    .insertInto('order_events')
    .values({
      order_id: event.changed.id,
      from_status: event.from,
      to_status: event.changed.status,
      actor: call.principal,
      reason: event.reason ?? null,
      at: event.changed.updated_at,
      refunded_minor: event.refunded,
    })
    .execute();
}
