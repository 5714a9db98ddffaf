import { type CursorSigner, databaseHealth, formatOrderId, type Privacy, type TenantDatabase } from '@mortise/commerce';
import { cancelledBy } from '@mortise/database';

import { type PageRequest, searchOrders } from './order-search.ts';
import { readOrder, type ResponseFormat } from './read-order.ts';
import type { Health, OrderDetails, OrderPage, OrderSums } from './results.ts';
import { summarizeOrders, type SummaryRequest } from './summarize-orders.ts';

/** What the operator decided that no query tells. */
type Deployment = Pick<Health, 'engine' | 'read_only'>;

/** Reads the orders of a tenant, each time in a transaction that cannot write. */
export class Orders {
  readonly #database: TenantDatabase;
  readonly #privacy: Privacy;
  readonly #cursors: CursorSigner;
  readonly #deployment: Deployment;
  readonly #most: number;

  /** @param most - Entries on a page, whatever a call asks for */
  constructor(database: TenantDatabase, privacy: Privacy, cursors: CursorSigner, deployment: Deployment, most = 50) {
    this.#most = most;
    this.#deployment = deployment;
    this.#privacy = privacy;
    this.#database = database;
    this.#cursors = cursors;
  }

  search(page: PageRequest, format: ResponseFormat, signal: AbortSignal): Promise<OrderPage> {
    const reader = { cursors: this.#cursors, privacy: this.#privacy, tenant: this.#database.tenant };
    const capped = { ...page, limit: Math.min(page.limit, this.#most) };
    return this.#database.read((db) => searchOrders(db, reader, capped, format, signal));
  }

  /** One order; `undefined` when there is none. */
  find(id: number, format: ResponseFormat, signal: AbortSignal): Promise<OrderDetails | undefined> {
    return this.#database.read((db) => readOrder(db, id, format, this.#privacy, signal));
  }

  /** Asks for one group more than are wanted to know whether there are more. */
  async summarize(request: SummaryRequest, top: number, signal: AbortSignal): Promise<OrderSums> {
    const limit = Math.min(top, this.#most);
    const groups = await this.#database.read((db) => summarizeOrders(db, request, limit + 1, this.#privacy, signal));
    return { group_by: request.group_by, groups: groups.slice(0, limit), has_more: groups.length > limit };
  }

  /** Looks at the database as every reading does. */
  async health(signal: AbortSignal): Promise<Health> {
    const { tenant } = this.#database;
    const found = await this.#database.read((db) => databaseHealth(db, signal));
    return { ...found, ...this.#deployment, tenant, personal_data: this.#privacy.mode };
  }

  /** Numbers of orders that begin with some digits, largest first; of the newest orders for no digits. */
  async idsBeginning(digits: string, limit: number, signal: AbortSignal): Promise<string[]> {
    // 10 stands for 10, 100 to 109, 1000 to 1099 and so on: ranges, by which the primary key can be read.
    const first = Number(digits);
    const widths = Array.from({ length: 16 - digits.length }, (_, zeros) => 10 ** zeros);
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('orders')
        .select('id')
        .$if(digits !== '', (query) =>
          query.where((where) =>
            where.or(widths.map((width) => where.between('id', first * width, (first + 1) * width - 1))),
          ),
        )
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(cancelledBy(signal)),
    );
    return rows.map(({ id }) => formatOrderId(id));
  }
}
