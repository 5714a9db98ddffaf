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
  /** The server has ended this session, or is about to. */
  isBroken = false;

  constructor(config?: pg.ClientConfig) {
    super(config);
    // A session that ends while no query waits for it tells so by this event; without a listener the process would end.
    this.on('error', () => {
      this.isBroken = true;
    });
  }

  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error | null) => void): void;
  override connect(callback?: (error: Error | null) => void): Promise<pg.Client> | void {
    const connected = super.connect();
    // A client that gives up, such as without the password that is asked for, leaves its socket open; Postgres keeps
    // that for a minute and makes whoever drops a database wait for it.
    connected.catch(() => this.end(ignore));
    if (!callback) return connected;
    // oxlint-disable-next-line promise/no-callback-in-promise -- the pool asks for it
    connected.then(() => callback(null), callback);
  }

  override query(query: unknown, ...rest: unknown[]): never {
    const config = typeof query === 'string' ? { text: query } : query;
    if (typeof config === 'object' && config !== null && 'submit' in config) {
      return plainClient.query.call(this, config, ...rest) as never;
    }
    const result = plainClient.query.call(this, { ...(config as object), queryMode: 'extended' }, ...rest);
    result?.catch((error: Error & { severity?: string }) => {
      this.isBroken ||= error.severity === 'FATAL';
    });
    return result as never;
  }
}

/** `pg.Client` without the dozen overloads of its `query`, none of which knows `queryMode`. */
const plainClient = pg.Client.prototype as unknown as {
  query(this: pg.Client, ...parameters: unknown[]): Promise<unknown> | undefined;
};

function ignore(): void {}

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
  // An idle connection that the server closes leaves the pool by itself, and the next use opens another.
  pool.on('error', ignore);
  return {
    Client: ExtendedProtocolClient,
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      const client = (await pool.connect()) as pg.PoolClient & ExtendedProtocolClient;
      // The pool notices a lost connection when the socket closes, which may be after the next query took it.
      const release = client.release.bind(client);
      client.release = (destroy) => release(destroy || client.isBroken);
      return client;
    },
  };
}
