import { CursorSigner, demoTemplate, migrate, schemaVersion, type CommerceSchema } from '@mortise/commerce';
import { type Database, type DatabaseConfig, describeDatabaseError, openDatabase } from '@mortise/database';
import { ConfigurationError, createServer, type OptionValues, type Server } from '@mortise/toolkit';

import manifest from '../package.json' with { type: 'json' };
import { OrderReading } from './order-reading.ts';
import { Orders } from './orders.ts';
import { surface } from './surface.gen.ts';

const { version, description } = manifest;

const options = {
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

type Values = OptionValues<typeof options>;

function open(values: Values, limits: Partial<DatabaseConfig>): Database<CommerceSchema> {
  const { 'database-url': url, 'data-dir': dataDirectory } = values;
  if (url !== undefined && dataDirectory !== undefined) {
    throw new ConfigurationError(
      'Give --data-dir or a Postgres by --database-url (or the variable DATABASE_URL), not both.',
    );
  }
  if (url !== undefined && !/^postgres(ql)?:\/\//.test(url)) {
    throw new ConfigurationError('--database-url (or DATABASE_URL) has to begin with postgres:// or postgresql://.');
  }
  return openDatabase({ url, dataDirectory, template: demoTemplate, applicationName: 'orders', ...limits });
}

async function runMigrate(values: Values): Promise<string> {
  if (values['database-url'] === undefined && values['data-dir'] === undefined) {
    throw new ConfigurationError(
      'migrate needs --database-url (or DATABASE_URL) or --data-dir: the database to migrate.',
    );
  }
  // Building an index on a large table takes as long as it takes.
  await using database = open(values, { statementTimeout: 0, lockTimeout: 0, idleInTransactionTimeout: 0 });
  try {
    const applied = await migrate(database.db);
    return applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`;
  } catch (error) {
    throw new ConfigurationError(explain(error), { cause: error });
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

const server: Server = createServer({
  name: 'orders',
  version,
  description,
  surface,
  options,
  commands: {
    migrate: { description: 'Create or update the tables in the database', run: runMigrate },
  },
  describeError: describeDatabaseError,
  setup: (stack, context) => {
    const schema = { version: schemaVersion, migrateCommand: 'orders migrate' };
    const database = stack.use(open(context.options, { readOnly: true, schema }));
    context.onReady((signal) => database.ping(signal));
    return new OrderReading(new Orders(database.db, new CursorSigner(process.env['MORTISE_STATE_KEY'])));
  },
});

export default server;
