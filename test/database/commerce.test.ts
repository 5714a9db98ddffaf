// The schema and the demo data, on the engine of this run.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { migrate, orderStatuses, schemaVersion, transitions, type CommerceSchema } from '@mortise/commerce';
import { seed } from '@mortise/commerce/demo';
import type { Database } from '@mortise/database';

import { goBackToFirst } from './fixtures/earlier-schema.ts';
import { fingerprint } from './fixtures/fingerprint.ts';
import { addTenant } from './fixtures/second-tenant.ts';
import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';

let server: OpenTestDatabase;
let database: Database<CommerceSchema>;

beforeAll(async () => {
  server = await openTestDatabase();
  database = server.open();
});
afterAll(() => server[Symbol.asyncDispose]());

describe('migrations', () => {
  test('have nothing to do the second time', async () => {
    expect(await migrate(database.db)).toEqual({ applied: [], roles: true });
  });

  test('run on an empty database, once, however many come', async (context) => {
    context.skip(server.url === undefined, 'every handle of the embedded engine has a database of its own');
    await using own = await openTestDatabase();
    const admin = own.open();
    await sql`drop schema public cascade`.execute(admin.db);
    await sql`create schema public`.execute(admin.db);
    const applied = await Promise.all([1, 2, 3].map(() => migrate(own.open({ lockTimeout: 0 }).db)));
    expect(applied.flatMap((each) => each.applied)).toEqual([
      '0001-commerce',
      '0002-orders',
      '0003-tenancy',
      '0004-search',
      '0005-notes',
      schemaVersion,
    ]);
  });

  test('bring a database full of orders up to date, with what their events gave back', async () => {
    await using own = await openTestDatabase();
    const earlier = own.open();
    await addTenant(earlier.db, 'other');
    const before = await fingerprint(earlier.db);
    await goBackToFirst(earlier.db);
    expect(await migrate(earlier.db)).toEqual({
      applied: ['0002-orders', '0003-tenancy', '0004-search', '0005-notes', schemaVersion],
      roles: true,
    });
    expect(await fingerprint(earlier.db)).toEqual(before);
  });

  test('change nothing where somebody else has tables', async (context) => {
    context.skip(server.url === undefined, 'every handle of the embedded engine has a database of its own');
    await using own = await openTestDatabase();
    const { db } = own.open();
    await sql`drop schema public cascade`.execute(db);
    await sql`create schema public`.execute(db);
    await sql`create table orders (mine text)`.execute(db);
    await expect(migrate(db)).rejects.toMatchObject({ code: 'DATABASE_TAKEN' });
    const { rows } = await sql<{ name: string }>`
      select tablename as name from pg_tables where schemaname = 'public' order by 1`.execute(db);
    expect(rows).toEqual([{ name: 'orders' }]);
  });

  test('do without the extensions', async (context) => {
    context.skip(server.url === undefined, 'every handle of the embedded engine has a database of its own');
    await using own = await openTestDatabase();
    const admin = own.open().db;
    const { rows: may } = await sql`select 1 from pg_roles where rolname = current_user and rolcreaterole`.execute(
      admin,
    );
    context.skip(may.length === 0, 'the user of this server may not create roles');
    const role = `plain_${Date.now()}`;
    await sql`drop schema public cascade`.execute(admin);
    await sql`create schema public`.execute(admin);
    await sql.raw(`create role ${role} login password 'plain'`).execute(admin);
    await sql.raw(`grant usage, create on schema public to ${role}`).execute(admin);
    const url = new URL(own.url ?? '');
    url.username = role;
    url.password = 'plain';
    const plain = own.open({ url: url.href });
    try {
      expect(await migrate(plain.db)).toEqual({
        applied: ['0001-commerce', '0002-orders', '0003-tenancy', '0004-search', '0005-notes', schemaVersion],
        roles: false,
      });
      const { rows } = await sql<{ norm: string; extensions: number }>`
        select norm('Zoë') as norm, (select count(*) from pg_extension where extname in ('pg_trgm', 'unaccent')) as extensions`.execute(
        plain.db,
      );
      expect(rows[0]).toEqual({ norm: 'zoë', extensions: 0 });
    } finally {
      await plain[Symbol.asyncDispose]();
      await sql.raw(`drop owned by ${role}`).execute(admin);
      await sql.raw(`drop role ${role}`).execute(admin);
    }
  });
});

