import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { createSpellings, SPELLINGS_INDEX } from '../spellings.ts';

async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(createSpellings).execute(db);
  await sql.raw(`create index customers_spellings on ${SPELLINGS_INDEX}`).execute(db);
}

/** An index of spellings, so that what is misspelt by a letter is found as fast as anything else. */
export const spellings: Migration = { up };
