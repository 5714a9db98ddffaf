import {
  type CursorSigner,
  instant,
  money,
  type OrderStatus,
  type Position,
  type Privacy,
  type TenantDatabase,
  timeZone,
} from '@mortise/commerce';
import { cancelledBy } from '@mortise/database';
import { type RawBuilder, type SqlBool, sql } from 'kysely';

import { formatNoteId } from './add-note.ts';
import { findCustomers, type FoundCustomer, type Search } from './customer-search.ts';
import type { Key } from './keys.ts';
import { openOrders } from './open-orders.ts';
import { invalidArgument, invalidCursor } from './problems.ts';
import type {
  CustomerInShort,
  CustomerMatch,
  CustomerNote,
  CustomerOrders,
  CustomerPage,
  CustomerProfile,
  OrdersSummary,
  OrderSummary,
  ResponseFormat,
  StatusCounts,
} from './results.ts';
import { ownShop, type Shop, type ShopReader } from './shop.ts';

/** What a search is for, how much of each customer it shows, and where its list goes on. */
export interface SearchRequest extends Pick<Search, 'text'>, Partial<Pick<Search, 'match' | 'has_open_orders'>> {
  readonly limit: number;
  readonly response_format?: ResponseFormat;
  readonly cursor?: string | undefined;
}

/** Which orders of a customer, and where their list goes on. */
export interface OrderRequest {
  readonly customer: Key;
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

/** What a customer in short is made of. */
type ShortRow = Pick<FoundCustomer, 'id' | 'name' | 'email' | 'company' | 'status' | 'pending' | 'paid' | 'shipped'>;

/** Reads the customers of a tenant and their orders, each time in a transaction that cannot write. */
export class Customers {
  readonly #database: TenantDatabase;
  readonly #privacy: Privacy;
  readonly #cursors: CursorSigner;
  readonly #most: number;
  readonly #shop: Shop;

  /**
   * @param most - Rows on a page, whatever a call asks for
   * @param shop - Where the tables are
   */
  constructor(database: TenantDatabase, privacy: Privacy, cursors: CursorSigner, most = 50, shop: Shop = ownShop) {
    this.#database = database;
    this.#privacy = privacy;
    this.#cursors = cursors;
    this.#most = most;
    this.#shop = shop;
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
    const found = await this.#read((db) => findCustomers(this.#shop, db, search, signal));
    const last = found[limit - 1];
    const hasMore = found.length > limit;
    const notice = this.#notice(request, found);
    return {
      customers: found.slice(0, limit).map((row) => this.#match(row, response_format)),
      has_more: hasMore,
      next_cursor: hasMore && last ? this.#cursors.sign(filter, last.position) : null,
      ...(notice !== '' && { notice }),
    };
  }

  /** What a reader of the list could not tell from it. */
  #notice({ match, limit }: SearchRequest, found: readonly FoundCustomer[]): string {
    const sentences: string[] = [];
    if (match !== 'fuzzy' && found[0]?.match === 'fuzzy') {
      sentences.push('Nobody has this text: these names are spelt alike. Make sure who is meant before you go on.');
    }
    if (found.length === 0 && match !== 'fuzzy' && this.#privacy.mode !== 'full') {
      const what = this.#privacy.mode === 'none' ? 'names, companies and emails are' : 'emails are';
      sentences.push(`Personal data is hidden here: ${what} found by all of their text only.`);
    }
    if (limit > this.#most && found.length > this.#most) {
      sentences.push(`A page of this server has ${this.#most} customers at most.`);
    }
    return sentences.join(' ');
  }

