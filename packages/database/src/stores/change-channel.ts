import pg from 'pg';

const CHANNEL = 'mortise_change';

/** How long to wait before a lost connection is made anew, in milliseconds. */
const AGAIN_MS = 1_000;

/** Carries messages to every process that listens; the `ChangeChannel` of `@mortise/toolkit`. */
export interface PostgresChangeChannel extends AsyncDisposable {
  /** Sends a message, at most 7,900 bytes, to every process that listens, also to this one. */
  send(message: string): Promise<void>;
  /** Calls `receive` with every message from now on, and with undefined when some may have been missed. */
  listen(receive: (message: string | undefined) => void): Promise<void>;
}

/** Where the processes of a server meet. */
export interface ChangeChannelConfig {
  /** A server, not a pooler that shares sessions: `LISTEN` needs a session of its own. */
  readonly url: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
}

/**
 * Tells the clients of all processes of a server what has changed, by `NOTIFY` and one connection that listens. A
 * connection that is lost is made anew; what was sent meanwhile is missed, and the listener is told so.
 *
 * ```ts
 * async setup(stack, { useChangeChannel }) {
 *   await useChangeChannel(stack.use(changeChannel({ url, applicationName: 'orders' })));
 *   return new Orders();
 * }
 * ```
 */
export function changeChannel(config: ChangeChannelConfig): PostgresChangeChannel {
  return new Channel(config);
}

class Channel implements PostgresChangeChannel {
  readonly #config: pg.ClientConfig;
  #receive: ((message: string | undefined) => void) | undefined;
  #client: pg.Client | undefined;
  #again: NodeJS.Timeout | undefined;
  #closed = false;

  constructor({ url, applicationName }: ChangeChannelConfig) {
    this.#config = {
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    };
  }

  async send(message: string): Promise<void> {
    if (!this.#client) throw new Error('The connection to the database is lost.');
    await this.#client.query('select pg_notify($1, $2)', [CHANNEL, message]);
  }

  async listen(receive: (message: string | undefined) => void): Promise<void> {
    this.#receive = receive;
    await this.#connect();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#again);
    await this.#client?.end();
  }

  async #connect(): Promise<void> {
    const client = new pg.Client(this.#config);
    client.on('notification', ({ payload = '' }) => this.#receive?.(payload));
    client.on('error', () => {}); // its end says the same
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
    this.#client = client;
    client.on('end', () => {
      this.#client = undefined;
      this.#reconnect();
    });
  }

  #reconnect(): void {
    if (this.#closed) return;
    this.#again = setTimeout(() => {
      this.#connect().then(
        () => (this.#closed ? void this.#client?.end() : this.#receive?.(undefined)),
        () => this.#reconnect(),
      );
    }, AGAIN_MS).unref();
  }
}
