import { CursorSigner, demoTemplate, migrate, schemaVersion, type CommerceSchema } from '@mortise/commerce';
import { type Database, type DatabaseConfig, describeDatabaseError, openDatabase } from '@mortise/database';
import { ConfigurationError, createServer, type OptionValues, type Program } from '@mortise/toolkit';

import manifest from '../package.json' with { type: 'json' };
import type { ConfirmationMode } from './confirmation.ts';
import { describeError } from './describe-error.ts';
import { OrderEnding } from './order-ending.ts';
import { OrderReading } from './order-reading.ts';
import { OrderWriting } from './order-writing.ts';
import { Orders } from './orders.ts';
import { surface } from './surface.gen.ts';
import { TaxRate } from './tax-rate.ts';

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
  'orders-read-only': {
    type: 'boolean',
    description: 'The same as --read-only',
    environment: 'ORDERS_READ_ONLY',
  },
  'tax-percent': {
    type: 'string',
    description: 'Tax that create_order adds to the prices; the demo data has 8',
    placeholder: 'number',
    environment: 'ORDERS_TAX_PERCENT',
  },
  confirm: {
    type: 'string',
    description: 'How cancelling and refunding are confirmed: auto asks the user, token never asks, off needs none',
    placeholder: 'auto|token|off',
    environment: 'CONFIRM_WRITES',
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

/** The tax of the demo data; on a database of somebody's own there is no default that could be right. */
const DEMO_TAX = '8';

function taxRate(values: Values): TaxRate {
  const { 'tax-percent': percent, 'database-url': url } = values;
  if (percent === undefined && url !== undefined) {
    throw new ConfigurationError(
      'Say which tax create_order adds: --tax-percent (or ORDERS_TAX_PERCENT), such as 7.7 or 0; or give --read-only.',
    );
  }
  const rate = TaxRate.parse(percent ?? DEMO_TAX);
  if (rate) return rate;
  throw new ConfigurationError(
    '--tax-percent (or ORDERS_TAX_PERCENT) has to be a number from 0 to 100 with up to three decimals.',
  );
}

function confirmationMode({ confirm = 'auto' }: Values): ConfirmationMode {
  if (confirm === 'auto' || confirm === 'token' || confirm === 'off') return confirm;
  throw new ConfigurationError('--confirm (or CONFIRM_WRITES) has to be auto, token or off.');
}

function program(readOnly: boolean): Program {
  return createServer({
    name: 'orders',
    version,
    description,
    surface: readOnly ? { ...surface, classes: surface.classes.filter(([type]) => type === OrderReading) } : surface,
    options,
    commands: {
      migrate: { description: 'Create or update the tables in the database', run: runMigrate },
    },
    describeError,
    setup: (stack, context) => {
      const { options: values } = context;
      const writing = readOnly ? undefined : { tax: taxRate(values), mode: confirmationMode(values) };
      const schema = { version: schemaVersion, migrateCommand: 'orders migrate' };
      const database = stack.use(open(values, { readOnly, schema }));
      context.onReady((signal) => database.ping(signal));
      const reading = new OrderReading(new Orders(database.db, new CursorSigner(process.env['MORTISE_STATE_KEY'])));
      if (!writing) return reading;
      return [reading, new OrderWriting(database.db, writing.tax), new OrderEnding(database.db, writing.mode)];
    },
  });
}

/** What is offered is known before the options are: each of the two programs is made with its own surface. */
const server: Program = {
  ...program(false),
  start: (values, deployment) => {
    const readOnly = deployment?.tools?.readOnly === true || values['orders-read-only'] === true;
    return program(readOnly).start(values, deployment);
  },
};

export default server;
