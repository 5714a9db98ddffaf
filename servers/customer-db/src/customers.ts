import {
  type CommerceSchema,
  type CursorSigner,
  formatCustomerId,
  formatOrderId,
  instant,
  money,
  openStatuses,
  type OrderStatus,
  type Position,
  type Privacy,
  type TenantDatabase,
  timeZone,
} from '@mortise/commerce';
import { type AliasedRawBuilder, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ReadonlyKysely } from 'kysely/readonly';

import { formatNoteId } from './add-note.ts';
import { findCustomers, type FoundCustomer, type Search } from './customer-search.ts';
import { invalidArgument, invalidCursor } from './problems.ts';
import type {
  CustomerInShort,
  CustomerMatch,
  CustomerNote,
  CustomerOrders,
  CustomerPage,
  CustomerProfile,
  OrderSummary,
  ResponseFormat,
  StatusCounts,
} from './results.ts';

/** What a search is for, how much of each customer it shows, and where its list goes on. */
export interface SearchRequest extends Pick<Search, 'text'>, Partial<Pick<Search, 'match' | 'has_open_orders'>> {
  readonly limit: number;
  readonly response_format?: ResponseFormat;
  readonly cursor?: string | undefined;
}

/** Which orders of a customer, and where their list goes on. */
export interface OrderRequest {
  readonly customer: number;
  readonly status: readonly OrderStatus[] | undefined;
  /** At or after; see `instant`. */
  readonly placed_after?: string | undefined;
  /** Before, never at. */
  readonly placed_before?: string | undefined;
  /** Where dates are meant; UTC without it. */
  readonly timezone?: string | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** Cancels the query on the server as well. */
function cancelledBy(signal: AbortSignal): { signal: AbortSignal; inflightQueryAbortStrategy: 'cancel query' } {
  return { signal, inflightQueryAbortStrategy: 'cancel query' };
}

/** Reads the customers of a tenant and their orders, each time in a transaction that cannot write. */
export class Customers {
  readonly #database: TenantDatabase;
  readonly #privacy: Privacy;
  readonly #cursors: CursorSigner;
  readonly #most: number;

  /** @param most - Rows on a page, whatever a call asks for */
  constructor(database: TenantDatabase, privacy: Privacy, cursors: CursorSigner, most = 50) {
    this.#database = database;
    this.#privacy = privacy;
    this.#cursors = cursors;
    this.#most = most;
  }

