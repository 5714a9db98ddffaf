import { sql, type Kysely } from 'kysely';

/** A table of this package's own, made on first use by a role that may; another role can use one that is there. */
export class OwnTable {
  readonly #name: string;
  readonly #columns: string;
  #made: Promise<void> | undefined;

  /** @param columns - As in `create table`, written by us */
  constructor(name: string, columns: string) {
    this.#name = name;
    this.#columns = columns;
  }

  /** Resolves when the table is there; after a failure the next call tries again. */
  async on<Schema>(db: Kysely<Schema>): Promise<void> {
    this.#made ??= this.#make(db);
    try {
      await this.#made;
    } catch (error) {
      this.#made = undefined;
      throw error;
    }
  }

  async #make<Schema>(db: Kysely<Schema>): Promise<void> {
    await db.transaction().execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(hashtext(${this.#name}))`.execute(transaction);
      const { rows } = await sql<{ there: boolean }>`select to_regclass(${this.#name}) is not null as there`.execute(
        transaction,
      );
      if (rows[0]?.there) return;
      await sql`create table ${sql.table(this.#name)} (${sql.raw(this.#columns)})`.execute(transaction);
    });
  }
}
