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
import { cancelledBy } from '@mortise/database';
import { type SelectQueryBuilder, sql } from 'kysely';
import type { ReadonlyKysely } from 'kysely/readonly';

import type { OrderDetails, OrderState } from './results.ts';

/** How much of an order is told. */
export type ResponseFormat = 'concise' | 'detailed';

/** Events that an order is shown with. */
const EVENTS = { concise: 5, detailed: 100 } as const;

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
  format: ResponseFormat,
  privacy: Privacy,
  signal: AbortSignal,
): Promise<OrderDetails | undefined> {
  const cancelled = cancelledBy(signal);
  const order = await db
    .selectFrom('orders')
    .innerJoin('customers', 'customers.id', 'orders.customer_id')
    .select(stateColumns)
    .select(['subtotal_minor', 'tax_minor', 'note', 'tracking_number', 'placed_at'])
    .select(['customer_id', 'customers.name'])
    .where('orders.id', '=', id)
    .executeTakeFirst(cancelled);
  if (!order) return undefined;
  const items = await linesOf(db, [id], signal);
  const events = await latestEvents(db, id, EVENTS[format]).execute(cancelled);
  const { currency } = order;
  return {
    ...orderState(order),
    customer: { customer_id: formatCustomerId(order.customer_id), name: privacy.name(order.name) },
    subtotal: money(order.subtotal_minor, currency),
    tax: money(order.tax_minor, currency),
    note: privacy.text(order.note),
    tracking_number: privacy.reference(order.tracking_number),
    placed_at: order.placed_at,
    updated_at: order.updated_at,
    items: items.map((line) => orderItem(line, currency)),
    events: events.toReversed().map(({ refunded_minor, reason, actor, from_status, to_status, at }) => ({
      from_status,
      to_status,
      at,
      actor: privacy.actor(actor),
      reason: privacy.text(reason),
      refunded: refunded_minor === 0 ? null : money(refunded_minor, currency),
    })),
    event_count: events[0]?.event_count ?? 0,
  };
}

interface Line {
  readonly order_id: number;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unit_price_minor: number;
}

/** The lines of some orders, in one statement. */
export function linesOf(
  db: ReadonlyKysely<CommerceSchema>,
  orders: readonly number[],
  signal: AbortSignal,
): Promise<Line[]> {
  return db
    .selectFrom('order_items')
    .select(['order_id', 'sku', 'name', 'quantity', 'unit_price_minor'])
    .where('order_id', 'in', orders)
    .orderBy('order_id')
    .orderBy('line_no')
    .execute(cancelledBy(signal));
}

/** A line, for a client. */
export function orderItem(
  { sku, name, quantity, unit_price_minor }: Line,
  currency: string,
): OrderDetails['items'][number] {
  return {
    sku,
    name,
    quantity,
    unit_price: money(unit_price_minor, currency),
    line_total: money(unit_price_minor * quantity, currency),
  };
}

type EventRow = Pick<OrderDetails['events'][number], 'from_status' | 'to_status' | 'at'> & {
  actor: Stored<'actor'>;
  reason: Stored<'text'> | null;
  refunded_minor: number;
  event_count: number;
};

function latestEvents(
  db: ReadonlyKysely<CommerceSchema>,
  order: number,
  limit: number,
): SelectQueryBuilder<CommerceSchema, 'order_events', EventRow> {
  return db
    .selectFrom('order_events')
    .select(['from_status', 'to_status', 'actor', 'reason', 'at', 'refunded_minor'])
    .select(sql<number>`count(*) over ()`.as('event_count'))
    .where('order_id', '=', order)
    .orderBy('id', 'desc')
    .limit(limit);
}