  #match(row: FoundCustomer, format: ResponseFormat): CustomerMatch {
    const { phone, segment, created_at, match } = row;
    return {
      ...this.#inShort(row),
      match,
      ...(format === 'detailed' && { phone: this.#privacy.phone(phone), segment, created_at }),
    };
  }

  #inShort({ id, name, email, company, status, pending, paid, shipped }: ShortRow): CustomerInShort {
    return {
      customer_id: this.#shop.customers.format(id),
      name: this.#privacy.name(name),
      email: this.#privacy.email(email),
      company: this.#privacy.label(company),
      status,
      open_orders: { pending, paid, shipped },
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
    return this.#read(async (db) => {
      const customer = await db
        .selectFrom('customers')
        .select(['id', 'name'])
        .where('id', '=', this.#shop.customers.parameter(id))
        .executeTakeFirst(cancelledBy(signal));
      if (!customer) return undefined;
      const rows = await latestOrders(this.#shop, db, id, { status, position, placed }, limit + 1, signal);
      const last = rows[limit - 1];
      const hasMore = rows.length > limit;
      return {
        customer: { customer_id: this.#shop.customers.format(customer.id), name: this.#privacy.name(customer.name) },
        orders: rows.slice(0, limit).map(({ summary }) => summary),
        status_counts: await statusCounts(this.#shop, db, id, signal),
        has_more: hasMore,
        next_cursor: hasMore && last ? this.#cursors.sign(filter, last.position) : null,
      };
    });
  }

  /** A customer with the latest orders, detailed with a summary of all; `undefined` when there is no such customer. */
  async profile(
    customer: { readonly id: Key } | { readonly email: string },
    limit: number,
    signal: AbortSignal,
    format: ResponseFormat = 'concise',
  ): Promise<CustomerProfile | undefined> {
    return this.#read(async (db) => {
      const row = await db
        .selectFrom('customers')
        .select(['id', 'name', 'email', 'company', 'phone', 'notes', 'segment', 'status', 'created_at'])
        .where(
          'id' in customer
            ? sql<SqlBool>`id = ${this.#shop.customers.parameter(customer.id)}`
            : sql<SqlBool>`email_n = ${this.#shop.norm(customer.email)}`,
        )
        .executeTakeFirst(cancelledBy(signal));
      if (!row) return undefined;
      const { id, name, email, company, phone, notes, ...rest } = row;
      const orders = await latestOrders(this.#shop, db, id, {}, limit, signal);
      return {
        customer_id: this.#shop.customers.format(id),
        name: this.#privacy.name(name),
        email: this.#privacy.email(email),
        company: this.#privacy.label(company),
        phone: this.#privacy.phone(phone),
        notes: this.#privacy.text(notes),
        ...rest,
        status_counts: await statusCounts(this.#shop, db, id, signal),
        ...(format === 'detailed' && { orders_summary: await ordersSummary(this.#shop, db, id, signal) }),
        latest_orders: orders.map(({ summary }) => summary),
        latest_notes: await latestNotes(this.#shop, db, id, this.#privacy, signal),
      };
    });
  }

  /** Those of some customers that are there, in the order of the keys, all in one statement. */
  async several(ids: readonly Key[], signal: AbortSignal): Promise<CustomerInShort[]> {
    if (ids.length > this.#most) {
      throw invalidArgument(`customer_ids may be ${this.#most} at most.`, 'Ask for some of them at a time.');
    }
    const rows = await this.#read((db) =>
      db
        .selectFrom('customers')
        .innerJoinLateral(openOrders('customers.id').as('open_orders'), (join) => join.onTrue())
        .select(['customers.id', 'name', 'email', 'company', 'customers.status', 'pending', 'paid', 'shipped'])
        .where('customers.id', 'in', ids.map(this.#shop.customers.parameter))
        .execute(cancelledBy(signal)),
    );
    const place = new Map(ids.map((id, index) => [id, index]));
    return rows
      .toSorted((one, other) => (place.get(one.id) ?? 0) - (place.get(other.id) ?? 0))
      .map((row) => this.#inShort(row));
  }

  /** Numbers of customers that begin with some digits, smallest first; of any customers for no digits. */
  async idsBeginning(digits: string, limit: number, signal: AbortSignal): Promise<string[]> {
    // 10 stands for 10, 100 to 109, 1000 to 1099 and so on: ranges, by which the primary key can be read.
    const first = Number(digits);
    const key = this.#shop.customers.parameter;
    const widths = Array.from({ length: 16 - digits.length }, (_, zeros) => 10 ** zeros);
    const rows = await this.#read((db) =>
      db
        .selectFrom('customers')
        .select('id')
        .$if(digits !== '', (query) =>
          query.where((where) =>
            where.or(widths.map((width) => where.between('id', key(first * width), key((first + 1) * width - 1)))),
          ),
        )
        .orderBy('id')
        .limit(limit)
        .execute(cancelledBy(signal)),
    );
    return rows.map((row) => this.#shop.customers.format(row.id));
  }

  #read<T>(run: (db: ShopReader) => Promise<T>): Promise<T> {
    return this.#database.read((db) => run(this.#shop.reader(db)));
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
  shop: Shop,
  db: ShopReader,
  customer: Key,
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
    .where('customer_id', '=', shop.customers.parameter(customer))
    .$if(status !== undefined, (query) => query.where(sql<SqlBool>`status = any(${status}::text[])`))
    .where((where) => where.and([...placed]))
    .$if(position !== undefined, (query) =>
      // A row comparison: the index on both columns leads straight to the row.
      query.where(sql<SqlBool>`(placed_at, id) < (${position?.[0]}::timestamptz, ${position?.[1]})`),
    )
    .orderBy('placed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute(cancelledBy(signal));
  return rows.map((row) => ({
    summary: {
      order_id: shop.orders.format(row.id),
      status: row.status,
      total: money(row.total_minor, row.currency),
      item_count: row.item_count ?? 0,
      placed_at: row.placed_at,
    },
    position: [row.placed_at, row.id],
  }));
}

async function statusCounts(shop: Shop, db: ShopReader, customer: Key, signal: AbortSignal): Promise<StatusCounts> {
  const rows = await db
    .selectFrom('orders')
    .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
    .where('customer_id', '=', shop.customers.parameter(customer))
    .groupBy('status')
    .orderBy(sql`status collate "C"`)
    .execute(cancelledBy(signal));
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

async function ordersSummary(shop: Shop, db: ShopReader, customer: Key, signal: AbortSignal): Promise<OrdersSummary> {
  const rows = await db
    .selectFrom('orders')
    .select(({ fn }) => ['currency', fn.countAll<number>().as('count')])
    .select([
      sql<number | null>`(sum(total_minor) filter (where status not in ('cancelled', 'refunded')))::bigint`.as('value'),
      // over all currencies
      sql<string>`min(min(placed_at)) over ()`.as('first_order_at'),
      sql<string>`max(max(placed_at)) over ()`.as('last_order_at'),
    ])
    .where('customer_id', '=', shop.customers.parameter(customer))
    .groupBy('currency')
    .orderBy(sql`currency collate "C"`)
    .execute(cancelledBy(signal));
  return {
    total: rows.reduce((sum, { count }) => sum + count, 0),
    lifetime_value: rows.flatMap(({ value, currency }) => (value === null ? [] : [money(value, currency)])),
    first_order_at: rows[0]?.first_order_at ?? null,
    last_order_at: rows[0]?.last_order_at ?? null,
  };
}

/** Newest notes that a profile shows. */
const PROFILE_NOTES = 5;

async function latestNotes(
  shop: Shop,
  db: ShopReader,
  customer: Key,
  privacy: Privacy,
  signal: AbortSignal,
): Promise<CustomerNote[]> {
  const rows = await db
    .selectFrom('customer_notes')
    .select(['id', 'text', 'created_at'])
    .where('customer_id', '=', shop.customers.parameter(customer))
    .orderBy('id', 'desc')
    .limit(PROFILE_NOTES)
    .execute(cancelledBy(signal));
  return rows.map(({ id, text, created_at }) => ({ note_id: formatNoteId(id), text: privacy.text(text), created_at }));
}
