import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';

/** Which migrations a database has had. */
export const MIGRATION_TABLE = 'mortise_migration';

/**
 * Brings a database to the newest schema. Two processes may do it at once on Postgres, where a session lock lets one
 * wait for the other: connect to the server directly, not through a pooler that shares sessions.
 * @param migrations - By name; they run in the order of their names, all in one transaction
 * @returns The names of those that ran; empty when there was nothing to do
 */
export async function migrateToLatest<Schema>(
  db: Kysely<Schema>,
  migrations: Readonly<Record<string, Migration>>,
): Promise<readonly string[]> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: `${MIGRATION_TABLE}_lock`,
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  return (results ?? []).map(({ migrationName }) => migrationName);
}
