import type { PostgresPool, PostgresPoolClient } from 'kysely';

/** What has to hold of a database before anything else may be done with it. */
export type Check = (client: PostgresPoolClient) => Promise<void>;

/**
 * A pool that hands out no connection before a check has passed. It asks until the answer is yes, then never again, so
 * an operator can mend the database while the program runs.
 */
export function guardPool(pool: PostgresPool, check: Check): PostgresPool {
  let passed = false;
  return {
    ...(pool.Client ? { Client: pool.Client } : {}),
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect();
      if (passed) return client;
      try {
        await check(client);
        passed = true;
        return client;
      } catch (error) {
        client.release();
        throw error;
      }
    },
  };
}
