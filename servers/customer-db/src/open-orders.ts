import { openStatuses } from '@mortise/commerce';
import { type RawBuilder, type SqlBool, sql } from 'kysely';

/** How many open orders a customer has, by status. */
export interface OpenOrderCounts {
  readonly pending: number;
  readonly paid: number;
  readonly shipped: number;
}

const open = sql.join(openStatuses.map((status) => sql.lit(status)));

/**
 * Counts the open orders of each customer in one go, for a lateral join.
 * @param customer - The column that has the customer's key
 */
export function openOrders(customer: string): RawBuilder<OpenOrderCounts> {
  return sql`(
    select count(*) filter (where status = 'pending') as pending,
           count(*) filter (where status = 'paid') as paid,
           count(*) filter (where status = 'shipped') as shipped
    from orders where customer_id = ${sql.ref(customer)} and status in (${open})
  )`;
}

/** Whether somebody still has to act on an order of the customer whom a query over `customers` is at, or nobody has. */
export function hasOpenOrders(expected: boolean): RawBuilder<SqlBool> {
  return sql`${expected} = exists (select from orders where customer_id = customers.id and orders.status in (${open}))`;
}
