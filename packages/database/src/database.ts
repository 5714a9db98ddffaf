import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql } from 'kysely';
import { EmbeddedEngine } from './embedded-engine.ts';
import { EmbeddedPool } from './embedded-pool.ts';
import { createPostgresPool } from './postgres-pool.ts';
import { type AccessRules, rolesOf } from './access.ts';
import { guardPool } from './guard.ts';
import { checkSchema, type RequiredSchema } from './schema-version.ts';
import { DEFAULT_STATEMENT_TIMEOUT, sessionSettings, type SessionLimits } from './session-settings.ts';
import { ScopedTransactions, type TransactionRoles, type Transactions } from './transactions.ts';

/** Which database, and what it may cost. Times are milliseconds. */
export interface DatabaseConfig extends SessionLimits {
  /** `postgres://user:password@host:port/database`; without it the embedded engine (PGlite, Postgres 18) is used. */
  readonly url?: string | undefined;
  /**
   * Embedded engine: keep the data in this directory, which is created on first use and belongs to one process at a
   * time. Without it the data is in memory and each start begins with the template.
   */
  readonly dataDirectory?: string | undefined;
  /** Embedded engine: the file that a new database starts as, made by `writeTemplate`; empty without it. */
  readonly template?: URL | undefined;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Every transaction is read-only unless it says otherwise. Default false. */
  readonly readOnly?: boolean | undefined;
  /** Refuse a database without this schema; without it any database will do. */
  readonly schema?: RequiredSchema | undefined;
  /** Refuse a database of which this does not resolve, such as one whose tables somebody else made. */
  readonly check?: ((db: Kysely<unknown>) => Promise<void>) | undefined;
  /** Work under these roles; without it, as the login. */
  readonly access?: AccessRules | undefined;
  /** Connections at most, for Postgres. Default 5; the embedded engine has one. */
  readonly maxConnections?: number | undefined;
  /** How long to wait for a connection. Default 5,000. */
  readonly connectTimeout?: number | undefined;
}

/** An open database. Dispose of it to end its connections or its engine. */
export interface Database<Schema> extends AsyncDisposable, Transactions<Schema> {
  /** Works as the login, without a role or a scope: for migrations and administration. */
  readonly db: Kysely<Schema>;
  readonly engine: 'postgres' | 'embedded';
  /**
   * Makes sure that a query gets an answer, on the schema required.
   * @throws What a query would throw; `describeDatabaseError` puts it into words
   */
  ping(signal?: AbortSignal): Promise<void>;
}

/**
 * Opens a Postgres database, or the embedded engine where no URL is given: one Kysely handle with the same JavaScript
 * types and the same rules on both. Nothing is connected, started or even loaded before the first query, and a database
 * that cannot be reached then is tried again by the next query.
 *
 * ```ts
 * await using database = openDatabase<Schema>({ url: process.env['DATABASE_URL'], applicationName: 'orders' });
 * const row = await database.read((db) => db.selectFrom('orders').selectAll().limit(1).executeTakeFirst({ signal }));
 * ```
 *
 * On Postgres, `execute({ signal, inflightQueryAbortStrategy: 'cancel query' })` stops the query on the server as well.
 * The embedded engine cannot stop one query: the caller gets the abort at once, and the engine is free when the query
 * ends or times out. A timeout there restarts the engine, which takes an in-memory database back to its template.
 */
export function openDatabase<Schema>(config: DatabaseConfig): Database<Schema> {
  const pool = config.url === undefined ? embeddedPool(config) : postgresPool(config, config.url);
  const { schema, check, access } = config;
  let roles: TransactionRoles = { read: undefined, write: undefined };
  const guarded = guardPool(pool, async (client) => {
    if (schema) await checkSchema(client, schema);
    if (check) await check(overOne(client));
    // The one user of the embedded engine is its superuser.
    if (access) roles = await rolesOf(client, config.url === undefined ? { ...access, allowSuperuser: true } : access);
  });
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: guarded }) });
  const transactions = new ScopedTransactions(db, () => roles);
  return {
    db,
    read: (run, scope) => transactions.read(run, scope),
    write: (run, scope) => transactions.write(run, scope),
    engine: config.url === undefined ? 'embedded' : 'postgres',
    ping: async (signal) => {
      await sql`select 1`.execute(db, { signal });
    },
    [Symbol.asyncDispose]: () => db.destroy(),
  };
}

/** A handle on the one connection that the pool has not handed out yet. */
function overOne(client: PostgresPoolClient): Kysely<unknown> {
  const held = { query: client.query.bind(client), release: () => {} };
  const pool = { connect: () => Promise.resolve(held), end: () => Promise.resolve(), options: {} };
  return new Kysely({ dialect: new PostgresDialect({ pool }) });
}

function postgresPool(config: DatabaseConfig, url: string): PostgresPool {
  return createPostgresPool({
    url,
    applicationName: config.applicationName,
    maxConnections: config.maxConnections ?? 5,
    connectTimeout: config.connectTimeout ?? 5_000,
    settings: sessionSettings(config),
  });
}

function embeddedPool(config: DatabaseConfig): PostgresPool {
  const { dataDirectory: directory, template } = config;
  return new EmbeddedPool(new EmbeddedEngine({ directory, template, settings: sessionSettings(config) }), {
    statementTimeout: config.statementTimeout ?? DEFAULT_STATEMENT_TIMEOUT,
    connectTimeout: config.connectTimeout ?? 5_000,
  });
}
