import { type Call, canFollow, type Change, type CommerceSchema, type OrderStatus } from '@mortise/commerce';
import { ToolError } from '@mortise/toolkit';
import { sql, type Transaction } from 'kysely';
import type { ReadonlyKysely } from 'kysely/readonly';

import { addEvent } from './advance-order.ts';
import { invalidTransition, orderNotFound, versionConflict } from './problems.ts';
import { orderState, stateColumns, type StateRow } from './read-order.ts';
import type { OrderState } from './results.ts';

/** An order that is to be cancelled, or money that is to be given back. */
export type Ending =
  | { readonly action: 'cancel'; readonly order: number; readonly version: number; readonly reason: string }
  | { readonly action: 'refund'; readonly order: number; readonly amount: number | undefined; readonly reason: string };

/** What an ending does to an order as it is. */
export interface Effect {
  readonly row: StateRow;
  readonly to: OrderStatus;
  /** Minor units given back. */
  readonly refund: number;
}

/** What a change that was made gave back. */
export interface Ended {
  readonly order: OrderState;
  readonly refund_minor: number;
}

/**
 * Reads an order and says what the ending would do to it.
 * @throws ToolError when the order does not allow it
 */
export async function effectOf(db: ReadonlyKysely<CommerceSchema>, ending: Ending): Promise<Effect> {
  return effect(
    await db.selectFrom('orders').select(stateColumns).where('id', '=', ending.order).executeTakeFirst(),
    ending,
  );
}

/** The same of a row that nobody else can change before the transaction ends. */
export async function lockedEffectOf(transaction: Transaction<CommerceSchema>, ending: Ending): Promise<Effect> {
  return effect(
    await transaction
      .selectFrom('orders')
      .select(stateColumns)
      .where('id', '=', ending.order)
      .forUpdate()
      .executeTakeFirst(),
    ending,
  );
}

function effect(row: StateRow | undefined, ending: Ending): Effect {
  if (!row) throw orderNotFound();
  return ending.action === 'cancel' ? cancellation(row, ending.version) : refund(row, ending.amount);
}

/** Makes the change to the row that {@link lockedEffectOf} read in this transaction. */
export async function applyEffect(
  transaction: Transaction<CommerceSchema>,
  { row, to, refund: refunded }: Effect,
  reason: string,
  call: Call,
): Promise<Change<Ended>> {
  const changed = await transaction
    .updateTable('orders')
    .set({
      status: to,
      version: row.version + 1,
      refunded_minor: row.refunded_minor + refunded,
      updated_at: sql<string>`clock_timestamp()`,
    })
    .where('id', '=', row.id)
    .returning(stateColumns)
    .executeTakeFirstOrThrow();
  await addEvent(transaction, call, { from: row.status, changed, reason, refunded });
  return { order: row.id, response: { order: orderState(changed), refund_minor: refunded } };
}

function cancellation(row: StateRow, version: number): Effect {
  if (row.version !== version) throw versionConflict(row, version);
  if (!canFollow(row.status, 'cancelled')) throw invalidTransition(row, 'cancel');
  // Nobody has paid for a pending order.
  return { row, to: 'cancelled', refund: row.status === 'pending' ? 0 : row.total_minor - row.refunded_minor };
}

function refund(row: StateRow, amount: number | undefined): Effect {
  if (!canFollow(row.status, 'refunded')) throw invalidTransition(row, 'refund');
  const left = row.total_minor - row.refunded_minor;
  const refunded = amount ?? left;
  if (refunded > left || left === 0) {
    const { total, refunded: given } = orderState(row);
    throw new ToolError(
      `${orderState(row).order_id} has ${left} minor units left to refund (total ${total.formatted}, refunded ${given.formatted}).`,
      {
        code: 'REFUND_EXCEEDS_TOTAL',
        hint: left === 0 ? 'There is nothing to give back.' : 'Refund at most what is left, or leave amount_minor out.',
        details: { refundable_minor: left, currency: row.currency },
      },
    );
  }
  return { row, to: refunded === left ? 'refunded' : row.status, refund: refunded };
}
