import { demoTemplate, READ_ROLE, WRITE_ROLE, type CommerceSchema } from '@mortise/commerce';
import { openDatabase, type Database, type DatabaseConfig } from '@mortise/database';
import { testDatabase } from '@mortise/testing/postgres';

/** A database with the demo data for one test file, on the engine that this run is about. */
export interface OpenTestDatabase extends AsyncDisposable {
  /** `undefined` on the embedded engine. */
  readonly url: string | undefined;
  /** Opens another handle: on Postgres to the same database, on the embedded engine to a new one. */
  open<Schema = CommerceSchema>(config?: Partial<DatabaseConfig>): Database<Schema>;
}

/** Tests log in as whoever may do everything; `read` and `write` work under the roles all the same. */
const access = { readRole: READ_ROLE, writeRole: WRITE_ROLE, checkCommand: 'test check', allowSuperuser: true };

/** Gives a test file its database; every handle is closed with it. */
export async function openTestDatabase(): Promise<OpenTestDatabase> {
  const { url, ...copy } = await testDatabase();
  const open: Database<unknown>[] = [];
  return {
    url,
    open: <Schema>(config: Partial<DatabaseConfig> = {}) => {
      const database = openDatabase<Schema>({
        url,
        template: demoTemplate,
        applicationName: 'test',
        access,
        ...config,
      });
      open.push(database as Database<unknown>);
      return database;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(open.map((database) => database[Symbol.asyncDispose]()));
      await copy[Symbol.asyncDispose]();
    },
  };
}
