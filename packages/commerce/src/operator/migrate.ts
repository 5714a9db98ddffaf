import { type ConnectionValues, openCommerce } from '../command-line.ts';
import { migrate } from '../migrate.ts';
import { explained, unlimited } from './by-hand.ts';

/**
 * Creates or updates the tables in the database that the operator named; resolves with what was done, in one line.
 * @throws Error with one line for the operator
 */
export async function migrateCommerce(values: ConnectionValues, applicationName: string): Promise<string> {
  if (values['database-url'] === undefined && values['data-dir'] === undefined) {
    throw new Error('migrate needs --database-url (or DATABASE_URL) or --data-dir: the database to migrate.');
  }
  const database = openCommerce(values, { applicationName, ...unlimited, schema: undefined, access: undefined });
  try {
    const { applied, roles } = await migrate(database.db);
    const done = applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`;
    return roles ? done : `${done} ${NO_ROLES}`;
  } catch (error) {
    throw new Error(explained(error, 'The migration failed and nothing was changed.'), { cause: error });
  } finally {
    await database[Symbol.asyncDispose](); // Node 22 runs this file as it stands, and knows no `await using`
  }
}

const NO_ROLES =
  'This login may not make roles: it keeps the tables and works without roles of less rights. To have them, run migrate once as a superuser.';
