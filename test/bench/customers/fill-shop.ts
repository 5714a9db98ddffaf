import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

import { Dice, shopCustomer } from './shop.ts';

type Row = readonly (string | number | null)[];

const PRODUCTS = 90;
const FIRST_ORDER = 10_001;
const NOW = Date.UTC(2026, 10, 1);
const YEAR = 365 * 86_400_000;
const statuses = ['pending', 'paid', 'shipped', ...Array<string>(20).fill('delivered'), 'cancelled'];
const filled = ['customers', 'products', 'orders', 'order_items'];

/**
 * Fills a migrated, empty database with customers, on average 2.4 orders for each and 2 lines for each order: the same
 * rows every time. Indexes and references are made after the rows, which takes a third of the time.
 */
export async function fillShop(url: string, customers: number): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`set maintenance_work_mem = '512MB'`);
    const rebuild = await dropSecondary(client);
    await copy(client, 'products (id, tenant_id, sku, name, price_minor, currency)', products());
    await copy(
      client,
      'customers (id, tenant_id, name, email, company, phone, segment, created_at)',
      customerRows(customers),
    );
    await copy(
      client,
      'orders (id, tenant_id, customer_id, status, currency, subtotal_minor, tax_minor, total_minor, placed_at)',
      orderRows(customers),
    );
    await copy(
      client,
      'order_items (order_id, tenant_id, line_no, product_id, sku, name, unit_price_minor, quantity)',
      itemRows(customers),
    );
    for (const statement of rebuild) await client.query(statement);
    for (const table of ['customers', 'products', 'orders']) {
      await client.query(`select setval(pg_get_serial_sequence('${table}', 'id'), max(id)) from ${table}`);
    }
    await client.query(`vacuum analyze ${filled.join(', ')}`);
  } finally {
    await client.end();
  }
}

/** Takes away the references and the indexes that no key needs; gives the statements that make them again. */
async function dropSecondary(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ away: string; again: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as away,
       format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as again
     from pg_constraint where contype = 'f' and conrelid = any($1::regclass[])
     union all
     select format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
     from pg_index where indrelid = any($1::regclass[]) and not indisunique`,
    [filled],
  );
  for (const { away } of rows) await client.query(away);
  return rows.map(({ again }) => again).toReversed();
}

async function copy(client: Client, into: string, rows: Iterable<Row>): Promise<void> {
  await pipeline(Readable.from(chunks(rows)), client.query(copyFrom(`copy ${into} from stdin`)));
}

/** No value holds a tabulator, a line end or a backslash. */
function* chunks(rows: Iterable<Row>): Generator<string> {
  let lines: string[] = [];
  for (const row of rows) {
    lines.push(`${row.map((value) => value ?? '\\N').join('\t')}\n`);
    if (lines.length < 1_000) continue;
    yield lines.join('');
    lines = [];
  }
  yield lines.join('');
}

function price(product: number): number {
  return 490 + 613 * product;
}

function* products(): Generator<Row> {
  for (let id = 1; id <= PRODUCTS; id += 1) {
    yield [id, 'main', `SKU-${id}`, `Product ${id}`, price(id), 'USD'];
  }
}

function* customerRows(customers: number): Generator<Row> {
  for (let place = 0; place < customers; place += 1) {
    const { id, name, email, company } = shopCustomer(place);
    const dice = new Dice(-id);
    const phone = `+1 212-555-01${String(dice.below(100)).padStart(2, '0')}`;
    const created = new Date(NOW - 4 * YEAR * dice.share()).toISOString();
    yield [id, 'main', name, email, company, phone, company === null ? 'consumer' : 'enterprise', created];
  }
}

interface Order {
  readonly id: number;
  readonly customer: number;
  readonly lines: readonly { readonly product: number; readonly quantity: number }[];
  /** For what else the order needs. */
  readonly dice: Dice;
}

function* orders(customers: number): Generator<Order> {
  let id = FIRST_ORDER;
  for (let place = 0; place < customers; place += 1) {
    const customer = shopCustomer(place);
    for (let count = customer.orders; count > 0; count -= 1) {
      const dice = new Dice(id);
      const lines = Array.from({ length: 1 + dice.below(3) }, () => ({
        product: 1 + dice.below(PRODUCTS),
        quantity: 1 + dice.below(5),
      }));
      yield { id, customer: customer.id, lines, dice };
      id += 1;
    }
  }
}

function* orderRows(customers: number): Generator<Row> {
  for (const { id, customer, lines, dice } of orders(customers)) {
    const subtotal = lines.reduce((sum, { product, quantity }) => sum + price(product) * quantity, 0);
    const tax = Math.round(subtotal * 0.08);
    const placed = new Date(NOW - 2 * YEAR * dice.share()).toISOString();
    yield [id, 'main', customer, dice.of(statuses), 'USD', subtotal, tax, subtotal + tax, placed];
  }
}

function* itemRows(customers: number): Generator<Row> {
  for (const { id, lines } of orders(customers)) {
    for (const [index, { product, quantity }] of lines.entries()) {
      yield [id, 'main', index + 1, product, `SKU-${product}`, `Product ${product}`, price(product), quantity];
    }
  }
}
