// `customer-db migrate`, as an operator types it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';

import { CursorSigner, Privacy, tenantDatabase } from '@mortise/commerce';
import { Customers } from '@mortise/customer-db';

import { cli } from '../acceptance/customer-db.ts';
import { openTestDatabase } from './open-test-database.ts';

const embedded = process.env['TEST_DATABASE'] === 'embedded';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function migrate(args: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [cli, 'migrate', ...args], { env: environment });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: code as number, stdout, stderr };
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
      stdout: 'Applied 0001-commerce, 0002-orders, 0003-tenancy, 0004-search, 0005-notes.\n',
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

  test('changes nothing in a database that is somebody else’s', async () => {
    await using server = await openTestDatabase();
    const { db } = server.open();
    await sql`drop schema public cascade`.execute(db);
    await sql`create schema public`.execute(db);
    await sql`create table customers (name text)`.execute(db);
    const { code, stderr } = await migrate(['--database-url', server.url ?? '']);
    expect(code).toBe(1);
    expect(stderr).toBe(
      'customer-db: The database has tables of the same names that this server did not make. Nothing was changed; give it a database of its own.\n',
    );
    const { rows } =
      await sql`select column_name from information_schema.columns where table_name = 'customers'`.execute(db);
    expect(rows).toEqual([{ column_name: 'name' }]);
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
