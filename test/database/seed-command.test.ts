// `seed --demo`, as an operator types it.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { migrate, type CommerceSchema } from '@mortise/commerce';
import type { Database } from '@mortise/database';

import { command, type Outcome } from './fixtures/command.ts';
import { catalogue, fingerprint } from './fixtures/fingerprint.ts';
import { createLogin } from './fixtures/login.ts';
import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';

function refusal(stderr: string): Outcome {
  return { code: 1, stdout: '', stderr: `orders: ${stderr}\n` };
}

const added = 'Added 1000 customers, 90 products and 2661 orders to the tenant';

async function empty({ db }: Database<CommerceSchema>): Promise<void> {
  await sql`drop schema public cascade`.execute(db);
  await sql`create schema public`.execute(db);
}

describe.skipIf(process.env['TEST_DATABASE'] === 'embedded')('seeding a Postgres', () => {
  let demo: Record<string, string>;
  let server: OpenTestDatabase;
  let database: Database<CommerceSchema>;
  let url: string;

  beforeAll(async () => {
    server = await openTestDatabase();
    database = server.open();
    url = server.url ?? '';
    demo = await fingerprint(database.db);
    await empty(database);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test('asks for --demo and for tables, and changes nothing before', async () => {
    const before = await catalogue(database.db);
    expect(await command('orders', ['seed'], { DATABASE_URL: url })).toEqual(
      refusal('seed needs --demo: the demo data are all that it has.'),
    );
    const unmigrated = await command('orders', ['seed', '--demo'], { DATABASE_URL: url });
    expect(unmigrated).toMatchObject({ code: 1, stderr: expect.stringContaining('run `orders migrate`') });
    expect(await catalogue(database.db)).toEqual(before);
  });

  test('adds the demo data once, however often and by how many it is typed', async () => {
    await migrate(database.db);
    const outcomes = await Promise.all([1, 2].map(() => command('orders', ['seed', '--demo', '--database-url', url])));
    expect(outcomes).toContainEqual({ code: 0, stdout: `${added} main.\n`, stderr: '' });
    expect(outcomes).toContainEqual(
      refusal(
        'The database has customers, products or orders already. Nothing was changed. The demo data go into a database without any: make a new one, run migrate on it, then seed.',
      ),
    );
    expect(await fingerprint(database.db)).toEqual(demo);
    const { rows } = await sql`select nextval('orders_id_seq') > (select max(id) from orders) as free`.execute(
      database.db,
    );
    expect(rows).toEqual([{ free: true }]);
  });

  test('does not add to what is somebody’s, also where the login does not see it', async () => {
    await using login = await createLogin(database.db, url, 'in role mcp_app');
    const refused = await command('orders', ['seed', '--demo'], { DATABASE_URL: login.url });
    expect(refused).toEqual(
      refusal('This login may not fill the tables. Nothing was changed; use the one that ran migrate.'),
    );
    await sql`truncate products, customers, orders cascade`.execute(database.db);
    await sql`insert into tenants values ('acme')`.execute(database.db);
    await sql`insert into products (tenant_id, sku, name, price_minor, currency) values ('acme', 'A', 'a', 1, 'USD')`.execute(
      database.db,
    );
    const taken = await command('orders', ['seed', '--demo'], { DATABASE_URL: url });
    expect(taken).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has customers, products or orders already'),
    });
    const { rows } =
      await sql`select (select count(*) from products) as products, (select count(*) from customers) as customers`.execute(
        database.db,
      );
    expect(rows).toEqual([{ products: 1, customers: 0 }]);
  });

  test('adds to the tenant that is named, also as a login that may make no roles', async () => {
    await using own = await openTestDatabase();
    const admin = own.open();
    await empty(admin);
    const login = await createLogin(admin.db, own.url ?? '');
    await sql.raw(`grant usage, create on schema public to ${login.name}`).execute(admin.db);
    const environment = { DATABASE_URL: login.url, TENANT_ID: 'acme' };
    expect(await command('orders', ['migrate'], environment)).toMatchObject({ code: 0 });
    expect(await command('orders', ['seed', '--demo'], environment)).toEqual({
      code: 0,
      stdout: `${added} acme.\n`,
      stderr: '',
    });
    const { rows } = await sql`
      select distinct tenant_id, (select relforcerowsecurity from pg_class where relname = 'orders') as forced
      from order_events`.execute(admin.db);
    expect(rows).toEqual([{ tenant_id: 'acme', forced: true }]);
    await login[Symbol.asyncDispose]();
  });
});

describe.runIf(process.env['TEST_DATABASE'] === 'embedded')('seeding', () => {
  test.each([[[]], [['--data-dir', '/no/such/directory']]])('the embedded database is not needed: %j', async (args) => {
    expect(await command('orders', ['seed', '--demo', ...args])).toEqual(
      refusal('seed needs --database-url (or DATABASE_URL); the embedded database has the demo data already.'),
    );
  });
});