describe('the schema', () => {
  test.each([
    ['a status that does not exist', sql`update orders set status = 'lost' where id = 10001`],
    ['a total that is not the sum', sql`update orders set total_minor = total_minor + 1 where id = 10001`],
    ['a refund above the total', sql`update orders set refunded_minor = total_minor + 1 where id = 10001`],
    ['a currency in small letters', sql`update orders set currency = 'usd' where id = 10001`],
    ['a price beyond what a number holds', sql`update products set price_minor = 9007199254740992 where id = 1`],
    ['no pieces', sql`update order_items set quantity = 0 where order_id = 10001`],
    ['an empty name', sql`update customers set name = '' where id = 1001`],
  ])('refuses %s', async (_, statement) => {
    await expect(statement.execute(database.db)).rejects.toMatchObject({ code: '23514' });
  });

  test('knows the statuses of the state machine and no other', async () => {
    const { rows } = await sql<{ definition: string }>`
      select pg_get_constraintdef(oid) as definition from pg_constraint where conname = 'orders_status_check'`.execute(
      database.db,
    );
    const known = [...(rows[0]?.definition ?? '').matchAll(/'(\w+)'/g)].map(([, status]) => status);
    expect(new Set(known)).toEqual(new Set(orderStatuses));
  });

  test('lets an order change only as the state machine does, whoever writes', async () => {
    const { db } = database;
    const taken: string[] = [];
    for (const from of orderStatuses) {
      for (const to of orderStatuses.filter((status) => status !== from)) {
        const outcome = await db
          .transaction()
          .execute(async (transaction) => {
            await sql`insert into orders (tenant_id, id, customer_id, status, currency, subtotal_minor, tax_minor, total_minor, placed_at)
              values ('main', 1, 1001, ${from}, 'USD', 100, 0, 100, now())`.execute(transaction);
            const back = to === 'refunded' || (from === 'paid' && to === 'cancelled') ? 100 : 0;
            await sql`update orders set status = ${to}, version = version + 1, refunded_minor = ${back} where id = 1`.execute(
              transaction,
            );
            throw new Error('taken');
          })
          .catch((error: Error & { code?: string; constraint?: string }) => error);
        if (outcome.message === 'taken') taken.push(`${from} > ${to}`);
        else expect(outcome).toMatchObject({ code: '23514', constraint: 'orders_change_transition' });
      }
    }
    const known = orderStatuses.flatMap((from) => transitions[from].map((to) => `${from} > ${to}`));
    expect(taken.toSorted()).toEqual(known.toSorted());
  });

  test.each([
    ['the version left as it was', `status = 'cancelled'`, 'version'],
    ['a version skipped', `version = version + 2`, 'version'],
    ['another customer', `customer_id = 1002, version = version + 1`, 'fixed'],
    ['another amount', `subtotal_minor = 1, total_minor = 1 + tax_minor, version = version + 1`, 'fixed'],
    ['a refund of what nobody paid', `refunded_minor = 1, version = version + 1`, 'refund'],
  ])('refuses %s', async (_, change, constraint) => {
    await expect(sql.raw(`update orders set ${change} where id = 10001`).execute(database.db)).rejects.toMatchObject({
      code: '23514',
      constraint: `orders_change_${constraint}`,
    });
  });

  test.each(['update order_events set actor = $$nobody$$', 'delete from order_events'])(
    'keeps what happened: %s',
    async (statement) => {
      await expect(sql.raw(`${statement} where order_id = 10001`).execute(database.db)).rejects.toMatchObject({
        code: '23514',
        constraint: 'order_events_append_only',
      });
    },
  );

  test.each([
    ['Straße', 'STRASSE'],
    ['Zoe\u0308', 'ZOË'],
    ['Søren', 'soren'],
    ['Łukasz', 'lukasz'],
    ['ﬁnance', 'FINANCE'],
    ['ΟΔΟΣ', 'οδος'],
    ['Ольга', 'ОЛЬГА'],
    ['İpek', 'ipek'],
  ])('compares %s like %s', async (one, other) => {
    const { rows } = await sql<{ equal: boolean }>`select norm(${one}) = norm(${other}) as equal`.execute(database.db);
    expect(rows[0]?.equal).toBe(true);
  });
});

describe('the demo data', () => {
  test('is the same on every engine and in every run', async () => {
    expect(await fingerprint(server.open().db)).toMatchInlineSnapshot(`
      {
        "customers": "afdb193c073781e2365948a667000024",
        "order_events": "d981c153ca3834d25efa77b8bb1cadd2",
        "order_items": "49e608a7cf9e52908b563056ff8df5e2",
        "orders": "6b86a462e4e52fddec0479409a4c1103",
        "products": "85709b0c95a276d6317cebf17dfd96e6",
      }
    `);
  });

  test('is the same when it is made again', async (context) => {
    context.skip(server.url === undefined, 'the template of the embedded engine was made by the build');
    await using own = await openTestDatabase();
    const again = own.open();
    await sql`truncate products, customers, orders, order_items, order_events restart identity cascade`.execute(
      again.db,
    );
    await seed(again.db);
    expect(await fingerprint(again.db)).toEqual(await fingerprint(server.open().db));
  });

  test('leaves the next key free', async () => {
    const { rows } = await sql<{ customer: number; order: number }>`
      select nextval('customers_id_seq') as customer, nextval('orders_id_seq') as order`.execute(server.open().db);
    expect(rows[0]).toEqual({ customer: 2001, order: 12_662 });
  });

  test('can reach nobody', async () => {
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from customers
      where email !~ '@([a-z0-9-]+\\.)*example(\\.(com|net|org))?$' or phone !~ '-555-01[0-9]{2}$'`.execute(
      database.db,
    );
    expect(rows[0]?.n).toBe(0);
  });

  test('has orders whose sums, events and versions agree', async () => {
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from orders o
      where subtotal_minor <> (select sum(unit_price_minor * quantity) from order_items where order_id = o.id)
        or refunded_minor <> (select sum(refunded_minor) from order_events where order_id = o.id)
        or version <> (select count(*) from order_events where order_id = o.id)
        or status <> (select to_status from order_events where order_id = o.id order by id desc limit 1)
        or placed_at <> (select at from order_events where order_id = o.id order by id limit 1)
        or updated_at <> (select max(at) from order_events where order_id = o.id)`.execute(database.db);
    expect(rows[0]?.n).toBe(0);
  });

  test('takes every step that an order can take', async () => {
    const steps = await database.db
      .selectFrom('order_events')
      .select(['from_status', 'to_status'])
      .distinct()
      .where('from_status', 'is not', null)
      .execute();
    expect(steps.length).toBe(10);
  });
});
