import { type CommerceSchema, formatCustomerId, formatOrderId, money, type TenantDatabase } from '@mortise/commerce';
import { sql } from 'kysely';
import type { ReadonlyKysely } from 'kysely/readonly';

import { findCustomers } from './customer-search.ts';
import type { CustomerMatch, CustomerOrders, CustomerProfile, OrderSummary, StatusCounts } from './results.ts';

/** Cancels the query on the server as well. */
function cancelledBy(signal: AbortSignal): { signal: AbortSignal; inflightQueryAbortStrategy: 'cancel query' } {
  return { signal, inflightQueryAbortStrategy: 'cancel query' };
}

/** Reads the customers of a tenant and their orders, each time in a transaction that cannot write. */
export class Customers {
  readonly #database: TenantDatabase;

  constructor(database: TenantDatabase) {
    this.#database = database;
  }

  /** Best matches first; asks for one more than `limit` to know whether there are more. */
  async search(
    text: string,
    limit: number,
    signal: AbortSignal,
  ): Promise<{ customers: CustomerMatch[]; has_more: boolean }> {
    const found = await this.#database.read((db) => findCustomers(db, text, limit + 1, signal));
    return { customers: found.slice(0, limit), has_more: found.length > limit };
  }

  /** The newest orders of a customer; `undefined` when there is no such customer. */
  orders(id: number, limit: number, signal: AbortSignal): Promise<CustomerOrders | undefined> {
    return this.#database.read(async (transaction) => {
      const customer = await transaction
        .selectFrom('customers')
        .select(['id', 'name'])
        .where('id', '=', id)
        .executeTakeFirst(cancelledBy(signal));
      if (!customer) return undefined;
      const newest = await latestOrders(transaction, id, limit + 1, signal);
      return {
        customer: { customer_id: formatCustomerId(customer.id), name: customer.name },
        orders: newest.slice(0, limit),
        status_counts: await statusCounts(transaction, id, signal),
        has_more: newest.length > limit,
      };
    });
  }

  /** A customer with the latest orders; `undefined` when there is no such customer. */
  profile(id: number, limit: number, signal: AbortSignal): Promise<CustomerProfile | undefined> {
    return this.#database.read(async (transaction) => {
      const customer = await transaction
        .selectFrom('customers')
        .select(['name', 'email', 'company', 'phone', 'segment', 'status', 'created_at'])
        .where('id', '=', id)
        .executeTakeFirst(cancelledBy(signal));
      if (!customer) return undefined;
      return {
        customer_id: formatCustomerId(id),
        ...customer,
        status_counts: await statusCounts(transaction, id, signal),
        latest_orders: await latestOrders(transaction, id, limit, signal),
      };
    });
  }

  /** Numbers of customers that begin with some digits, smallest first; of any customers for no digits. */
  async idsBeginning(digits: string, limit: number, signal: AbortSignal): Promise<string[]> {
    // 10 stands for 10, 100 to 109, 1000 to 1099 and so on: ranges, by which the primary key can be read.
    const first = Number(digits);
    const widths = Array.from({ length: 16 - digits.length }, (_, zeros) => 10 ** zeros);
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('customers')
        .select('id')
        .$if(digits !== '', (query) =>
          query.where((where) =>
            where.or(widths.map((width) => where.between('id', first * width, (first + 1) * width - 1))),
          ),
        )
        .orderBy('id')
        .limit(limit)
        .execute(cancelledBy(signal)),
    );
    return rows.map((row) => formatCustomerId(row.id));
  }
}

async function latestOrders(
  db: ReadonlyKysely<CommerceSchema>,
  customer: number,
  limit: number,
  signal: AbortSignal,
): Promise<OrderSummary[]> {
  const rows = await db
    .selectFrom('orders')
    .select(['id', 'status', 'total_minor', 'currency', 'placed_at'])
    .select((orders) =>
      orders
        .selectFrom('order_items')
        .select(sql<number>`coalesce(sum(quantity), 0)`.as('pieces'))
        .whereRef('order_items.order_id', '=', 'orders.id')
        .as('item_count'),
    )
    .where('customer_id', '=', customer)
    .orderBy('placed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute(cancelledBy(signal));
  return rows.map((row) => ({
    order_id: formatOrderId(row.id),
    status: row.status,
    total: money(row.total_minor, row.currency),
    item_count: row.item_count ?? 0,
    placed_at: row.placed_at,
  }));
}

async function statusCounts(
  db: ReadonlyKysely<CommerceSchema>,
  customer: number,
  signal: AbortSignal,
): Promise<StatusCounts> {
  const rows = await db
    .selectFrom('orders')
    .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
    .where('customer_id', '=', customer)
    .groupBy('status')
    .orderBy(sql`status collate "C"`)
    .execute(cancelledBy(signal));
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}
