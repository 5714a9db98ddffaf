/** Limits of a database session, in milliseconds; 0 means none. */
export interface SessionLimits {
  /** A statement that runs longer is stopped (`QUERY_TIMEOUT`). Default 3,000. */
  readonly statementTimeout?: number | undefined;
  /** A statement that waits longer for a lock fails (`DB_BUSY`). Default 1,000. */
  readonly lockTimeout?: number | undefined;
  /** A transaction that does nothing for longer loses its session. Default 5,000. */
  readonly idleInTransactionTimeout?: number | undefined;
}

/** A query with its parameters. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly string[];
}

/** {@link SessionLimits.statementTimeout} unless given. */
export const DEFAULT_STATEMENT_TIMEOUT = 3_000;

/**
 * What every new session of either engine runs first. A query and not startup parameters: `options` in a connection
 * string would replace those, and poolers refuse them.
 */
export function sessionSettings(config: SessionLimits & { readonly readOnly?: boolean | undefined }): Statement {
  const settings: Readonly<Record<string, string | number>> = {
    TimeZone: 'UTC',
    DateStyle: 'ISO, YMD',
    statement_timeout: config.statementTimeout ?? DEFAULT_STATEMENT_TIMEOUT,
    lock_timeout: config.lockTimeout ?? 1_000,
    idle_in_transaction_session_timeout: config.idleInTransactionTimeout ?? 5_000,
    default_transaction_read_only: config.readOnly ? 'on' : 'off',
  };
  const names = Object.keys(settings);
  return {
    sql: `select ${names.map((_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, false)`).join(', ')}`,
    parameters: names.flatMap((name) => [name, String(settings[name])]),
  };
}
