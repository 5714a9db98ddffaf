import { migrateToLatest } from '@mortise/database';
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { commerce } from './migrations/0001-commerce.ts';
import { orders } from './migrations/0002-orders.ts';
import { tenancy } from './migrations/0003-tenancy.ts';
import { search } from './migrations/0004-search.ts';
import { notes } from './migrations/0005-notes.ts';
import { spellings } from './migrations/0006-spellings.ts';
import { renewNorm } from './norm.ts';
import { notOurs, whoseDatabase } from './operator/whose-database.ts';
import { assignRoles } from './roles.ts';
import type { CommerceSchema } from './schema.ts';
import { createSearchFunctions } from './search-functions.ts';

const migrations: Readonly<Record<string, Migration>> = {
  '0001-commerce': commerce,
  '0002-orders': orders,
  '0003-tenancy': tenancy,
  '0004-search': search,
  '0005-notes': notes,
  '0006-spellings': spellings,
};

/** Name of the newest migration: the schema that this package works with. */
export const schemaVersion: string = '0006-spellings';

/** What a migration did. */
export interface Migrated {
  /** The names of the migrations that ran; empty when the schema was up to date. */
  readonly applied: readonly string[];
  /** Whether the roles are there; if not, the login may not make them, and works as itself. */
  readonly roles: boolean;
}

/**
 * Creates or updates the tables, and sets up what depends on the server more than on the version: what search
 * goes by, and roles. Only ever called because an operator asked for it, or on a database of our own.
 * @throws DatabaseProblem `DATABASE_TAKEN` when the tables there are somebody else's; then nothing was changed
 */
export async function migrate(db: Kysely<CommerceSchema>): Promise<Migrated> {
  if ((await whoseDatabase(db)) === 'someone else') throw notOurs();
  const applied = await migrateToLatest(db, migrations);
  const roles = await db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('mortise migrate', 0))`.execute(transaction);
    await renewNorm(transaction);
    await createSearchFunctions(transaction);
    return assignRoles(transaction);
  });
  return { applied, roles };
}
