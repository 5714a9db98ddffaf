import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Whose data the transaction works on; `null` where nobody said, which no row equals. */
const TENANT = `nullif(current_setting('app.tenant_id', true), '')`;

/** Every table whose rows belong to a tenant. */
const tables = [
  'customers',
  'products',
  'orders',
  'order_items',
  'order_events',
  'idempotency_keys',
  'confirmations',
  'audit_log',
];

const statements = [
  // Lines and events belong to whom their order belongs.
  `alter table order_items add column tenant_id text not null default 'main'`,
  `alter table order_events add column tenant_id text not null default 'main'`,
  `alter table order_events disable trigger order_events_append_only`,
  `update order_items set tenant_id = orders.tenant_id from orders
    where orders.id = order_id and orders.tenant_id <> 'main'`,
  `update order_events set tenant_id = orders.tenant_id from orders
    where orders.id = order_id and orders.tenant_id <> 'main'`,
  `alter table order_events enable trigger order_events_append_only`,

  // A key that names another tenant's row does not exist, also where policies do not look: in foreign keys.
  `alter table customers add constraint customers_tenant_key unique (tenant_id, id)`,
  `alter table products add constraint products_tenant_key unique (tenant_id, id)`,
  `alter table orders add constraint orders_tenant_key unique (tenant_id, id)`,
  `alter table orders drop constraint orders_customer_id_fkey,
    add foreign key (tenant_id, customer_id) references customers (tenant_id, id)`,
  `alter table order_items drop constraint order_items_order_id_fkey, drop constraint order_items_product_id_fkey,
    add foreign key (tenant_id, order_id) references orders (tenant_id, id),
    add foreign key (tenant_id, product_id) references products (tenant_id, id)`,
  `alter table order_events drop constraint order_events_order_id_fkey,
    add foreign key (tenant_id, order_id) references orders (tenant_id, id)`,
  `alter table audit_log drop constraint audit_log_order_id_fkey,
    add foreign key (tenant_id, order_id) references orders (tenant_id, id)`,

  // Each list begins with the tenant: a small one does not read past the rows of a large one.
  `drop index customers_name, customers_email, customers_company, orders_customer, orders_status, orders_placed,
    order_items_sku`,
  `create index customers_name on customers (tenant_id, name_n text_pattern_ops, id)`,
  `create index customers_email on customers (tenant_id, email_n text_pattern_ops, id)`,
  `create index customers_company on customers (tenant_id, company_n text_pattern_ops, id)`,
  `create index orders_customer on orders (tenant_id, customer_id, placed_at desc, id desc)`,
  `create index orders_status on orders (tenant_id, status, placed_at desc, id desc)`,
  `create index orders_placed on orders (tenant_id, placed_at desc, id desc)`,
  `create index order_items_sku on order_items (tenant_id, sku, order_id)`,

  ...tables.flatMap((table) => [
    `alter table ${table} alter column tenant_id set default ${TENANT}`,
    `alter table ${table} enable row level security`,
    `create policy tenant on ${table} using (tenant_id = ${TENANT})`,
  ]),
  `alter table tenants enable row level security`,
  `create policy tenant on tenants using (id = ${TENANT})`,

  // A token that was used stays, marked: the role that works with it may delete nothing.
  `alter table confirmations add column used_at timestamptz`,
];

async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

/** Keeps tenants apart: whose each row is, keys that stay within a tenant, and policies by the setting `app.tenant_id`. */
export const tenancy: Migration = { up };
