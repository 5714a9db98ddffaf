import { type Database, DatabaseProblem } from '@mortise/database';
import { type Kysely, sql, type Transaction } from 'kysely';

import { type ConnectionValues, openCommerce } from '../command-line.ts';
import type { CommerceSchema } from '../schema.ts';
import { tenantName } from '../tenancy.ts';
import { explained, unlimited } from './by-hand.ts';

/** What the demo data consists of, in the order of their references. */
const tables = ['products', 'customers', 'orders', 'order_items', 'order_events'] as const;

type Table = (typeof tables)[number];

/**
 * Puts the demo data into the database that the operator named: the same rows that the embedded database comes with.
 * It goes into a database without customers, products and orders, or not at all.
 * @param tenant - Whose data it will be
 * @returns What was done, in one line
 * @throws Error with one line for the operator
 */
export async function seedCommerce(
  values: ConnectionValues & { readonly tenant: string | undefined },
  isDemo: boolean,
  applicationName: string,
): Promise<string> {
  if (!isDemo) throw new Error('seed needs --demo: the demo data are all that it has.');
  if (values['database-url'] === undefined) {
    throw new Error('seed needs --database-url (or DATABASE_URL); the embedded database has the demo data already.');
  }
  const tenant = tenantName(values.tenant);
  const target = openCommerce(values, { applicationName, ...unlimited, access: undefined });
  const noDatabase = { ...values, 'database-url': undefined, 'data-dir': undefined };
  const source = openCommerce(noDatabase, { applicationName });
  try {
    const rows = await target.db.transaction().execute((transaction) => fill(transaction, source, tenant));
    return `Added ${rows.customers} customers, ${rows.products} products and ${rows.orders} orders to the tenant ${tenant}.`;
  } catch (error) {
    throw new Error(explain(error), { cause: error });
  } finally {
    await source[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
  }
}

/** @returns How many rows of each table there are now */
async function fill(
  transaction: Transaction<CommerceSchema>,
  source: Database<CommerceSchema>,
  tenant: string,
): Promise<Record<Table, number>> {
  // Nobody may add a row between the look and the first of ours.
  await sql`lock table products, customers, orders in share row exclusive mode`.execute(transaction);
  await sql`select set_config('app.tenant_id', ${tenant}, true)`.execute(transaction);
  if (await isTaken(transaction)) throw taken();
  await sql`insert into tenants values (${tenant}) on conflict do nothing`.execute(transaction);
  const counts: Partial<Record<Table, number>> = {};
  for (const table of tables) counts[table] = await copy(source.db, transaction, table);
  for (const table of ['products', 'customers', 'orders', 'order_events']) {
    await sql`select setval(pg_get_serial_sequence(${table}, 'id'), max(id)) from ${sql.table(table)}`.execute(
      transaction,
    );
  }
  await sql`analyze products, customers, orders, order_items, order_events`.execute(transaction);
  return counts as Record<Table, number>;
}

/** Whether any tenant has a row: who may not see them all is refused. */
async function isTaken(transaction: Transaction<CommerceSchema>): Promise<boolean> {
  const { rows: forced } = await sql<{ name: string }>`
    select relname as name from pg_class where relforcerowsecurity and relnamespace = current_schema()::regnamespace
      and relname in ('products', 'customers', 'orders')`.execute(transaction);
  const force = async (words: string): Promise<void> => {
    for (const { name } of forced) {
      await sql`alter table ${sql.table(name)} ${sql.raw(words)} row level security`.execute(transaction);
    }
  };
  await force('no force');
  await sql`set local row_security = off`.execute(transaction);
  const { rows } = await sql<{ taken: boolean }>`select exists (select from products)
    or exists (select from customers) or exists (select from orders) as taken`.execute(transaction);
  await sql`set local row_security = on`.execute(transaction);
  await force('force');
  return rows[0]?.taken === true;
}

/**
 * Copies all rows of a table, except what the other database says by itself: whose they are, and generated columns. As
 * JSON, which Postgres writes and reads itself: exact to the last digit.
 */
async function copy(from: Kysely<CommerceSchema>, to: Transaction<CommerceSchema>, table: Table): Promise<number> {
  const { rows } = await sql<{ name: string }>`
    select quote_ident(attname) as name from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped and attgenerated = ''
      and attname <> 'tenant_id' order by attnum`.execute(from);
  const columns = sql.raw(rows.map(({ name }) => name).join(', '));
  const { rows: found } = await sql<{ all: string }>`
    select json_agg(row)::text as all from (select ${columns} from ${sql.table(table)}) as row`.execute(from);
  const { numAffectedRows } = await sql`
    insert into ${sql.table(table)} (${columns})
    select ${columns} from json_populate_recordset(null::${sql.table(table)}, ${found[0]?.all}::json)`.execute(to);
  return Number(numAffectedRows);
}

function taken(): DatabaseProblem {
  return new DatabaseProblem({
    code: 'DATABASE_TAKEN',
    message: 'The database has customers, products or orders already. Nothing was changed.',
    hint: 'The demo data go into a database without any: make a new one, run migrate on it, then seed.',
    retryable: false,
  });
}

/** SQLSTATE of a login that may not write, and of one that policies keep from seeing all rows. */
const INSUFFICIENT_PRIVILEGE = '42501';

function explain(error: unknown): string {
  if ((error as { code?: unknown }).code === INSUFFICIENT_PRIVILEGE) {
    return 'This login may not fill the tables. Nothing was changed; use the one that ran migrate.';
  }
  return explained(error, 'The demo data could not be added. Nothing was changed.');
}
