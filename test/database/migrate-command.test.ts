// `customer-db migrate`, as an operator types it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';

import { CursorSigner, Privacy, tenantDatabase } from '@mortise/commerce';
import { Customers } from '@mortise/customer-db';

import { command, type Outcome } from './fixtures/command.ts';
import { catalogue } from './fixtures/fingerprint.ts';
import { openTestDatabase } from './open-test-database.ts';

const embedded = process.env['TEST_DATABASE'] === 'embedded';

function migrate(args: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> {
  return command('customer-db', ['migrate', ...args], environment);
}

function refusal(stderr: string): Outcome {
  return { code: 1, stdout: '', stderr: `customer-db: ${stderr}\n` };
}

describe.skipIf(embedded)('migrating a Postgres', () => {
  test('makes the tables once, and the server can read them', async () => {
    await using server = await openTestDatabase();
    const database = server.open();
    const { db } = database;
    await sql`drop schema public cascade`.execute(db);
    await sql`create schema public`.execute(db);
    const url = server.url ?? '';
    expect(await migrate(['--database-url', url])).toEqual({
      code: 0,
      stdout: 'Applied 0001-commerce, 0002-orders, 0003-tenancy, 0004-search, 0005-notes, 0006-spellings.\n',
      stderr: '',
    });
    expect(await migrate([], { DATABASE_URL: url })).toEqual({
      code: 0,
      stdout: 'The database is up to date.\n',
      stderr: '',
    });
    const found = await new Customers(tenantDatabase(database, 'main'), new Privacy('full'), new CursorSigner()).search(
      { text: 'acme', limit: 10 },
      new AbortController().signal,
    );
    expect(found).toEqual({ customers: [], has_more: false, next_cursor: null });
  });

  test.each(['customers (name text)', 'parcels (id int primary key)'])(
    'changes nothing in a database that is somebody else’s: %s',
    async (table) => {
      await using server = await openTestDatabase();
      const { db } = server.open();
      await sql`drop schema public cascade`.execute(db);
      await sql`create schema public`.execute(db);
      await sql.raw(`create table ${table}`).execute(db);
      const before = await catalogue(db);
      expect(await migrate(['--database-url', server.url ?? ''])).toEqual(
        refusal(
          'The database holds tables that this server did not make. Nothing was changed. Give it an empty database of its own, or an empty schema: postgres://…?options=-csearch_path%3Dname.',
        ),
      );
      expect(await catalogue(db)).toEqual(before);
    },
  );

  test('makes a schema of its own beside what is somebody else’s', async () => {
    await using server = await openTestDatabase();
    const { db } = server.open();
    await sql`drop schema public cascade`.execute(db);
    await sql`create schema public`.execute(db);
    await sql`create table parcels (id int primary key)`.execute(db);
    await sql`create schema shop`.execute(db);
    const url = `${server.url}?options=-csearch_path%3Dshop`;
    expect(await migrate(['--database-url', url])).toMatchObject({ code: 0, stderr: '' });
    const { rows } = await sql`
      select count(*) filter (where schemaname = 'shop') > 8 as ours, count(*) filter (where schemaname = 'public') as theirs
      from pg_tables`.execute(db);
    expect(rows).toEqual([{ ours: true, theirs: 1 }]);
    const asked = await command('customer-db', ['check', '--allow-superuser', '--database-url', url]);
    expect(asked).toMatchObject({ code: 0, stdout: expect.stringMatching(/All is well\.\n$/) });
  });

  test('with a wrong password says so without repeating it', async () => {
    await using server = await openTestDatabase();
    const url = new URL(server.url ?? '');
    url.password = 's3cret';
    const { code, stderr } = await migrate(['--database-url', url.href]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^customer-db: The database refused the user name or the password\. .*\n$/);
    expect(stderr).not.toContain('s3cret');
  });
});

describe.runIf(embedded)('migrating', () => {
  test('a data directory makes it', async () => {
    const base = await mkdtemp(join(tmpdir(), 'mortise-migrate-'));
    const outcome = await migrate(['--data-dir', join(base, 'shop')]);
    expect(outcome).toEqual({ code: 0, stdout: 'The database is up to date.\n', stderr: '' });
    await rm(base, { recursive: true });
  });

  test('nothing is refused', async () => {
    expect(await migrate([])).toEqual(
      refusal('migrate needs --database-url (or DATABASE_URL) or --data-dir: the database to migrate.'),
    );
  });

  test('two databases at once is refused', async () => {
    expect(await migrate(['--data-dir', 'shop'], { DATABASE_URL: 'postgres://localhost/shop' })).toEqual(
      refusal('Give --data-dir or a Postgres by --database-url (or the variable DATABASE_URL), not both.'),
    );
  });

  test('something that is no Postgres URL is refused without repeating it', async () => {
    expect(await migrate(['--database-url', 'mysql://root:s3cret@localhost'])).toEqual(
      refusal('--database-url (or DATABASE_URL) has to begin with postgres:// or postgresql://.'),
    );
  });
});
