import { type Database, type DatabaseConfig, openDatabase } from '@mortise/database';

import { schemaVersion } from './migrate.ts';
import { READ_ROLE, WRITE_ROLE } from './roles.ts';
import type { CommerceSchema } from './schema.ts';
import { demoTemplate } from './template.ts';
import { wholeNumber } from './whole-number.ts';

/** The options by which an operator says which database a server of this package works on, and how much of it. */
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
    environment: 'DB_DATA_DIR',
  },
  'allow-superuser': {
    type: 'boolean',
    description: 'Take a login that row-level security does not hold back; tools still work under roles that it does',
    environment: 'DB_ALLOW_SUPERUSER',
  },
  'pool-max': {
    type: 'string',
    description: 'Connections to Postgres at most; default 5',
    placeholder: 'number',
    environment: 'DB_POOL_MAX',
  },
  'statement-timeout': {
    type: 'string',
    description: 'Stop a query that takes longer; default 3000',
    placeholder: 'ms',
    environment: 'DB_STATEMENT_TIMEOUT_MS',
  },
  'lock-timeout': {
    type: 'string',
    description: 'Give up waiting for a locked row after this time; default 1000',
    placeholder: 'ms',
    environment: 'DB_LOCK_TIMEOUT_MS',
  },
} as const;

/** What the command line gave for the {@link connectionOptions}. */
export interface ConnectionValues {
  readonly 'database-url': string | undefined;
  readonly 'data-dir': string | undefined;
  readonly 'allow-superuser': boolean | undefined;
  readonly 'pool-max': string | undefined;
  readonly 'statement-timeout': string | undefined;
  readonly 'lock-timeout': string | undefined;
}

/** A number that nobody can mean: more connections than a server has, or a query of more than an hour. */
const LIMITS = { 'pool-max': 1_000, 'statement-timeout': 3_600_000, 'lock-timeout': 3_600_000 } as const;

/**
 * The database that the operator named, or the embedded one with demo data; nothing is opened before its first use.
 * @param config - Wins over what the operator gave
 * @throws Error with one line for the operator, when the values make no sense or contradict each other
 */
export function openCommerce(
  values: ConnectionValues,
  config: Partial<DatabaseConfig> & Pick<DatabaseConfig, 'applicationName'>,
): Database<CommerceSchema> {
  const { 'database-url': url, 'data-dir': dataDirectory } = values;
  const { applicationName } = config;
  const required = {
    schema: { version: schemaVersion, migrateCommand: `${applicationName} migrate` },
    access: {
      readRole: READ_ROLE,
      writeRole: WRITE_ROLE,
      checkCommand: `${applicationName} check`,
      allowSuperuser: values['allow-superuser'] ?? false,
    },
  };
  const limits = {
    maxConnections: limitOf(values, 'pool-max'),
    statementTimeout: limitOf(values, 'statement-timeout'),
    lockTimeout: limitOf(values, 'lock-timeout'),
  };
  if (url !== undefined && dataDirectory !== undefined) {
    throw new Error('Give --data-dir or a Postgres by --database-url (or the variable DATABASE_URL), not both.');
  }
  if (url !== undefined && !/^postgres(ql)?:\/\//.test(url)) {
    throw new Error('--database-url (or DATABASE_URL) has to begin with postgres:// or postgresql://.');
  }
  return openDatabase({ url, dataDirectory, template: demoTemplate, ...required, ...limits, ...config });
}

/** A limit; without one there would be none, so 0 is not taken either. */
function limitOf(values: ConnectionValues, name: keyof typeof LIMITS): number | undefined {
  return wholeNumber(values[name], { name, environment: connectionOptions[name].environment }, 1, LIMITS[name]);
}
