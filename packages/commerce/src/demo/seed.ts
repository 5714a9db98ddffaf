import { type Insertable, type Kysely, sql } from 'kysely';
import type { OrderStatus } from '../order-status.ts';
import type { CommerceSchema, CustomerTable } from '../schema.ts';
import { catalogue } from './catalogue.ts';
import { DemoFactory } from './customers.ts';
import { type OrderPlan, type OrderRows, orderRows, type StockedProduct } from './orders.ts';
import { stories } from './stories.ts';

const CUSTOMERS = 1_000;
const FIRST_CUSTOMER = 1_001;
const FIRST_ORDER = 10_001;
const TODAY = new Date('2026-11-01T00:00:00Z');

/** How long each status takes in a story, in hours after the one before. */
const hours: Readonly<Record<OrderStatus, number>> = {
  pending: 0,
  paid: 2,
  shipped: 22,
  delivered: 72,
  returned: 168,
  cancelled: 5,
  refunded: 48,
};

/**
 * Fills an empty, migrated database with the demo data: 1,000 customers, 90 products and some 2,500 orders, the same
 * rows with the same keys every time and on every engine. It begins with the customers of `stories.ts`.
 */
export async function seed(db: Kysely<CommerceSchema>): Promise<void> {
  const products = catalogue.map((product, index) => ({ ...product, id: index + 1 }));
  const { customers, orders } = demoRows(products);
  await db.transaction().execute(async (transaction) => {
    await sql`select set_config('app.tenant_id', 'main', true)`.execute(transaction);
    await insertAll(products, (rows) => transaction.insertInto('products').values(rows).execute());
    await insertAll(customers, (rows) => transaction.insertInto('customers').values(rows).execute());
    await insertAll(
      orders.map(({ order }) => order),
      (rows) => transaction.insertInto('orders').values(rows).execute(),
    );
    await insertAll(
      orders.flatMap(({ items }) => items),
      (rows) => transaction.insertInto('order_items').values(rows).execute(),
    );
    await insertAll(
      orders.flatMap(({ events }) => events),
      (rows) => transaction.insertInto('order_events').values(rows).execute(),
    );
    for (const table of ['products', 'customers', 'orders'] as const) {
      await sql`select setval(pg_get_serial_sequence(${table}, 'id'), max(id)) from ${sql.table(table)}`.execute(
        transaction,
      );
    }
  });
}

function demoRows(products: readonly (StockedProduct & { readonly currency: string })[]): {
  customers: Insertable<CustomerTable>[];
  orders: OrderRows[];
} {
  const factory = new DemoFactory(TODAY);
  const bySku = new Map(products.map((product) => [product.sku, product]));
  const customers: Insertable<CustomerTable>[] = [];
  const orders: OrderRows[] = [];
  const add = (plan: Omit<OrderPlan, 'id'>): void => {
    orders.push(orderRows({ ...plan, id: FIRST_ORDER + orders.length }));
  };

  for (const { orders: told, notes = null, ...story } of stories) {
    const id = FIRST_CUSTOMER + customers.length;
    const created = new Date('2025-01-15T12:00:00Z');
    customers.push({ id, ...story, notes, created_at: created, updated_at: created });
    for (const { placed, currency, lines, life } of told) {
      add({
        customer: id,
        currency,
        placed: new Date(placed),
        lines: lines.map(([sku, quantity]) => ({ product: found(bySku.get(`${sku}-${currency}`)), quantity })),
        life: life.map((status) => ({ status, hours: hours[status] })),
      });
    }
  }
  while (customers.length < CUSTOMERS) {
    const id = FIRST_CUSTOMER + customers.length;
    customers.push(factory.customer(id));
    const currency = factory.currency();
    const sold = products.filter((product) => product.currency === currency);
    for (let count = factory.orderCount(); count > 0; count -= 1) add(factory.order(id, currency, sold));
  }
  return { customers, orders };
}

function found(product: StockedProduct | undefined): StockedProduct {
  if (!product) throw new Error('A story orders a product that the catalogue does not have.');
  return product;
}

/** Postgres takes at most 65,535 parameters in a statement. */
async function insertAll<Row>(rows: readonly Row[], insert: (rows: Row[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < rows.length; start += 1_000) await insert(rows.slice(start, start + 1_000));
}
