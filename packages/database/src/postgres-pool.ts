import pg from 'pg';
import type { PostgresPool } from 'kysely';
import type { Statement } from './session-settings.ts';
import { valueTypes } from './value-types.ts';

/** How to reach a Postgres server. */
export interface PostgresPoolConfig {
  /** `postgres://user:password@host:port/database?sslmode=…` */
  readonly url: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Connections at most. */
  readonly maxConnections: number;
  /** Milliseconds to wait for a free connection or for the server to answer a new one. */
  readonly connectTimeout: number;
  readonly settings: Statement;
}

/**
 * Sends every query by the extended protocol, also those without parameters. It carries one statement only, so that
 * `commit; insert …` cannot leave a read-only transaction (Postgres answers 42601).
 */
class ExtendedProtocolClient extends pg.Client {
  override query(query: unknown, ...rest: unknown[]): never {
    const config = typeof query === 'string' ? { text: query } : query;
    const isCursor = typeof config === 'object' && config !== null && 'submit' in config;
    return plainClient.query.call(this, isCursor ? config : { ...(config as object), queryMode: 'extended' }, ...rest);
  }
}

/** `pg.Client` without the dozen overloads of its `query`, none of which knows `queryMode`. */
const plainClient = pg.Client.prototype as unknown as { query(this: pg.Client, ...parameters: unknown[]): never };

/** Connections to a Postgres server; none is opened before the first use. */
export function createPostgresPool(config: PostgresPoolConfig): PostgresPool {
  const pool = new pg.Pool({
    Client: ExtendedProtocolClient,
    connectionString: config.url,
    application_name: config.applicationName,
    connectionTimeoutMillis: config.connectTimeout,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    max: config.maxConnections,
    types: valueTypes,
    // The pool waits for the promise, which its types do not say.
    onConnect: (client) => client.query(config.settings.sql, [...config.settings.parameters]) as unknown as void,
  });
  // An idle connection that the server closes leaves the pool by itself, and the next use opens another. Without a
  // listener the event would end the process.
  pool.on('error', () => {});
  return pool;
}
