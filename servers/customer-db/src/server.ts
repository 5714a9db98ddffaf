import { connectionOptions, migrateCommerce, openCommerce, schemaVersion } from '@mortise/commerce';
import { describeDatabaseError } from '@mortise/database';
import { createServer, type Server } from '@mortise/toolkit';

import manifest from '../package.json' with { type: 'json' };
import { CustomerDb } from './customer-db.ts';
import { Customers } from './customers.ts';
import { surface } from './surface.gen.ts';

const { version, description } = manifest;

const server: Server = createServer({
  name: 'customer-db',
  version,
  description,
  surface,
  options: connectionOptions,
  commands: {
    migrate: {
      description: 'Create or update the tables in the database',
      run: (values) => migrateCommerce(values, 'customer-db'),
    },
  },
  describeError: describeDatabaseError,
  setup: (stack, context) => {
    const schema = { version: schemaVersion, migrateCommand: 'customer-db migrate' };
    const database = stack.use(
      openCommerce(context.options, { applicationName: 'customer-db', readOnly: true, schema }),
    );
    context.onReady((signal) => database.ping(signal));
    return new CustomerDb(new Customers(database.db));
  },
});

export default server;
