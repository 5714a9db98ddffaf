import { type Database, type DatabaseConfig, describeDatabaseError, openDatabase } from '@mortise/database';

import { migrate } from './migrate.ts';
import type { CommerceSchema } from './schema.ts';
import { demoTemplate } from './template.ts';

/** The options by which an operator says which database a server of this package works on. */
export const connectionOptions = {
  'database-url': {
    type: 'string',
    description: 'Postgres to work on; without it, an embedded database with demo data',
    placeholder: 'postgres://…',
    environment: 'DATABASE_URL',
  },
  'data-dir': {
    type: 'string',
    description: 'Keep the embedded database in this directory instead of in memory',
    placeholder: 'directory',
  },
} as const;

/** What the command line gave for the {@link connectionOptions}. */
export interface ConnectionValues {
  readonly 'database-url': string | undefined;
  readonly 'data-dir': string | undefined;
}

/**
 * The database that the operator named, or the embedded one with demo data; nothing is opened before its first use.
 * @throws Error with one line for the operator, when the values contradict each other
 */
export function openCommerce(
  { 'database-url': url, 'data-dir': dataDirectory }: ConnectionValues,
  config: Partial<DatabaseConfig> & Pick<DatabaseConfig, 'applicationName'>,
): Database<CommerceSchema> {
  if (url !== undefined && dataDirectory !== undefined) {
    throw new Error('Give --data-dir or a Postgres by --database-url (or the variable DATABASE_URL), not both.');
  }
  if (url !== undefined && !/^postgres(ql)?:\/\//.test(url)) {
    throw new Error('--database-url (or DATABASE_URL) has to begin with postgres:// or postgresql://.');
  }
  return openDatabase({ url, dataDirectory, template: demoTemplate, ...config });
}

/**
 * Creates or updates the tables in the database that the operator named; resolves with what was done, in one line.
 * @throws Error with one line for the operator
 */
export async function migrateCommerce(values: ConnectionValues, applicationName: string): Promise<string> {
  if (values['database-url'] === undefined && values['data-dir'] === undefined) {
    throw new Error('migrate needs --database-url (or DATABASE_URL) or --data-dir: the database to migrate.');
  }
  // Building an index on a large table takes as long as it takes.
  const limits = { statementTimeout: 0, lockTimeout: 0, idleInTransactionTimeout: 0 };
  const database = openCommerce(values, { applicationName, ...limits });
  try {
    const applied = await migrate(database.db);
    return applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`;
  } catch (error) {
    throw new Error(explain(error), { cause: error });
  } finally {
    await database[Symbol.asyncDispose](); // Node 22 runs this file as it stands, and knows no `await using`
  }
}

/** SQLSTATE of a table, function or other object that is there already. */
const TAKEN = new Set(['42P07', '42723', '42710']);

function explain(error: unknown): string {
  if (TAKEN.has(String((error as { code?: unknown }).code))) {
    return 'The database has tables of the same names that this server did not make. Nothing was changed; give it a database of its own.';
  }
  const described = describeDatabaseError(error);
  return described ? `${described.message} ${described.hint}` : 'The migration failed and nothing was changed.';
}
