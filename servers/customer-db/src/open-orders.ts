import { type RawBuilder, sql } from 'kysely';

/** How many open orders a customer has, by status. */
export interface OpenOrderCounts {
  readonly pending: number;
  readonly paid: number;
  readonly shipped: number;
}

/**
 * Counts the open orders of each customer in one go, for a lateral join.
 * @param customer - The column that has the customer's key
 */
export function openOrders(customer: string): RawBuilder<OpenOrderCounts> {
  return sql`(
    select count(*) filter (where status = 'pending') as pending,
           count(*) filter (where status = 'paid') as paid,
           count(*) filter (where status = 'shipped') as shipped
    from orders where customer_id = ${sql.ref(customer)} and status in ('pending', 'paid', 'shipped')
  )`;
}
