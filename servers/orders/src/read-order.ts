import {
  allowedActions,
  type CommerceSchema,
  formatCustomerId,
  formatOrderId,
  money,
  type OrderStatus,
  type Privacy,
  type Stored,
} from '@mortise/commerce';
import type { SelectQueryBuilder } from 'kysely';
import type { ReadonlyKysely } from 'kysely/readonly';

import type { OrderDetails, OrderState } from './results.ts';

/** Events that an order is shown with. */
const EVENTS = 100;

/** The columns that say where an order stands. */
export interface StateRow {
  readonly id: number;
  readonly status: OrderStatus;
  readonly version: number;
  readonly currency: string;
  readonly total_minor: number;
  readonly refunded_minor: number;
  readonly updated_at: string;
}

export const stateColumns = [
  'orders.id',
  'orders.status',
  'orders.version',
  'orders.currency',
  'orders.total_minor',
  'orders.refunded_minor',
  'orders.updated_at',
] as const;

/** Where an order stands, for a client. */
export function orderState(row: StateRow): OrderState {
  const isEmpty = row.refunded_minor === row.total_minor;
  return {
    order_id: formatOrderId(row.id),
    status: row.status,
    version: row.version,
    allowed_actions: allowedActions(row.status).filter((action) => action !== 'refund' || !isEmpty),
    total: money(row.total_minor, row.currency),
    refunded: money(row.refunded_minor, row.currency),
  };
}

/** An order with its lines and events, for use in a snapshot; `undefined` when there is none. */
export async function readOrder(
  db: ReadonlyKysely<CommerceSchema>,
  id: number,
  privacy: Privacy,
  signal: AbortSignal,
): Promise<OrderDetails | undefined> {
  const cancelled = { signal, inflightQueryAbortStrategy: 'cancel query' } as const;
  const order = await db
    .selectFrom('orders')
    .innerJoin('customers', 'customers.id', 'orders.customer_id')
    .select(stateColumns)
    .select(['subtotal_minor', 'tax_minor', 'note', 'tracking_number', 'placed_at'])
    .select(['customer_id', 'customers.name'])
    .where('orders.id', '=', id)
    .executeTakeFirst(cancelled);
  if (!order) return undefined;
  const items = await db
    .selectFrom('order_items')
    .select(['sku', 'name', 'quantity', 'unit_price_minor'])
    .where('order_id', '=', id)
    .orderBy('line_no')
    .execute(cancelled);
  const events = await latestEvents(db, id).execute(cancelled);
  const { currency } = order;
  return {
    ...orderState(order),
    customer: { customer_id: formatCustomerId(order.customer_id), name: privacy.name(order.name) },
    subtotal: money(order.subtotal_minor, currency),
    tax: money(order.tax_minor, currency),
    note: privacy.text(order.note),
    tracking_number: order.tracking_number,
    placed_at: order.placed_at,
    updated_at: order.updated_at,
    items: items.map(({ sku, name, quantity, unit_price_minor }) => ({
      sku,
      name,
      quantity,
      unit_price: money(unit_price_minor, currency),
      line_total: money(unit_price_minor * quantity, currency),
    })),
    events: events.toReversed().map(({ refunded_minor, reason, ...event }) => ({
      ...event,
      reason: privacy.text(reason),
      refunded: refunded_minor === 0 ? null : money(refunded_minor, currency),
    })),
  };
}

type EventRow = Pick<OrderDetails['events'][number], 'from_status' | 'to_status' | 'actor' | 'at'> & {
  reason: Stored<'text'> | null;
  refunded_minor: number;
};

function latestEvents(
  db: ReadonlyKysely<CommerceSchema>,
  order: number,
): SelectQueryBuilder<CommerceSchema, 'order_events', EventRow> {
  return db
    .selectFrom('order_events')
    .select(['from_status', 'to_status', 'actor', 'reason', 'at', 'refunded_minor'])
    .where('order_id', '=', order)
    .orderBy('id', 'desc')
    .limit(EVENTS);
}
