// A database that fails while orders are changed: every change is there whole or not at all, the model is told whether
// to come again, and the server goes on without a restart.
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { migrate, type CommerceSchema } from '@mortise/commerce';
import { seed } from '@mortise/commerce/demo';
import { openDatabase, type Database, type DatabaseConfig } from '@mortise/database';
import { startPostgres, type Postgres } from '@mortise/testing/postgres';

import { ordersClient } from './orders-client.ts';
import { inconsistencies } from './orders-ledger.ts';

// A server of its own, as others' tests run on that of the run meanwhile.
describe.skipIf(process.env['TEST_DATABASE'] === 'embedded')('while orders are changed', () => {
  let server: Postgres;
  let admin: Database<CommerceSchema>;
  let keys = 0;

  beforeAll(async () => {
    server = await startPostgres({ source: 'local' });
    admin = open({ applicationName: 'admin', statementTimeout: 0, maxConnections: 2 });
    await migrate(admin.db);
    await seed(admin.db);
    // Test databases answer before a commit is written down, and a crash would lose the last of them.
    await sql
      .raw(`alter database ${new URL(server.url).pathname.slice(1)} set synchronous_commit = on`)
      .execute(admin.db);
    await admin[Symbol.asyncDispose]();
    admin = open({ applicationName: 'admin', statementTimeout: 0, maxConnections: 2 });
  });
  afterAll(async () => {
    await admin[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    keys += 1;
  });

  function open(config: Partial<DatabaseConfig>): Database<CommerceSchema> {
    return openDatabase({ url: server.url, applicationName: 'orders', ...config });
  }

  const lamps = (): Record<string, unknown> => ({
    customer_id: 'CUS-1008',
    items: [{ sku: 'LMP-300-USD', quantity: 1 }],
    idempotency_key: `failing-${keys}`,
    allow_duplicate: true,
  });

  /** Lets placing an order last until somebody ends it, right before its last row is written. */
  async function slowly<T>(run: () => Promise<T>): Promise<T> {
    await sql`create or replace function slow() returns trigger language plpgsql
      as 'begin perform pg_sleep(20); return new; end'`.execute(admin.db);
    await sql`create trigger slow before insert on audit_log for each row execute function slow()`.execute(admin.db);
    try {
      return await run();
    } finally {
      await expect
        .poll(
          () =>
            sql`drop trigger slow on audit_log`.execute(admin.db).then(
              () => true,
              () => false,
            ),
          { timeout: 60_000 },
        )
        .toBe(true);
    }
  }

  async function backend(): Promise<number> {
    const { rows } = await sql<{ pid: number }>`
      select pid from pg_stat_activity where application_name = 'orders' and wait_event = 'PgSleep'`.execute(admin.db);
    return rows[0]?.pid ?? 0;
  }

  test.each(['pg_terminate_backend', 'a crash of the server, which restarts'])(
    '%s',
    { timeout: 120_000 },
    async (how) => {
      await using database = open({ statementTimeout: 30_000 });
      await using client = await ordersClient(database);
      const { rows: before } = await sql<{ n: number }>`select count(*) as n from orders`.execute(admin.db);
      const lost = await slowly(async () => {
        const answer = client.call('create_order', lamps());
        await expect.poll(backend, { timeout: 10_000 }).toBeGreaterThan(0);
        const pid = await backend();
        if (how.startsWith('pg_')) await sql`select pg_terminate_backend(${pid})`.execute(admin.db);
        // Postgres takes the end of a process for a crash: it ends all others and recovers from its log.
        else process.kill(pid, 'SIGKILL');
        return await answer;
      });
      expect(lost.result).toMatchObject({ code: 'DB_UNAVAILABLE', retryable: true });

      // The same client, the same handle: what it was told to do, until it works.
      await expect
        .poll(async () => (await client.call('create_order', lamps())).isError, { timeout: 20_000 })
        .toBe(false);
      const again = await client.call('create_order', lamps());
      expect(again.result).toMatchObject({ status: 'pending', replayed: true });
      const { rows: after } = await sql<{ n: number }>`select count(*) as n from orders`.execute(admin.db);
      expect(after[0]?.n).toBe((before[0]?.n ?? 0) + 1);
      expect(await inconsistencies(admin.db)).toEqual([]);
    },
  );

  test('a pool that others have taken whole', async () => {
    await using database = open({ maxConnections: 1, connectTimeout: 200, lockTimeout: 10_000 });
    await using client = await ordersClient(database);
    const { result: order } = await client.call('create_order', lamps());
    const pay = { order_id: order.order_id as string, action: 'pay', expected_version: 1 };
    const { waiting, refused } = await admin.db.transaction().execute(async (transaction) => {
      await sql`select from orders where 'ORD-' || id = ${pay.order_id} for update`.execute(transaction);
      const first = client.call('advance_order', pay);
      await expect
        .poll(async () => {
          const { rows } =
            await sql`select from pg_stat_activity where application_name = 'orders' and wait_event_type = 'Lock'`.execute(
              transaction,
            );
          return rows.length;
        })
        .toBe(1);
      return { waiting: first, refused: await client.call('get_order', { order_id: pay.order_id }) };
    });
    expect(refused.result).toMatchObject({ code: 'DB_BUSY', retryable: true });
    expect((await waiting).result).toMatchObject({ status: 'paid' });
    expect((await client.call('get_order', { order_id: pay.order_id })).result).toMatchObject({ status: 'paid' });
  });
});
