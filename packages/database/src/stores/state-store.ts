import { sql, type Kysely } from 'kysely';
import { OwnTable } from './table.ts';

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
  const table = new OwnTable(TABLE, 'id text primary key, expires timestamptz not null');
  return {
    async spend(id, expires) {
      await table.on(db);
      const { rows } = await sql`
        with forgotten as (delete from ${sql.table(TABLE)} where expires < now())
        insert into ${sql.table(TABLE)} (id, expires) values (${id}, to_timestamp(${expires / 1_000}))
        on conflict (id) do nothing
        returning id`.execute(db);
      return rows.length === 1;
    },
  };
}