  /**
   * A page of what a search finds, best matches first.
   * @throws ToolError `INVALID_CURSOR`
   */
  async search(request: SearchRequest, signal: AbortSignal): Promise<CustomerPage> {
    const { text, match = 'auto', has_open_orders, response_format = 'concise', cursor } = request;
    const { mode } = this.#privacy;
    const limit = Math.min(request.limit, this.#most);
    const filter = ['search_customers', this.#database.tenant, text, match, has_open_orders ?? null];
    const after = cursor === undefined ? undefined : this.#cursors.verify(cursor, filter);
    if (cursor !== undefined && after === undefined) throw invalidCursor();
    const search = { text, match, has_open_orders, after, mode, most: limit + 1 };
    const found = await this.#database.read((db) => findCustomers(db, search, signal));
    const last = found[limit - 1];
    const hasMore = found.length > limit;
    return {
      customers: found.slice(0, limit).map((row) => this.#match(row, response_format)),
      has_more: hasMore,
      next_cursor: hasMore && last ? this.#cursors.sign(filter, last.position) : null,
    };
  }

  #match(row: FoundCustomer, format: ResponseFormat): CustomerMatch {
    const { id, name, email, company, phone, segment, status, created_at, pending, paid, shipped, match } = row;
    return {
      customer_id: formatCustomerId(id),
      name: this.#privacy.name(name),
      email: this.#privacy.email(email),
      company: this.#privacy.label(company),
      status,
      open_orders: { pending, paid, shipped },
      match,
      ...(format === 'detailed' && { phone: this.#privacy.phone(phone), segment, created_at }),
    };
  }

  /**
   * A page of the orders of a customer, newest first; `undefined` when there is no such customer.
   * @throws ToolError `INVALID_CURSOR`
   */
  async orders(
    { customer: id, status, placed_after, placed_before, timezone = 'UTC', limit: wanted, cursor }: OrderRequest,
    signal: AbortSignal,
  ): Promise<CustomerOrders | undefined> {
    const limit = Math.min(wanted, this.#most);
    const filter = ['customer_orders', this.#database.tenant, id, status, placed_after, placed_before, timezone];
    const position = cursor === undefined ? undefined : this.#cursors.verify(cursor, filter);
    if (cursor !== undefined && position === undefined) throw invalidCursor();
    const placed = placedWithin(placed_after, placed_before, timezone);
    return this.#database.read(async (db) => {
      const customer = await db
        .selectFrom('customers')
        .select(['id', 'name'])
        .where('id', '=', id)
        .executeTakeFirst(cancelledBy(signal));
      if (!customer) return undefined;
      const rows = await latestOrders(db, id, { status, position, placed }, limit + 1, signal);
      const last = rows[limit - 1];
      const hasMore = rows.length > limit;
      return {
        customer: { customer_id: formatCustomerId(customer.id), name: this.#privacy.name(customer.name) },
        orders: rows.slice(0, limit).map(({ summary }) => summary),
        status_counts: await statusCounts(db, id, signal),
        has_more: hasMore,
        next_cursor: hasMore && last ? this.#cursors.sign(filter, last.position) : null,
      };
    });
  }

  /** A customer with the latest orders; `undefined` when there is no such customer. */
  async profile(
    customer: { readonly id: number } | { readonly email: string },
    limit: number,
    signal: AbortSignal,
  ): Promise<CustomerProfile | undefined> {
    return this.#database.read(async (db) => {
      const row = await db
        .selectFrom('customers')
        .select(['id', 'name', 'email', 'company', 'phone', 'notes', 'segment', 'status', 'created_at'])
        .where('id' in customer ? sql<SqlBool>`id = ${customer.id}` : sql<SqlBool>`email_n = norm(${customer.email})`)
        .executeTakeFirst(cancelledBy(signal));
      if (!row) return undefined;
      const { id, name, email, company, phone, notes, ...rest } = row;
      const orders = await latestOrders(db, id, {}, limit, signal);
      return {
        customer_id: formatCustomerId(id),
        name: this.#privacy.name(name),
        email: this.#privacy.email(email),
        company: this.#privacy.label(company),
        phone: this.#privacy.phone(phone),
        notes: this.#privacy.text(notes),
        ...rest,
        status_counts: await statusCounts(db, id, signal),
        latest_orders: orders.map(({ summary }) => summary),
        latest_notes: await latestNotes(db, id, this.#privacy, signal),
      };
    });
  }

  /** Those of some customers that are there, in the order of the keys, all in one statement. */
  async several(ids: readonly number[], signal: AbortSignal): Promise<CustomerInShort[]> {
    if (ids.length > this.#most) {
      throw invalidArgument(`customer_ids may be ${this.#most} at most.`, 'Ask for some of them at a time.');
    }
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('customers')
        .leftJoin('orders', (join) =>
          join.onRef('orders.customer_id', '=', 'customers.id').on('orders.status', 'in', openStatuses),
        )
        .select(['customers.id', 'name', 'email', 'company', 'customers.status'])
        .select([open('pending'), open('paid'), open('shipped')])
        .where('customers.id', 'in', ids)
        .groupBy('customers.id')
        .execute(cancelledBy(signal)),
    );
    const place = new Map(ids.map((id, index) => [id, index]));
    return rows
      .toSorted((one, other) => (place.get(one.id) ?? 0) - (place.get(other.id) ?? 0))
      .map(({ id, name, email, company, status, pending, paid, shipped }) => ({
        customer_id: formatCustomerId(id),
        name: this.#privacy.name(name),
        email: this.#privacy.email(email),
        company: this.#privacy.label(company),
        status,
        open_orders: { pending, paid, shipped },
      }));
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

/** Which orders, and after which one the list goes on. */
interface OrderFilter {
  readonly status?: readonly OrderStatus[] | undefined;
  readonly position?: Position | undefined;
  readonly placed?: readonly RawBuilder<SqlBool>[];
}

/** Postgres knows what a day is in a time zone, so that ranges that touch hold each order once. */
function placedWithin(after: string | undefined, before: string | undefined, timezone: string): RawBuilder<SqlBool>[] {
  const zone = timeZone(timezone);
  const range: RawBuilder<SqlBool>[] = [];
  if (after !== undefined) range.push(sql`placed_at >= ${instant('placed_after', after, zone)}`);
  if (before !== undefined) range.push(sql`placed_at < ${instant('placed_before', before, zone)}`);
  return range;
}

async function latestOrders(
  db: ReadonlyKysely<CommerceSchema>,
  customer: number,
  { status, position, placed = [] }: OrderFilter,
  limit: number,
  signal: AbortSignal,
): Promise<{ summary: OrderSummary; position: Position }[]> {
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
    .$if(status !== undefined, (query) => query.where(sql<SqlBool>`status = any(${status}::text[])`))
    .where((where) => where.and([...placed]))
    .$if(position !== undefined, (query) =>
      // A row comparison: the index on both columns leads straight to the row.
      query.where(sql<SqlBool>`(placed_at, id) < (${position?.[0]}::timestamptz, ${position?.[1]}::bigint)`),
    )
    .orderBy('placed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute(cancelledBy(signal));
  return rows.map((row) => ({
    summary: {
      order_id: formatOrderId(row.id),
      status: row.status,
      total: money(row.total_minor, row.currency),
      item_count: row.item_count ?? 0,
      placed_at: row.placed_at,
    },
    position: [row.placed_at, row.id],
  }));
}

function open<Status extends OrderStatus>(status: Status): AliasedRawBuilder<number, Status> {
  return sql<number>`count(*) filter (where orders.status = ${status})`.as(status);
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

/** Newest notes that a profile shows. */
const PROFILE_NOTES = 5;

async function latestNotes(
  db: ReadonlyKysely<CommerceSchema>,
  customer: number,
  privacy: Privacy,
  signal: AbortSignal,
): Promise<CustomerNote[]> {
  const rows = await db
    .selectFrom('customer_notes')
    .select(['id', 'text', 'created_at'])
    .where('customer_id', '=', customer)
    .orderBy('id', 'desc')
    .limit(PROFILE_NOTES)
    .execute(cancelledBy(signal));
  return rows.map(({ id, text, created_at }) => ({ note_id: formatNoteId(id), text: privacy.text(text), created_at }));
}
