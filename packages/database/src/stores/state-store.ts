import { sql, type Kysely } from 'kysely';

/** The states of questions that were answered, and until when they have to be known. */
const TABLE = 'mortise_spent_state';

/** Remembers which states of questions were used; the `StateStore` of `@mortise/toolkit`. */
export interface SpentStates {
  /**
   * Resolves with true for the first who asks with this id, and with false for everybody after.
   * @param expires - When the id may be forgotten, in milliseconds since 1970
   */
  spend(id: string, expires: number): Promise<boolean>;
}

/**
 * Lets every answer of a user count once, in all processes that share the database. The table is made on first use, by
 * a role that may, and holds the states of the last ten minutes.
 *
 * ```ts
 * setup(stack, { useStateStore }) {
 *   const { db } = stack.use(openDatabase({ url, applicationName: 'orders' }));
 *   useStateStore(spentStates(db));
 *   return new Orders(db);
 * }
 * ```
 */
export function spentStates<Schema>(db: Kysely<Schema>): SpentStates {
  let table: Promise<unknown> | undefined;
  return {
    async spend(id, expires) {
      table ??= makeTable(db);
      try {
        await table;
      } catch (error) {
        table = undefined; // the next one tries again
        throw error;
      }
      const { rows } = await sql`
        with forgotten as (delete from ${sql.table(TABLE)} where expires < now())
        insert into ${sql.table(TABLE)} (id, expires) values (${id}, to_timestamp(${expires / 1_000}))
        on conflict (id) do nothing
        returning id`.execute(db);
      return rows.length === 1;
    },
  };
}

/** A role that may not make tables can use one that is there. */
async function makeTable<Schema>(db: Kysely<Schema>): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtext(${TABLE}))`.execute(transaction);
    const { rows } = await sql<{ there: boolean }>`select to_regclass(${TABLE}) is not null as there`.execute(
      transaction,
    );
    if (rows[0]?.there) return;
    await sql`create table ${sql.table(TABLE)} (id text primary key, expires timestamptz not null)`.execute(
      transaction,
    );
  });
}
