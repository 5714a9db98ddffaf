import { DatabaseProblem } from '@mortise/database';

import type { Caller, TenantDatabase } from './tenancy.ts';

const MINUTE = 60_000;

/**
 * The databases of callers, each within the same budget.
 * @param milliseconds - Per minute; `undefined` for no limit
 */
export function withinBudget<Who extends Caller & { readonly subject: string }>(
  databaseOf: (caller: Who | undefined) => TenantDatabase,
  milliseconds: number | undefined,
): (caller: Who | undefined) => TenantDatabase {
  if (milliseconds === undefined) return databaseOf;
  const budget = new QueryBudget(milliseconds);
  return (caller) => {
    const own = databaseOf(caller);
    return budget.of(JSON.stringify([own.tenant, caller?.subject]), own);
  };
}

/** Counts how long the database works for each caller, in this process, and refuses more than a budget per minute. */
export class QueryBudget {
  readonly #budget: number;
  readonly #now: () => number;
  readonly #spent = new Map<string, number>();
  #minute: number;

  /**
   * @param budget - Milliseconds per minute
   * @param now - Milliseconds of a clock that never goes back
   */
  constructor(budget: number, now: () => number = () => performance.now()) {
    this.#budget = budget;
    this.#now = now;
    this.#minute = now();
  }

  /**
   * The database as a caller may use it: a transaction that begins when the budget is spent is refused.
   * @returns What throws DatabaseProblem `QUERY_BUDGET_SPENT`, whose `details.retry_after` is in seconds
   */
  of(principal: string, database: TenantDatabase): TenantDatabase {
    const counted = <T>(work: () => Promise<T>): Promise<T> => this.#count(principal, work);
    return {
      tenant: database.tenant,
      read: async (run, scope) => {
        this.#check(principal);
        return database.read((db) => counted(() => run(db)), scope);
      },
      write: async (run, scope) => {
        this.#check(principal);
        return database.write((transaction) => counted(() => run(transaction)), scope);
      },
    };
  }

  #check(principal: string): void {
    const age = this.#now() - this.#minute;
    if (age >= MINUTE) {
      this.#spent.clear();
      this.#minute = this.#now();
    } else if ((this.#spent.get(principal) ?? 0) >= this.#budget) {
      const seconds = Math.max(1, Math.ceil((MINUTE - age) / 1_000));
      throw new DatabaseProblem({
        code: 'QUERY_BUDGET_SPENT',
        message: 'The database has worked for this caller as long as it may in one minute.',
        hint: `Wait ${seconds} s before the next call, and ask for less at a time.`,
        retryable: true,
        details: { retry_after: seconds },
      });
    }
  }

  async #count<T>(principal: string, work: () => Promise<T>): Promise<T> {
    const start = this.#now();
    try {
      return await work();
    } finally {
      this.#spent.set(principal, (this.#spent.get(principal) ?? 0) + this.#now() - start);
    }
  }
}
