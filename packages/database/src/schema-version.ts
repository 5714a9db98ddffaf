import type { PostgresPoolClient } from 'kysely';
import { DatabaseProblem } from './errors.ts';
import { MIGRATION_TABLE } from './migrate.ts';

/** The schema that a program needs. */
export interface RequiredSchema {
  /** Name of the newest migration that the program knows. */
  readonly version: string;
  /** The command that brings a database to it, for the operator, such as `customer-db migrate`. */
  readonly migrateCommand: string;
}

function outdated(message: string, { migrateCommand }: RequiredSchema): DatabaseProblem {
  return new DatabaseProblem({
    code: 'SCHEMA_OUTDATED',
    message,
    hint: `The operator has to run \`${migrateCommand}\` with the same --database-url or --data-dir.`,
    retryable: false,
  });
}

/** @throws DatabaseProblem `SCHEMA_OUTDATED` when the database does not have the schema that the program needs */
export async function checkSchema(client: PostgresPoolClient, required: RequiredSchema): Promise<void> {
  const table = await client.query<{ found: boolean }>('select to_regclass($1) is not null as found', [
    MIGRATION_TABLE,
  ]);
  if (!table.rows[0]?.found) throw outdated("The database is empty: it has none of this server's tables.", required);
  const newest = await client.query<{ name: string }>(
    `select name from ${MIGRATION_TABLE} order by name collate "C" desc limit 1`,
    [],
  );
  // A newer schema is no reason to stop: migrations only add until a release says otherwise.
  if ((newest.rows[0]?.name ?? '') < required.version) {
    throw outdated('The tables of the database are older than this server.', required);
  }
}
