import {
  type CommerceSchema,
  type CursorSigner,
  formatCustomerId,
  formatOrderId,
  instant,
  money,
  type OrderStatus,
  parseCustomerId,
  parseOrderId,
  type Privacy,
} from '@mortise/commerce';
import { cancelledBy } from '@mortise/database';
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ReadonlyKysely } from 'kysely/readonly';

import { invalidCursor } from './problems.ts';
import { linesOf, orderItem, orderState, type ResponseFormat, stateColumns } from './read-order.ts';
import type { OrderPage } from './results.ts';

/** What selects and orders the rows of a list; a cursor belongs to all of it. */
interface OrderFilter {
  readonly query: string | undefined;
  readonly customer: number | undefined;
  readonly status: readonly OrderStatus[] | undefined;
  /** At or after; see `instant`. */
  readonly placed_after: string | undefined;
  /** Before, never at. */
  readonly placed_before: string | undefined;
  readonly timezone: string;
  readonly currency: string | undefined;
  readonly min_total_minor: number | undefined;
  readonly max_total_minor: number | undefined;
  readonly sort: 'newest' | 'oldest';
}

/** A page of a list. */
export interface PageRequest {
  readonly filter: OrderFilter;
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** Who reads. */
interface Reader {
  readonly cursors: CursorSigner;
  readonly privacy: Privacy;
  readonly tenant: string;
}

/** Shorter texts begin too many names: they have to be all of one. */
const SHORTEST_BEGINNING = 3;

/**
 * Lists orders by the time they were placed, a page at a time. The key of a page's last row leads to the next page, so
 * orders that are placed meanwhile move nothing.
 */
export async function searchOrders(
  db: ReadonlyKysely<CommerceSchema>,
  { cursors, privacy, tenant }: Reader,
  { filter, limit, cursor }: PageRequest,
  format: ResponseFormat,
  signal: AbortSignal,
): Promise<OrderPage> {
  const list = { tenant, ...filter };
  const position = cursor === undefined ? undefined : cursors.verify(cursor, list);
  if (cursor !== undefined && position === undefined) throw invalidCursor();
  const direction = filter.sort === 'newest' ? 'desc' : 'asc';
  const rows = await db
    .selectFrom('orders')
    .innerJoin('customers', 'customers.id', 'orders.customer_id')
    .select(stateColumns)
    .select(['placed_at', 'note'])
    .select(['customer_id', 'customers.name'])
    .select((order) =>
      order
        .selectFrom('order_items')
        .select(sql<number>`coalesce(sum(quantity), 0)`.as('pieces'))
        .whereRef('order_items.order_id', '=', 'orders.id')
        .as('item_count'),
    )
    .where((where) => where.and(conditions(filter, privacy)))
    .$if(position !== undefined, (query) =>
      query.where(
        // A row comparison: the index on both columns leads straight to the row.
        direction === 'desc'
          ? sql<SqlBool>`(placed_at, orders.id) < (${position?.[0]}::timestamptz, ${position?.[1]}::bigint)`
          : sql<SqlBool>`(placed_at, orders.id) > (${position?.[0]}::timestamptz, ${position?.[1]}::bigint)`,
      ),
    )
    .orderBy('placed_at', direction)
    .orderBy('orders.id', direction)
    .limit(limit + 1)
    .execute(cancelledBy(signal));

  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const hasMore = rows.length > limit;
  const lines =
    format === 'detailed' && page.length > 0
      ? Map.groupBy(
          await linesOf(
            db,
            page.map(({ id }) => id),
            signal,
          ),
          ({ order_id }) => order_id,
        )
      : undefined;
  return {
    orders: page.map((row) => ({
      order_id: formatOrderId(row.id),
      customer: { customer_id: formatCustomerId(row.customer_id), name: privacy.name(row.name) },
      status: row.status,
      total: money(row.total_minor, row.currency),
      refunded: money(row.refunded_minor, row.currency),
      item_count: row.item_count ?? 0,
      placed_at: row.placed_at,
      ...(lines && {
        details: {
          items: (lines.get(row.id) ?? []).map((line) => orderItem(line, row.currency)),
          version: row.version,
          allowed_actions: orderState(row).allowed_actions,
          note: privacy.text(row.note),
          updated_at: row.updated_at,
        },
      }),
    })),
    has_more: hasMore,
    next_cursor: hasMore && last ? cursors.sign(list, [last.placed_at, last.id]) : null,
  };
}

function conditions(filter: OrderFilter, privacy: Privacy): Expression<SqlBool>[] {
  const { query, customer, status, placed_after, placed_before, timezone, currency } = filter;
  const found: RawBuilder<SqlBool>[] = [];
  if (query !== undefined) found.push(mentions(query, privacy));
  if (customer !== undefined) found.push(sql`customer_id = ${customer}`);
  if (status !== undefined) found.push(sql`orders.status = any(${status}::text[])`);
  if (placed_after !== undefined) found.push(sql`placed_at >= ${instant('placed_after', placed_after, timezone)}`);
  if (placed_before !== undefined) found.push(sql`placed_at < ${instant('placed_before', placed_before, timezone)}`);
  if (currency !== undefined) found.push(sql`currency = ${currency}`);
  if (filter.min_total_minor !== undefined) found.push(sql`total_minor >= ${filter.min_total_minor}`);
  if (filter.max_total_minor !== undefined) found.push(sql`total_minor <= ${filter.max_total_minor}`);
  return found;
}

/** An order number, a customer number, a stock number, or the email or the beginning of a name or a company. */
function mentions(query: string, { mode }: Privacy): RawBuilder<SqlBool> {
  const order = /^ord-/i.test(query) ? parseOrderId(query) : undefined;
  if (order !== undefined) return sql`orders.id = ${order}`;
  const customer = /^cus-/i.test(query) ? parseCustomerId(query) : undefined;
  if (customer !== undefined) return sql`customer_id = ${customer}`;
  const number = parseOrderId(query) ?? null;
  const from = sql`norm(${query})`;
  // Ranges instead of `like`: they read the index where row-level security hides rows, too.
  const beginning = (column: string): RawBuilder<SqlBool> =>
    // Who may not see a name may not find it out letter by letter either.
    mode === 'none' || query.length < SHORTEST_BEGINNING
      ? sql`${sql.ref(column)} = ${from}`
      : sql`${sql.ref(column)} ~>=~ ${from} and ${sql.ref(column)} ~<~ (${from} || chr(1114111))`;
  return sql`orders.id in (
    select ${number}::bigint
    union all select order_id from order_items where sku = upper(${query})
    union all select placed.id from customers as c join orders as placed on placed.customer_id = c.id
      where ${from} <> '' and (c.email_n = ${from} or ${beginning('c.name_n')} or ${beginning('c.company_n')})
  )`;
}
