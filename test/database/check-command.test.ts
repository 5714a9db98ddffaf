// `check`, as an operator types it: what it finds, that each fix mends, and that it changes nothing itself.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { schemaVersion, type CommerceSchema } from '@mortise/commerce';
import type { Database } from '@mortise/database';

import { command, type Outcome } from './fixtures/command.ts';
import { catalogue } from './fixtures/fingerprint.ts';
import { createLogin } from './fixtures/login.ts';
import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';

const embedded = process.env['TEST_DATABASE'] === 'embedded';

interface Found {
  readonly severity: string;
  readonly subject: string;
  readonly text: string;
  readonly fix: string | undefined;
}

/** What a check printed, line by line. */
function findings({ stdout }: Outcome): Found[] {
  const found = stdout.matchAll(/^(ok|warning|error) +(\w+): (.*)\n(?: +fix: (.*)\n)?/gm);
  return [...found].map(([, severity = '', subject = '', text = '', fix]) => ({ severity, subject, text, fix }));
}

const problems = (outcome: Outcome): Found[] => findings(outcome).filter(({ severity }) => severity !== 'ok');

describe.skipIf(embedded)('checking a Postgres', () => {
  let server: OpenTestDatabase;
  let database: Database<CommerceSchema>;
  let url: string;

  beforeAll(async () => {
    server = await openTestDatabase();
    database = server.open();
    url = server.url ?? '';
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const check = (args: readonly string[] = [], where = url): Promise<Outcome> =>
    command('orders', ['check', ...args], { DATABASE_URL: where });

  test('is content with one that has all, and says what it has', async () => {
    await using login = await createLogin(database.db, url, 'in role mcp_app');
    const before = await catalogue(database.db);
    const outcome = await check([], login.url);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).toMatch(
      /^ok {7}server: PostgreSQL \d\d\.\d+, UTF8\.\nok {7}schema: \d{4}-\w+\.\nok {7}extensions: pg_trgm and unaccent\.\nok {7}indexes: \d+ are there\.\nok {7}rules: .*\nok {7}login: reads as mcp_ro, may write as mcp_app\.\nok {7}timeouts: statement 3000 ms, lock 1000 ms, idle in transaction 5000 ms\.\nAll is well\.\n$/,
    );
    expect(await catalogue(database.db)).toEqual(before);
  });

  test('finds a login that nothing holds back, unless the operator says so', async () => {
    const outcome = await check();
    expect(outcome.code).toBe(1);
    expect(problems(outcome)).toEqual([
      {
        severity: 'error',
        subject: 'login',
        text: 'The login of the database is a superuser or has BYPASSRLS: no rule of the database holds it back.',
        fix: expect.stringMatching(/^create role … login password '…' in role mcp_app;/),
      },
    ]);
    expect(outcome.stdout).toMatch(/Errors: 1, warnings: 0\.\n$/);
    expect(await check(['--allow-superuser'])).toMatchObject({ code: 0 });
  });

  test('finds a login that may not write, for a server that does', async () => {
    await using login = await createLogin(database.db, url, 'in role mcp_ro');
    const outcome = await check([], login.url);
    expect(outcome.code).toBe(0);
    expect(problems(outcome)).toMatchObject([{ severity: 'warning', subject: 'login' }]);
    const reader = await command('customer-db', ['check'], { DATABASE_URL: login.url });
    expect(problems(reader)).toEqual([]);
  });

  test('finds what somebody took away, and every fix brings it back', async () => {
    await using own = await openTestDatabase();
    const { db } = own.open();
    const definitions = async (): Promise<unknown> => {
      const { rows } = await sql`select indexdef from pg_indexes where schemaname = 'public'
        union all select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
        union all select polname || polrelid::regclass || pg_get_expr(polqual, polrelid) from pg_policy order by 1`.execute(
        db,
      );
      return rows;
    };
    const before = await definitions();
    const { rows: indexes } = await sql<{ name: string }>`
      select indexrelid::regclass::text as name from pg_index where not exists (
        select from pg_constraint where conindid = indexrelid)
      and indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)`.execute(db);
    for (const statement of [
      ...indexes.filter(({ name }) => name !== 'orders_placed').map(({ name }) => `drop index ${name}`),
      `update pg_index set indisvalid = false where indexrelid = 'orders_placed'::regclass`,
      'drop trigger orders_change on orders',
      'alter table order_events disable trigger order_events_append_only',
      'alter table customers disable row level security',
      'drop policy tenant on audit_log',
      'grant delete on orders to mcp_app',
      'revoke select on products from mcp_ro',
    ])
      await sql.raw(statement).execute(db);

    const outcome = await check(['--allow-superuser'], own.url);
    expect(outcome.code).toBe(1);
    const found = problems(outcome);
    expect(found.filter(({ subject }) => subject === 'indexes')).toHaveLength(indexes.length);
    expect(found.filter(({ subject }) => subject === 'rules').map(({ text }) => text)).toEqual([
      'audit_log has lost the policy that keeps tenants apart.',
      'customers shows every tenant the rows of all.',
      'the trigger orders_change is missing: orders may change in any way.',
      'the trigger order_events_append_only is switched off: order_events may change in any way.',
      'the roles mcp_ro and mcp_app may do more with orders than they should.',
      'the roles mcp_ro and mcp_app may do less with products than they should.',
    ]);
    for (const { fix = '' } of found) {
      if (fix.startsWith('run ')) await command('orders', ['migrate'], { DATABASE_URL: own.url ?? '' });
      else for (const statement of fix.split(';')) await sql.raw(statement).execute(db);
    }
    expect(await check(['--allow-superuser'], own.url)).toMatchObject({ code: 0, stderr: '' });
    expect(await definitions()).toEqual(before);
  });

  test('misses the extensions, and migrating takes them up once they are there', async () => {
    await using own = await openTestDatabase();
    const admin = own.open().db;
    await sql`drop schema public cascade`.execute(admin);
    await sql`create schema public`.execute(admin);
    const login = await createLogin(admin, own.url ?? '');
    await sql.raw(`grant usage, create on schema public to ${login.name}`).execute(admin);
    const environment = { DATABASE_URL: login.url };
    await command('orders', ['migrate'], environment);
    const outcome = await command('orders', ['check'], environment);
    expect(outcome.code).toBe(0);
    expect(problems(outcome).map(({ severity, text }) => [severity, text.split(':')[0]])).toEqual([
      ['warning', 'pg_trgm is not used'],
      ['warning', 'unaccent is not used'],
      ['warning', 'there are no roles of less rights, so tools work as the owner of the tables.'],
    ]);
    await sql`insert into customers (tenant_id, name, email, segment) values ('main', 'Zoë', 'z@example.com', 'consumer')`.execute(
      admin,
    );
    await sql`create extension pg_trgm`.execute(admin);
    await sql`create extension unaccent`.execute(admin);
    await command('orders', ['migrate'], environment);
    const after = problems(await command('orders', ['check'], environment));
    expect(after.map(({ subject }) => subject)).toEqual(['login']);
    const { rows } = await sql`select name_n, relforcerowsecurity as forced from customers, pg_class
      where relname = 'customers'`.execute(admin);
    expect(rows).toEqual([{ name_n: 'zoe', forced: true }]);
    await login[Symbol.asyncDispose]();
  });

  test('tells an empty database, an older one and somebody else’s, and changes none of them', async () => {
    await using own = await openTestDatabase();
    const { db } = own.open();
    const schema = async (): Promise<Found | undefined> => {
      const before = await catalogue(db);
      const outcome = await check(['--allow-superuser'], own.url);
      expect(outcome.code).toBe(1);
      expect(await catalogue(db)).toEqual(before);
      return findings(outcome).find(({ subject }) => subject === 'schema');
    };
    await sql`delete from mortise_migration where name = ${schemaVersion}`.execute(db);
    expect(await schema()).toMatchObject({
      text: expect.stringMatching(/^\d{4}-\w+, older than \d{4}-\w+\.$/),
      fix: 'run orders migrate',
    });
    await sql`drop schema public cascade`.execute(db);
    await sql`create schema public`.execute(db);
    expect(await schema()).toMatchObject({ text: 'the database is empty.', fix: 'run orders migrate' });
    await sql`create table parcels (id int)`.execute(db);
    expect(await schema()).toMatchObject({ text: 'the database holds tables that this server did not make.' });
    await sql`drop schema public cascade`.execute(db);
    expect(problems(await check(['--allow-superuser'], own.url))).toMatchObject([
      { subject: 'connection', text: expect.stringContaining('The schema in the search path') },
    ]);
  });

  test('knows the limits that the operator sets, and that a session may lose them', async () => {
    const limits = ['--allow-superuser', '--lock-timeout', '77'];
    const given = await command('orders', ['check', ...limits], { DATABASE_URL: url, DB_STATEMENT_TIMEOUT_MS: '1234' });
    expect(findings(given).at(-1)).toMatchObject({
      severity: 'ok',
      text: 'statement 1234 ms, lock 77 ms, idle in transaction 5000 ms.',
    });
    // As behind a pooler that gives each transaction another session.
    await using own = await openTestDatabase();
    await sql`create function set_config(name text, value text, local boolean) returns text language sql as $$
      select case when local then pg_catalog.set_config(name, value, local) end $$`.execute(own.open().db);
    const lost = await check(['--allow-superuser'], `${own.url}?options=-csearch_path%3Dpublic,pg_catalog`);
    expect(problems(lost)).toMatchObject([{ severity: 'error', subject: 'timeouts' }]);
  });

  test('says what keeps it from connecting, without the password', async () => {
    const outcome = await check([], 'postgres://ann:s3cret@127.0.0.1:1/shop');
    expect(outcome.code).toBe(1);
    expect(problems(outcome)).toMatchObject([{ subject: 'connection', text: 'The database cannot be reached.' }]);
    expect(outcome.stdout + outcome.stderr).not.toContain('s3cret');
  });
});

describe.runIf(embedded)('checking', () => {
  test('an embedded database that is kept', async () => {
    const base = await mkdtemp(join(tmpdir(), 'mortise-check-'));
    const outcome = await command('customer-db', ['check'], { DB_DATA_DIR: join(base, 'shop') });
    expect(outcome).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/All is well\.\n$/) });
    await rm(base, { recursive: true });
  });

  test.each([
    [['chek'], 'Unknown command chek. Did you mean check?'],
    [['check', '--data-dri', 'x'], 'Unknown option --data-dri. Did you mean --data-dir?'],
    [['check', '--demo'], '--demo does not belong to check.'],
    [['--read-onyl'], 'Unknown option --read-onyl. Did you mean --read-only?'],
    [['--demo'], '--demo belongs to the command seed.'],
  ])('what is misspelt is refused: %j', async (args, message) => {
    for (const server of ['customer-db', 'orders'] as const) {
      const { code, stdout, stderr } = await command(server, args);
      expect({ code, stdout, stderr }).toEqual({
        code: 2,
        stdout: '',
        stderr: `${server}: ${message} See ${server} --help.\n`,
      });
    }
  });
});
