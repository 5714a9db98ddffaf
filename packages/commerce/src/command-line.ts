import { type Database, type DatabaseConfig, describeDatabaseError, openDatabase } from '@mortise/database';

import { migrate, schemaVersion } from './migrate.ts';
import { READ_ROLE, WRITE_ROLE } from './roles.ts';
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
  const { applicationName } = config;
  const required = {
    schema: { version: schemaVersion, migrateCommand: `${applicationName} migrate` },
    access: {
      readRole: READ_ROLE,
      writeRole: WRITE_ROLE,
      checkCommand: `${applicationName} check`,
      allowSuperuser: true,
    },
  };
  if (url !== undefined && dataDirectory !== undefined) {
    throw new Error('Give --data-dir or a Postgres by --database-url (or the variable DATABASE_URL), not both.');
  }
  if (url !== undefined && !/^postgres(ql)?:\/\//.test(url)) {
    throw new Error('--database-url (or DATABASE_URL) has to begin with postgres:// or postgresql://.');
  }
  return openDatabase({ url, dataDirectory, template: demoTemplate, ...required, ...config });
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
  const database = openCommerce(values, { applicationName, ...limits, schema: undefined, access: undefined });
  try {
    const { applied, roles } = await migrate(database.db);
    const done = applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`;
    return roles ? done : `${done} ${NO_ROLES}`;
  } catch (error) {
    throw new Error(explain(error), { cause: error });
  } finally {
    await database[Symbol.asyncDispose](); // Node 22 runs this file as it stands, and knows no `await using`
  }
}

const NO_ROLES =
  'This login may not make roles: it keeps the tables and works without roles of less rights. To have them, run migrate once as a superuser.';

/** SQLSTATE of a table, function or other object that is there already. */
const TAKEN = new Set(['42P07', '42723', '42710']);

function explain(error: unknown): string {
  if (TAKEN.has(String((error as { code?: unknown }).code))) {
    return 'The database has tables of the same names that this server did not make. Nothing was changed; give it a database of its own.';
  }
  const described = describeDatabaseError(error);
  return described ? `${described.message} ${described.hint}` : 'The migration failed and nothing was changed.';
}
