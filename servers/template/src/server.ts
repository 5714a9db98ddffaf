import { describeDatabaseError, openDatabase } from '@mortise/database';
import { ConfigurationError, createServer, type Server } from '@mortise/toolkit';

import manifest from '../package.json' with { type: 'json' };
import { Notes } from './notes.ts';
import { surface } from './surface.gen.ts';
import { migrate, type Tables, version as schemaVersion } from './tables.ts';

const { version, description } = manifest;

const options = {
  'database-url': {
    type: 'string',
    description: 'Postgres to work on; without it, an embedded database in memory',
    placeholder: 'postgres://…',
    environment: 'DATABASE_URL',
  },
} as const;

const server: Server = createServer({
  name: 'template',
  version,
  description,
  surface,
  options,
  commands: {
    migrate: {
      description: 'Create or update the tables in the database',
      run: async ({ 'database-url': url }) => {
        if (url === undefined) throw new ConfigurationError('migrate needs --database-url (or DATABASE_URL).');
        const database = openDatabase<Tables>({ url, applicationName: 'template' });
        try {
          const applied = await migrate(database);
          return applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`;
        } finally {
          await database[Symbol.asyncDispose](); // Node 22 runs this file as it stands, and knows no `await using`
        }
      },
    },
  },
  describeError: describeDatabaseError,
  setup: async (stack, { options: { 'database-url': url }, onReady }) => {
    const schema = url === undefined ? undefined : { version: schemaVersion, migrateCommand: 'template migrate' };
    const database = stack.use(openDatabase<Tables>({ url, applicationName: 'template', schema }));
    onReady((signal) => database.ping(signal));
    if (url === undefined) await migrate(database);
    return new Notes(database.db);
  },
});

export default server;
