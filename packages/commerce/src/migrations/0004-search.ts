import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

async function up(db: Kysely<unknown>): Promise<void> {
  await sql`drop function if exists customers_containing(text, bigint[], integer), customers_similar(text)`.execute(db);
}

/** Search goes on from page to page: its functions take a place to go on from, and are made anew after this. */
export const search: Migration = { up };
