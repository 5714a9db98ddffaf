/** What went wrong with the database, in words that anybody may read: no SQL, value, host, password or path. */
export interface DatabaseErrorDescription {
  /** Stable and machine-readable, such as `DB_UNAVAILABLE`. */
  readonly code: string;
  /** One sentence. */
  readonly message: string;
  /** The step that mends it, one sentence. */
  readonly hint: string;
  /** The same call may succeed later without a change. */
  readonly retryable: boolean;
  /** Plain data about it. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A failure that this package found itself; {@link describeDatabaseError} gives its fields. */
export class DatabaseProblem extends Error implements DatabaseErrorDescription {
  override readonly name = 'DatabaseProblem';
  readonly code: string;
  readonly hint: string;
  readonly retryable: boolean;
  readonly details?: Readonly<Record<string, unknown>>;

  constructor({ code, message, hint, retryable, details }: DatabaseErrorDescription, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
    this.retryable = retryable;
    if (details) this.details = details;
  }
}

const OPERATOR = 'The operator of this server has to mend its DATABASE_URL or --database-url.';
const LATER = 'Wait a few seconds, then repeat the call.';

const unreachable: DatabaseErrorDescription = {
  code: 'DB_UNAVAILABLE',
  message: 'The database cannot be reached.',
  hint: 'Try again in a minute; if it stays, the operator has to check that the database runs and that DATABASE_URL or --database-url names it.',
  retryable: true,
};

const refused: DatabaseErrorDescription = {
  code: 'DB_UNAVAILABLE',
  message: 'The database refused the user name or the password.',
  hint: OPERATOR,
  retryable: false,
};

const insecure: DatabaseErrorDescription = {
  code: 'DB_UNAVAILABLE',
  message: 'The connection to the database could not be secured (TLS).',
  hint: 'The operator has to check the certificate of the database and the sslmode in DATABASE_URL or --database-url.',
  retryable: false,
};

const busy: DatabaseErrorDescription = {
  code: 'DB_BUSY',
  message: 'Every database connection is in use.',
  hint: LATER,
  retryable: true,
};

const conflict: DatabaseErrorDescription = {
  code: 'DB_BUSY',
  message: 'Another transaction is changing the same data.',
  hint: LATER,
  retryable: true,
};

const schema: DatabaseErrorDescription = {
  code: 'SCHEMA_OUTDATED',
  message: 'The database does not have the tables that this server works with.',
  hint: "The operator has to run this server's migrate command.",
  retryable: false,
};

/** By SQLSTATE (Postgres, appendix A) and by the codes of Node's sockets. */
const descriptions: Readonly<Record<string, DatabaseErrorDescription>> = {
  ECONNREFUSED: unreachable,
  ECONNRESET: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ENOENT: unreachable,
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  EPIPE: unreachable,
  ETIMEDOUT: unreachable,
  '08000': unreachable,
  '08001': unreachable,
  '08003': unreachable,
  '08004': unreachable,
  '08006': unreachable,
  '25P03': unreachable,
  '57P01': unreachable,
  '57P02': unreachable,
  '28000': refused,
  '28P01': refused,
  '3D000': {
    code: 'DB_UNAVAILABLE',
    message: 'The server has no database of that name.',
    hint: OPERATOR,
    retryable: false,
  },
  '57P03': { code: 'DB_STARTING', message: 'The database is starting.', hint: LATER, retryable: true },
  '53300': busy,
  '40001': conflict,
  '40P01': conflict,
  '55P03': conflict,
  '57014': {
    code: 'QUERY_TIMEOUT',
    message: 'The database took too long and the query was stopped.',
    hint: 'Ask for less: a narrower search or fewer rows.',
    retryable: false,
  },
  '25006': {
    code: 'READ_ONLY',
    message: 'This server may only read.',
    hint: 'Do not repeat the call.',
    retryable: false,
  },
  '42501': {
    code: 'PERMISSION_DENIED',
    message: 'The database role of this server lacks a right that the call needs.',
    hint: 'The operator has to grant it.',
    retryable: false,
  },
  '3F000': schema,
  '42P01': schema,
  '42703': schema,
  '42883': schema,
};

/** What `pg`, its pool and TLS say without a code of the table. */
const messages: readonly (readonly [RegExp, DatabaseErrorDescription])[] = [
  [/^timeout exceeded when trying to connect$/, busy],
  [/^Connection terminated|^Client has encountered a connection error|^timeout expired$/, unreachable],
  [/^(SASL|SCRAM)|password must be a string/, refused],
  [/certificate|does not support SSL|^There was an error establishing an SSL connection$/i, insecure],
];

/**
 * Describes an error that Postgres, the embedded engine or the connection raised.
 * @returns `undefined` for every other error, and for database errors that only a programmer can mend
 */
export function describeDatabaseError(error: unknown): DatabaseErrorDescription | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof DatabaseProblem) {
    const { code, message, hint, retryable, details } = error;
    return { code, message, hint, retryable, ...(details && { details }) };
  }
  // A host with several addresses fails with one error for each.
  const cause = error instanceof AggregateError ? error.errors[0] : undefined;
  const code = (error as { code?: unknown }).code ?? (cause as { code?: unknown } | undefined)?.code;
  if (typeof code === 'string' && Object.hasOwn(descriptions, code)) return descriptions[code];
  // Every error of Postgres has a SQLSTATE, and its message may hold anything.
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return undefined;
  return messages.find(([pattern]) => pattern.test(error.message))?.[1];
}
