// Two tenants in one database: what the policies, the roles and the keys of the database keep apart, whoever asks.
import { sql, type Transaction } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CursorSigner, Privacy, tenantDatabase, type CommerceSchema, type TenantDatabase } from '@mortise/commerce';
import { Customers } from '@mortise/customer-db';
import { describeDatabaseError, type Database } from '@mortise/database';

import { addTenant, secondTenant } from './fixtures/second-tenant.ts';
import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';

const { signal } = new AbortController();

let server: OpenTestDatabase;
let database: Database<CommerceSchema>;
let main: TenantDatabase;
let other: TenantDatabase;

beforeAll(async () => {
  server = await openTestDatabase();
  database = server.open();
  await addTenant(database.db, 'other');
  main = tenantDatabase(database, 'main');
  other = tenantDatabase(database, 'other');
});
afterAll(() => server[Symbol.asyncDispose]());

const tables = [
  'customers',
  'products',
  'orders',
  'order_items',
  'order_events',
  'customer_notes',
  'idempotency_keys',
  'confirmations',
  'audit_log',
] as const;

function ids(tenant: TenantDatabase): Promise<number[]> {
  return tenant.read(async (db) => (await db.selectFrom('orders').select('id').execute()).map(({ id }) => id));
}

async function names(tenant: TenantDatabase, text: string): Promise<(string | null)[]> {
  const { customers } = await new Customers(tenant, new Privacy('full'), new CursorSigner()).search(
    { text, limit: 50 },
    signal,
  );
  return customers.map(({ name }) => name);
}

/** The code of the error that a change has to end in, as the role that writes. */
async function refusal(
  change: (transaction: Transaction<CommerceSchema>) => Promise<unknown>,
  tenant = main,
): Promise<unknown> {
  return tenant.write(change).then(
    () => 'done',
    (error: { code?: unknown }) => error.code,
  );
}

describe('rows', () => {
  test('of another tenant are not there', async () => {
    expect(await ids(other)).toEqual([secondTenant.order]);
    expect((await ids(main)).length).toBeGreaterThan(2_000);
    expect(await ids(main)).not.toContain(secondTenant.order);
  });

  test('without a tenant are none, in each table', async () => {
    for (const scope of [{}, { 'app.tenant_id': '' }, { 'app.tenant_id': 'nobody' }]) {
      const counts = await database.write(async (transaction) => {
        const found = [];
        for (const table of tables.filter((each) => each !== 'audit_log'))
          found.push((await sql`select from ${sql.table(table)}`.execute(transaction)).rows.length);
        return found;
      }, scope);
      expect(new Set(counts)).toEqual(new Set([0]));
    }
  });

  test.each([secondTenant.email, secondTenant.name, 'quill', 'antongere', 'quil vantongren'])(
    'are found by %j for their tenant only',
    async (text) => {
      expect(await names(other, text)).toEqual([secondTenant.name]);
      expect(await names(main, text)).not.toContain(secondTenant.name);
    },
  );

  test('are as if they were not there for who knows their numbers', async () => {
    const customers = new Customers(main, new Privacy('full'), new CursorSigner());
    expect(await customers.profile({ id: secondTenant.customer }, 5, signal)).toBeUndefined();
    expect(
      await customers.orders(
        { customer: secondTenant.customer, status: undefined, limit: 5, cursor: undefined },
        signal,
      ),
    ).toBeUndefined();
    expect(await customers.idsBeginning('900001', 5, signal)).toEqual([]);
  });

  test('keep their tenant only as long as a transaction', async () => {
    await main.read((db) => db.selectFrom('orders').select('id').limit(1).execute());
    const { rows } = await sql<{ tenant: string; name: string }>`
      select coalesce(current_setting('app.tenant_id', true), '') as tenant, current_user::text as name`.execute(
      database.db,
    );
    expect(rows[0]?.tenant).toBe('');
    expect(rows[0]?.name).not.toMatch(/^mcp_/);
  });
});

