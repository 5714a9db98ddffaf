export type { AccessRules } from './access.ts';
export { openDatabase, type Database, type DatabaseConfig } from './database.ts';
export { DatabaseProblem, describeDatabaseError, type DatabaseErrorDescription } from './errors.ts';
export { migrateToLatest } from './migrate.ts';
export type { RequiredSchema } from './schema-version.ts';
export type { SessionLimits } from './session-settings.ts';
export { spentStates, type SpentStates } from './stores/state-store.ts';
export { writeTemplate } from './template.ts';
export type { Scope, Transactions } from './transactions.ts';
