// What an operator gets wrong, and what whoever calls is told: a code, a sentence, a step, and nothing else.
import { createServer, type Server } from 'node:net';

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { migrate, schemaVersion } from '@mortise/commerce';
import { describeDatabaseError, openDatabase, type DatabaseErrorDescription } from '@mortise/database';

import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';

const PASSWORD = 's3cret-passw0rd';

let server: OpenTestDatabase;

beforeAll(async () => {
  server = await openTestDatabase();
});
afterAll(() => server[Symbol.asyncDispose]());

/** What is told of the failure of a first use. */
async function problemWith(url: string): Promise<DatabaseErrorDescription> {
  await using database = openDatabase({ url, applicationName: 'test', connectTimeout: 1_000 });
  const error: unknown = await database.ping().then(
    () => expect.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  const problem = describeDatabaseError(error);
  if (!problem) throw new Error('This error is not described.', { cause: error });
  expect(JSON.stringify(problem)).not.toContain(PASSWORD);
  expect(JSON.stringify(problem)).not.toContain(new URL(url).hostname);
  return problem;
}

/** A server that answers every connection with what it is told. */
async function listen(onConnection: Parameters<typeof createServer>[1]): Promise<{ url: string; server: Server }> {
  const listener = createServer(onConnection);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { url: `postgres://user:${PASSWORD}@127.0.0.1:${port}/shop`, server: listener };
}

describe('a database that cannot be reached', () => {
  test('because nothing listens', async () => {
    const { url, server: listener } = await listen(() => {});
    await new Promise((resolve) => listener.close(resolve));
    expect(await problemWith(url)).toMatchObject({ code: 'DB_UNAVAILABLE', retryable: true });
  });

  test('because no host has the name', async () => {
    const problem = await problemWith(`postgres://user:${PASSWORD}@no-such-host.invalid/shop`);
    expect(problem).toMatchObject({ code: 'DB_UNAVAILABLE', retryable: true });
  });

  test('because the connection is accepted and never answered', async () => {
    const { url, server: listener } = await listen(() => {});
    expect(await problemWith(url)).toMatchObject({ code: 'DB_UNAVAILABLE', retryable: true });
    listener.close();
  });

  test('because the other side hangs up', async () => {
    const { url, server: listener } = await listen((socket) => socket.destroy());
    expect(await problemWith(url)).toMatchObject({ code: 'DB_UNAVAILABLE', retryable: true });
    listener.close();
  });

  test('is reached as soon as it is there, by the same handle', async (context) => {
    context.skip(server.url === undefined, 'needs a Postgres server');
    const { hostname, port } = new URL(server.url ?? '');
    const { connect } = await import('node:net');
    let answers = false;
    const proxy = await listen((socket) => {
      if (!answers) {
        socket.destroy();
        return;
      }
      const upstream = connect(Number(port), hostname);
      for (const end of [socket, upstream]) end.on('error', () => {});
      socket.pipe(upstream).pipe(socket);
    });
    const through = new URL(server.url ?? '');
    through.port = new URL(proxy.url).port;
    const database = openDatabase({ url: through.href, applicationName: 'test' });
    await expect(database.ping()).rejects.toThrow('Connection terminated');
    answers = true;
    await expect(database.ping()).resolves.toBeUndefined();
    await database[Symbol.asyncDispose]();
    proxy.server.close();
  });
});

function changed(change: (url: URL) => void): string {
  const url = new URL(server.url ?? '');
  change(url);
  return url.href;
}

describe('a Postgres that refuses', () => {
  test('the password', async (context) => {
    context.skip(server.url === undefined, 'needs a Postgres server');
    const problem = await problemWith(changed((url) => (url.password = PASSWORD)));
    expect(problem).toMatchObject({ code: 'DB_UNAVAILABLE', retryable: false });
    expect(problem.message).toContain('password');
  });

  test('a user without a password', async (context) => {
    context.skip(server.url === undefined, 'needs a Postgres server');
    const problem = await problemWith(changed((url) => (url.password = '')));
    expect(problem).toMatchObject({ code: 'DB_UNAVAILABLE', retryable: false });
    expect(problem.message).toContain('password');
  });

  test('a database of that name', async (context) => {
    context.skip(server.url === undefined, 'needs a Postgres server');
    const problem = await problemWith(changed((url) => (url.pathname = '/no_such_database')));
    expect(problem).toMatchObject({ code: 'DB_UNAVAILABLE', retryable: false });
    expect(problem.message).toContain('no database of that name');
  });

  test('a connection without TLS', async (context) => {
    context.skip(server.url === undefined, 'needs a Postgres server');
    const problem = await problemWith(changed((url) => url.searchParams.set('sslmode', 'verify-full')));
    expect(problem).toMatchObject({ code: 'DB_UNAVAILABLE', retryable: false });
    expect(problem.message).toContain('TLS');
  });
});

describe('a database without the schema', () => {
  const schema = { version: schemaVersion, migrateCommand: 'customer-db migrate' };

  test('is refused with the command to run', async () => {
    const empty = server.open({ schema, template: undefined, readOnly: true });
    if (server.url !== undefined)
      await sql`alter table mortise_migration rename to elsewhere`.execute(server.open().db);
    const error: unknown = await empty.ping().catch((reason: unknown) => reason);
    const problem = describeDatabaseError(error);
    expect(problem).toMatchObject({ code: 'SCHEMA_OUTDATED', retryable: false });
    expect(problem?.hint).toContain('`customer-db migrate`');
  });

  test('is taken as soon as the command has run, by the same handle', async (context) => {
    // On the embedded engine every handle has a database of its own.
    context.skip(server.url === undefined, 'needs a Postgres server');
    const admin = server.open();
    await sql`drop schema public cascade`.execute(admin.db);
    await sql`create schema public`.execute(admin.db);
    const reader = server.open({ schema, readOnly: true });
    await expect(reader.ping()).rejects.toThrow('empty');
    await migrate(admin.db);
    await expect(reader.ping()).resolves.toBeUndefined();
  });

  test('is refused when it is older than the program', async () => {
    const newer = server.open({ schema: { ...schema, version: '9999-later' } });
    const error: unknown = await newer.ping().catch((reason: unknown) => reason);
    expect(describeDatabaseError(error)).toMatchObject({ code: 'SCHEMA_OUTDATED' });
  });

  test('is described even where nobody checked', async () => {
    const error: unknown = await sql`select * from no_such_table`
      .execute(server.open().db)
      .catch((reason: unknown) => reason);
    expect(describeDatabaseError(error)).toMatchObject({ code: 'SCHEMA_OUTDATED' });
  });
});