describe('the role that writes', () => {
  const order = {
    customer_id: secondTenant.customer,
    currency: 'USD',
    subtotal_minor: 1,
    tax_minor: 0,
    total_minor: 1,
    placed_at: '2026-10-01T00:00:00Z',
  };

  test('cannot write for another tenant', async () => {
    const theirs = refusal((db) =>
      db
        .insertInto('orders')
        .values({ ...order, tenant_id: 'other' })
        .execute(),
    );
    expect(await theirs).toBe('42501');
  });

  test('cannot name a row of another tenant', async () => {
    expect(await refusal((db) => db.insertInto('orders').values(order).execute())).toBe('23503');
    const event = { order_id: secondTenant.order, from_status: null, to_status: 'pending', actor: 'x', reason: null };
    expect(
      await refusal((db) =>
        db
          .insertInto('order_events')
          .values({ ...event, to_status: 'pending' })
          .execute(),
      ),
    ).toBe('23503');
  });

  test('changes nothing of another tenant', async () => {
    const changed = await main.write((db) =>
      db.updateTable('orders').set({ version: 2 }).where('id', '=', secondTenant.order).executeTakeFirst(),
    );
    expect(changed.numUpdatedRows).toBe(0n);
  });

  test.each([
    ...tables.map((table) => `delete from ${table}`),
    `update order_events set actor = 'me'`,
    `update audit_log set principal = 'me'`,
    `update orders set total_minor = 0`,
    `update orders set tenant_id = 'other'`,
    `update customers set name = 'me'`,
    `update products set price_minor = 0`,
    `update idempotency_keys set request_hash = ''`,
    `update confirmations set expires_at = now() + interval '1 year'`,
    `insert into products (sku, name, price_minor, currency) values ('X', 'x', 0, 'USD')`,
    `insert into tenants values ('mine')`,
    `truncate order_events`,
    `drop table orders`,
    `alter table orders disable row level security`,
    `create table mine (id integer)`,
    `set local session_replication_role = replica`,
  ])('may not %s', async (statement) => {
    expect(await refusal((db) => sql.raw(statement).execute(db))).toBe('42501');
  });
});

test('the role that reads sees neither keys nor confirmations nor the audit log, and writes nothing', async () => {
  for (const table of ['idempotency_keys', 'confirmations', 'audit_log', 'tenants'] as const) {
    const read = main.read((db) => db.selectFrom(table).selectAll().execute()).catch((error: unknown) => error);
    expect(describeDatabaseError(await read)).toMatchObject({ code: 'PERMISSION_DENIED' });
  }
  const { rows } = await sql<{ right: string }>`
    select distinct privilege_type as right from information_schema.role_table_grants where grantee = 'mcp_ro'`.execute(
    database.db,
  );
  expect(rows).toEqual([{ right: 'SELECT' }]);
});

test('every table is guarded, and nobody can log in as a role', async () => {
  const { rows } = await sql`
    select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
      and not relrowsecurity and relname not like 'mortise%'`.execute(database.db);
  expect(rows).toEqual([]);
  const roles = await sql`
    select rolname from pg_roles where rolname like 'mcp%' and (rolcanlogin or rolsuper or rolbypassrls)`.execute(
    database.db,
  );
  expect(roles.rows).toEqual([]);
});

test('a beginning is looked up in its index, under the policies', async () => {
  const plan = await database.write(
    async (transaction) => {
      await sql`set local enable_seqscan = off`.execute(transaction);
      const { rows } = await sql<{ 'QUERY PLAN': string }>`
        explain select id from customers where name_n ~>=~ 'dana' and name_n ~<~ 'danb'`.execute(transaction);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    },
    { 'app.tenant_id': 'main' },
  );
  expect(plan).toMatch(/Index Cond: \(\(tenant_id = .*\) AND \(name_n ~>=~ 'dana'::text\)/);
});
