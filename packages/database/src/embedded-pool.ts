import type {
  PostgresClient,
  PostgresClientConstructor,
  PostgresPool,
  PostgresPoolClient,
  PostgresQueryResult,
} from 'kysely';
import type { EmbeddedEngine } from './embedded-engine.ts';
import type { EmbeddedSession } from './embedded-session.ts';
import { toParameterText } from './parameters.ts';
import { valueTypes } from './value-types.ts';

/** Milliseconds. */
export interface EmbeddedPoolConfig {
  /** How long a query may run; 0: for ever. */
  readonly statementTimeout: number;
  /** How long to wait for the connection while others use it. */
  readonly connectTimeout: number;
}

/**
 * The embedded engine in the shape of a `pg` pool with one connection. Kysely's `PostgresDialect` drives both engines
 * through this shape; its PGlite dialect would ignore `read only` and isolation levels.
 */
export class EmbeddedPool implements PostgresPool {
  readonly options: object = { max: 1 };
  /** Kysely would use it to cancel a query on the server, which this engine cannot: the query runs to its timeout. */
  readonly Client: PostgresClientConstructor = NoControlClient;
  readonly #engine: EmbeddedEngine;
  readonly #config: EmbeddedPoolConfig;
  #busy = false;
  readonly #waiting: (() => void)[] = [];

  constructor(engine: EmbeddedEngine, config: EmbeddedPoolConfig) {
    this.#engine = engine;
    this.#config = config;
  }

  async connect(): Promise<PostgresPoolClient> {
    // Waiting for the engine to start does not count as waiting for others.
    await this.#engine.session();
    await this.#turn();
    try {
      return new EmbeddedClient(await this.#engine.session(), this.#config.statementTimeout, () => this.#next());
    } catch (error) {
      this.#next();
      throw error;
    }
  }

  async end(): Promise<void> {
    await this.#engine.close();
  }

  #turn(): Promise<void> {
    if (!this.#busy) {
      this.#busy = true;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const start = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(start), 1);
        reject(new Error('timeout exceeded when trying to connect')); // the words of pg-pool
      }, this.#config.connectTimeout);
      this.#waiting.push(start);
    });
  }

  #next(): void {
    const start = this.#waiting.shift();
    if (start) start();
    else this.#busy = false;
  }
}

/** The one connection, for as long as somebody has it. */
class EmbeddedClient implements PostgresPoolClient {
  readonly processID = 1;
  readonly #session: EmbeddedSession;
  readonly #timeout: number;
  #release: (() => void) | undefined;

  constructor(session: EmbeddedSession, timeout: number, release: () => void) {
    this.#session = session;
    this.#timeout = timeout;
    this.#release = release;
  }

  query: PostgresPoolClient['query'] = ((sql: string, parameters: readonly unknown[]) =>
    this.#query(sql, parameters)) as PostgresPoolClient['query'];

  release(): void {
    this.#release?.();
    this.#release = undefined;
  }

  async #query(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<unknown>> {
    const request = { type: 'query', sql, parameters: parameters.map(toParameterText) } as const;
    const reply = await this.#session.send(request, this.#timeout);
    if (reply.type !== 'rows') throw new Error('The embedded engine gave a reply to another question.');
    const rows = reply.rows.map((row) =>
      Object.fromEntries(
        reply.fields.map(({ name, dataTypeID }, index) => {
          const text = row[index] ?? null;
          return [name, text === null ? null : valueTypes.parse(dataTypeID, text)];
        }),
      ),
    );
    const command = (reply.command ?? 'SELECT') as PostgresQueryResult<unknown>['command'];
    return { command, rowCount: reply.rowCount ?? rows.length, rows };
  }
}

class NoControlClient implements PostgresClient {
  connect(): Promise<PostgresClient> {
    return Promise.resolve(this);
  }
  query: PostgresClient['query'] = (() =>
    Promise.resolve({ command: 'SELECT', rowCount: 0, rows: [] })) as unknown as PostgresClient['query'];
  end(): void {}
}
