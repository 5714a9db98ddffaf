import { setTimeout as sleep } from 'node:timers/promises';

import { startPostgres } from './start-postgres.ts';
import type { PostgresSource } from './start-postgres.ts';
import { query } from './query.ts';

/** A database of a test's own. Disposing of it drops it; close every connection to it first. */
export interface TestDatabase extends AsyncDisposable {
  /** Where it is; `undefined` means that this run is about the embedded engine, which each test opens for itself. */
  readonly url: string | undefined;
}

/** How the process that prepared the template tells the test processes where it is. */
const VARIABLE = 'MORTISE_TEST_TEMPLATE';

const SOURCES: readonly string[] = ['auto', 'url', 'container', 'local'] satisfies PostgresSource[];

/**
 * Prepares the database that every {@link testDatabase} of this run copies. For a global setup that runs before the
 * test processes start, such as vitest's `globalSetup`:
 *
 * ```ts
 * export default async function setup(): Promise<() => Promise<void>> {
 *   const template = await prepareTestDatabases(migrateAndSeed);
 *   return () => template[Symbol.asyncDispose]();
 * }
 * ```
 *
 * The variable TEST_DATABASE chooses the server (see {@link startPostgres}; default `auto`), or is `embedded`: then
 * nothing is started. One line on stderr says what was taken.
 *
 * @param prepare - Creates tables and rows in the empty database behind the given URL, and closes its connections.
 */
export async function prepareTestDatabases(prepare: (url: string) => Promise<void>): Promise<AsyncDisposable> {
  const source = process.env['TEST_DATABASE'] ?? 'auto';
  if (source === 'embedded') {
    process.env[VARIABLE] = 'embedded';
    return { [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  if (!SOURCES.includes(source)) {
    throw new Error(`TEST_DATABASE is "${source}"; it can be ${SOURCES.join(', ')} or embedded`);
  }
  const server = await startPostgres({ source: source as PostgresSource });
  process.stderr.write(`test database: ${server.description}\n`);
  const template = `mortise_template_${uniqueSuffix()}`;
  try {
    await query(server.url, `CREATE DATABASE ${template}`);
    await prepare(databaseUrl(server.url, template));
    // A copy needs a source that nobody is connected to.
    await query(server.url, `ALTER DATABASE ${template} WITH ALLOW_CONNECTIONS false`);
  } catch (error) {
    await dropDatabase(server.url, template).catch(() => undefined);
    await server[Symbol.asyncDispose]();
    throw error;
  }
  process.env[VARIABLE] = JSON.stringify({ server: server.url, template });
  return {
    async [Symbol.asyncDispose]() {
      await dropDatabase(server.url, template);
      await server[Symbol.asyncDispose]();
    },
  };
}

/**
 * Gives the caller a database of its own, copied from the template in some 15 ms:
 *
 * ```ts
 * const database = await testDatabase();
 * afterAll(() => database[Symbol.asyncDispose]());
 * ```
 *
 * @throws Error when the run has no {@link prepareTestDatabases}.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const prepared = process.env[VARIABLE];
  if (prepared === undefined) {
    throw new Error('testDatabase() needs prepareTestDatabases() in the global setup of this test run');
  }
  if (prepared === 'embedded') return { url: undefined, [Symbol.asyncDispose]: () => Promise.resolve() };
  const { server, template } = JSON.parse(prepared) as { server: string; template: string };
  const name = `mortise_test_${uniqueSuffix()}`;
  // Two copies of one template at the same moment: the later one is told to come back.
  await whileInUse(() => query(server, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`));
  return {
    url: databaseUrl(server, name),
    [Symbol.asyncDispose]: () => dropDatabase(server, name),
  };
}

/**
 * Not WITH (FORCE): a pool's end() resolves before its sockets are closed, and a forced drop then breaks the test
 * process with an uncaught error. A connection that stays open is a leak, and the drop fails because of it.
 */
async function dropDatabase(server: string, name: string): Promise<void> {
  await whileInUse(() => query(server, `DROP DATABASE IF EXISTS ${name}`));
}

/** Repeats `action` for up to five seconds while Postgres answers that the database has other users (55006). */
async function whileInUse(action: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + 5000;
  for (;;) {
    try {
      await action();
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code !== '55006' || Date.now() > deadline) throw error;
      await sleep(20 + Math.random() * 60);
    }
  }
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

function uniqueSuffix(): string {
  return `${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
}
