/**
 * A real Postgres for tests: one server per run, one migrated template, a database of its own for each test file.
 *
 * @packageDocumentation
 */
export { startPostgres } from './postgres/start-postgres.ts';
export type { Postgres, PostgresOptions, PostgresSource } from './postgres/start-postgres.ts';
export { prepareTestDatabases, testDatabase } from './postgres/test-database.ts';
export type { TestDatabase } from './postgres/test-database.ts';
