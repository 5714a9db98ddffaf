// What only a Postgres server can do to its clients.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { describeDatabaseError } from '@mortise/database';

import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';

describe.skipIf(process.env['TEST_DATABASE'] === 'embedded')('connections to Postgres', () => {
  let server: OpenTestDatabase;

  beforeAll(async () => {
    server = await openTestDatabase();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  function backends(name: string): Promise<readonly { pid: number; state: string }[]> {
    return sql<{ pid: number; state: string }>`
      select pid, state from pg_stat_activity where application_name = ${name} and datname = current_database()`
      .execute(server.open({ applicationName: 'watcher' }).db)
      .then(({ rows }) => rows);
  }

  test('are opened by the first use and not before', async () => {
    const database = server.open({ applicationName: 'lazy' });
    expect(await backends('lazy')).toHaveLength(0);
    await database.ping();
    expect(await backends('lazy')).toHaveLength(1);
    await database[Symbol.asyncDispose]();
    await expect.poll(() => backends('lazy')).toHaveLength(0);
  });

  test('are at most as many as allowed', async () => {
    const { db } = server.open({ applicationName: 'few', maxConnections: 3 });
    await Promise.all(Array.from({ length: 20 }, () => sql`select pg_sleep(0.01)`.execute(db)));
    expect(await backends('few')).toHaveLength(3);
  });

  test('that the server ends are replaced', async () => {
    const { db } = server.open({ applicationName: 'ended', maxConnections: 1 });
    await sql`select 1`.execute(db);
    const admin = server.open().db;
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ended'`.execute(admin);
    await expect
      .poll(() =>
        sql`select 1`.execute(db).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
  });

  test('that the server ends in the middle of a query give a described error', async () => {
    const { db } = server.open({ applicationName: 'cut' });
    const query = sql`select pg_sleep(30)`.execute(db).catch((reason: unknown) => reason);
    await expect.poll(async () => (await backends('cut')).map(({ state }) => state)).toContain('active');
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cut'`.execute(
      server.open().db,
    );
    expect(describeDatabaseError(await query)).toMatchObject({ code: 'DB_UNAVAILABLE', retryable: true });
    await expect(sql`select 1`.execute(db)).resolves.toBeDefined();
  });

  test('stop a query on the server when the caller cancels it', async () => {
    const { db } = server.open({ applicationName: 'cancelled' });
    const controller = new AbortController();
    const query = sql`select pg_sleep(2.5)`
      .execute(db, { signal: controller.signal, inflightQueryAbortStrategy: 'cancel query' })
      .catch((reason: unknown) => reason);
    await expect.poll(async () => (await backends('cancelled')).map(({ state }) => state)).toContain('active');
    controller.abort(new Error('changed my mind'));
    expect(await query).toMatchObject({ message: 'changed my mind' });
    await expect
      .poll(async () => (await backends('cancelled')).map(({ state }) => state), { timeout: 1_000 })
      .not.toContain('active');
  });

  test('that wait too long for a locked row give up', async () => {
    const holder = server.open({ applicationName: 'holder', idleInTransactionTimeout: 0 }).db;
    const waiter = server.open({ applicationName: 'waiter', lockTimeout: 200 }).db;
    await holder.transaction().execute(async (transaction) => {
      await transaction.selectFrom('customers').select('id').where('id', '=', 1005).forUpdate().execute();
      const write = waiter.updateTable('customers').set({ version: 9 }).where('id', '=', 1005).execute();
      const error: unknown = await write.catch((reason: unknown) => reason);
      expect(describeDatabaseError(error)).toMatchObject({ code: 'DB_BUSY', retryable: true });
    });
  });

  test('lose a transaction that does nothing for too long, and only that', async () => {
    const { db } = server.open({ applicationName: 'idle', idleInTransactionTimeout: 100 });
    const work = db.transaction().execute(async (transaction) => {
      await sql`select 1`.execute(transaction);
      await new Promise((resolve) => setTimeout(resolve, 400));
      await sql`select 1`.execute(transaction);
    });
    const error: unknown = await work.catch((reason: unknown) => reason);
    expect(describeDatabaseError(error)).toMatchObject({ code: 'DB_UNAVAILABLE', retryable: true });
    await expect(sql`select 1`.execute(db)).resolves.toBeDefined();
  });

  test('keep their rules when the URL has options of its own', async () => {
    const url = new URL(server.url ?? '');
    url.searchParams.set('options', '-c statement_timeout=0 -c default_transaction_read_only=off');
    const { db } = server.open({ url: url.href, readOnly: true });
    const { rows } = await sql<{ read_only: string; timeout: string }>`
      select current_setting('default_transaction_read_only') as read_only,
             current_setting('statement_timeout') as timeout`.execute(db);
    expect(rows[0]).toEqual({ read_only: 'on', timeout: '3s' });
  });
});
