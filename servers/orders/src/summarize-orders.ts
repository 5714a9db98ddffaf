import { type CommerceSchema, instant, money, type Privacy, type Stored } from '@mortise/commerce';
import { cancelledBy } from '@mortise/database';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ReadonlyKysely } from 'kysely/readonly';

import type { OrderTotals } from './results.ts';

/** By what orders are put together. */
type Grouping = 'day' | 'week' | 'month' | 'status' | 'customer' | 'product';

/** Which orders are summed up, and how. */
export interface SummaryRequest {
  readonly group_by: Grouping;
  /** At or after; see `instant`. */
  readonly placed_after: string;
  /** Before, never at. */
  readonly placed_before: string;
  readonly timezone: string;
}

interface TotalsRow {
  readonly key: string;
  /** Name of a customer. */
  readonly person: Stored<'name'> | null;
  /** Name of a product. */
  readonly product: string | null;
  readonly currency: string;
  readonly orders: number;
  readonly pieces: number;
  readonly total: number;
  readonly refunded: number | null;
}

/**
 * Sums orders up in the database, each currency by itself; money of cancelled orders counts with what was given back.
 * @param limit - Groups at most: the latest days, weeks or months; otherwise those with the most orders
 */
export async function summarizeOrders(
  db: ReadonlyKysely<CommerceSchema>,
  { group_by, placed_after, placed_before, timezone }: SummaryRequest,
  limit: number,
  privacy: Privacy,
  signal: AbortSignal,
): Promise<OrderTotals[]> {
  const range = sql<SqlBool>`placed_at >= ${instant('placed_after', placed_after, timezone)}
    and placed_at < ${instant('placed_before', placed_before, timezone)}`;
  const isTime = group_by === 'day' || group_by === 'week' || group_by === 'month';
  const order = isTime ? sql`key collate "C" desc` : sql`orders desc, key collate "C"`;
  const rows = await db
    .selectFrom(sql<TotalsRow>`(${source(group_by, timezone, range)})`.as('sums'))
    .selectAll()
    .orderBy(order)
    .orderBy('currency')
    .limit(limit)
    .execute(cancelledBy(signal));
  return rows.map(({ person, product, currency, total, refunded, ...row }) => ({
    ...row,
    label: person ? privacy.name(person) : (product ?? row.key),
    total: money(total, currency),
    refunded: refunded === null ? null : money(refunded, currency),
  }));
}

function source(group_by: Grouping, timezone: string, range: RawBuilder<SqlBool>): RawBuilder<unknown> {
  switch (group_by) {
    case 'day':
    case 'week':
    case 'month':
      return ofOrders(sql`to_char(date_trunc(${group_by}, placed_at at time zone ${timezone}), 'YYYY-MM-DD')`, range);
    case 'status':
      return ofOrders(sql`status`, range);
    case 'customer':
      return sql`
        select 'CUS-' || grouped.key as key, customers.name as person, null::text as product, currency, orders, pieces, total, refunded
        from (${ofOrders(sql`customer_id`, range)}) as grouped join customers on customers.id = grouped.key`;
    case 'product':
      // What is given back belongs to an order and to none of its lines; so does the tax.
      return sql`
        select sku as key, null::text as person, max(order_items.name) as product, currency, count(distinct orders.id) as orders,
          sum(quantity)::bigint as pieces, sum(unit_price_minor * quantity)::bigint as total, null::bigint as refunded
        from orders join order_items on order_id = orders.id where ${range} group by sku, currency`;
  }
}

function ofOrders(key: RawBuilder<unknown>, range: RawBuilder<SqlBool>): RawBuilder<unknown> {
  return sql`
    select key, null::text as person, null::text as product, currency, count(*) as orders, sum(pieces)::bigint as pieces,
      sum(total_minor)::bigint as total, sum(refunded_minor)::bigint as refunded
    from (
      select ${key} as key, currency, total_minor, refunded_minor,
        (select coalesce(sum(quantity), 0) from order_items where order_id = orders.id) as pieces
      from orders where ${range}
    ) as placed group by key, currency`;
}
