import { type Kysely, sql, type Transaction } from 'kysely';
import type { ReadonlyKysely } from 'kysely/readonly';

/**
 * Whom the work of a transaction is for: settings by name, such as `app.tenant_id`, that hold for this one transaction.
 * Policies of row-level security read them by `current_setting(name, true)`.
 */
export type Scope = Readonly<Record<string, string>>;

/** Several statements that see one moment, or that happen together. */
export interface Transactions<Schema> {
  /**
   * Reads in a transaction that cannot write: `READ ONLY`, `REPEATABLE READ`, under the role for reading, with a type
   * that has no method for anything else.
   */
  read<T>(run: (db: ReadonlyKysely<Schema>) => Promise<T>, scope?: Scope): Promise<T>;
  /**
   * Writes in a transaction under the role for writing. `READ COMMITTED`: whoever waited for another transaction sees
   * what that one wrote.
   */
  write<T>(run: (transaction: Transaction<Schema>) => Promise<T>, scope?: Scope): Promise<T>;
}

/** The roles that transactions run under, where the login may take them. */
export interface TransactionRoles {
  readonly read: string | undefined;
  readonly write: string | undefined;
}

/** Begins transactions with the role and the scope that they are to have. */
export class ScopedTransactions<Schema> implements Transactions<Schema> {
  readonly #db: Kysely<Schema>;
  readonly #roles: () => TransactionRoles;

  /** @param roles - Asked when a transaction has its connection */
  constructor(db: Kysely<Schema>, roles: () => TransactionRoles) {
    this.#db = db;
    this.#roles = roles;
  }

  read<T>(run: (db: ReadonlyKysely<Schema>) => Promise<T>, scope: Scope = {}): Promise<T> {
    const builder = this.#db.transaction().setAccessMode('read only').setIsolationLevel('repeatable read');
    return builder.execute(async (transaction) => {
      await enter(transaction, this.#roles().read, scope);
      return run(transaction as unknown as ReadonlyKysely<Schema>);
    });
  }

  write<T>(run: (transaction: Transaction<Schema>) => Promise<T>, scope: Scope = {}): Promise<T> {
    const builder = this.#db.transaction().setAccessMode('read write').setIsolationLevel('read committed');
    return builder.execute(async (transaction) => {
      await enter(transaction, this.#roles().write, scope);
      return run(transaction);
    });
  }
}

/** One statement for all of it; `role` as a setting is `SET LOCAL ROLE`. The transaction's end takes it back. */
async function enter<Schema>(transaction: Kysely<Schema>, role: string | undefined, scope: Scope): Promise<void> {
  const settings = Object.entries(role === undefined ? scope : { ...scope, role });
  if (settings.length === 0) return;
  const calls = settings.map(([name, value]) => sql`set_config(${name}, ${value}, true)`);
  await sql`select ${sql.join(calls)}`.execute(transaction);
}
