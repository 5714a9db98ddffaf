import { cancelledBy } from '@mortise/database';
import { sql } from 'kysely';
import type { ReadonlyKysely } from 'kysely/readonly';

import { ignoresAccents } from './norm.ts';
import type { CommerceSchema } from './schema.ts';

/** What a database says of itself to who may only read. */
export interface DatabaseHealth {
  /** Version of Postgres, such as `17.6`. */
  readonly postgres: string;
  /** The newest migration. */
  readonly schema: string;
  /** Under which role this was read. */
  readonly role: string;
  readonly extensions: { readonly pg_trgm: boolean; readonly unaccent: boolean };
}

/** Asks a database how it is, in one statement. */
export async function databaseHealth(db: ReadonlyKysely<CommerceSchema>, signal: AbortSignal): Promise<DatabaseHealth> {
  const { trigram, unaccent, ...rest } = await db
    .selectNoFrom([
      sql<string>`split_part(current_setting('server_version'), ' ', 1)`.as('postgres'),
      sql<string>`(select name from mortise_migration order by name collate "C" desc limit 1)`.as('schema'),
      sql<string>`current_user::text`.as('role'),
      sql<boolean>`exists (select from pg_extension where extname = 'pg_trgm')`.as('trigram'),
      ignoresAccents.as('unaccent'),
    ])
    .executeTakeFirstOrThrow(cancelledBy(signal));
  return { ...rest, extensions: { pg_trgm: trigram, unaccent } };
}
