import type { CommerceSchema } from '@mortise/commerce';
import { type Kysely, sql } from 'kysely';

import type { OrdersClient } from './orders-client.ts';

/** Places a small order; allowed however often. */
export async function placeOrder(client: OrdersClient, idempotency_key: string): Promise<string> {
  const { result } = await client.call('create_order', {
    customer_id: 'CUS-1008',
    items: [{ sku: 'LMP-300-USD', quantity: 2 }],
    idempotency_key,
    allow_duplicate: true,
  });
  return result.order_id as string;
}

/**
 * Every order whose rows contradict each other: sums of lines, money given back, versions, and a history that is a path
 * through the state machine and ends where the order stands. Empty when all is well.
 */
export async function inconsistencies(db: Kysely<CommerceSchema>): Promise<readonly unknown[]> {
  const { rows } = await sql`
    with history as (
      select order_id, count(*) as steps, sum(refunded_minor) as refunded,
        (array_agg(to_status order by id desc))[1] as last,
        bool_and(from_status is not distinct from before) as linked
      from (select *, lag(to_status) over (partition by order_id order by id) as before from order_events) as e
      group by order_id
    )
    select o.id, o.status, o.version, history.* from orders o left join history on order_id = o.id
    where steps is distinct from version or last is distinct from status or linked is not true
      or history.refunded is distinct from refunded_minor or refunded_minor > total_minor
      or (status = 'refunded' and refunded_minor <> total_minor)
      or subtotal_minor <> (select sum(unit_price_minor * quantity) from order_items where order_id = o.id)
      or total_minor <> subtotal_minor + tax_minor`.execute(db);
  return rows;
}
