// What both engines promise: the same types, the same rules, and that an error costs nothing but itself.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { describeDatabaseError, type Database } from '@mortise/database';
import type { CommerceSchema } from '@mortise/commerce';

import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';

let server: OpenTestDatabase;
let database: Database<CommerceSchema>;

beforeAll(async () => {
  server = await openTestDatabase();
  database = server.open();
});
afterAll(() => server[Symbol.asyncDispose]());

/** The error of a promise that has to fail. */
async function failure(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  return promise.then(
    () => expect.fail('it succeeded'),
    (error: Error) => error,
  );
}

const FAST = { statementTimeout: 300 };
const slowQuery = sql`select count(*) from generate_series(1, 100000000)`;

describe('values', () => {
  test('come back with the same JavaScript types', async () => {
    const { rows } = await sql`
      select 42::int8 as big, 7 as small, 1.50::numeric as exact, 0.5::float8 as approximate, true as yes,
             null::text as nothing, 'Zoë''s'::text as text, '{"a": [1]}'::jsonb as json, '\\x0aff'::bytea as bytes,
             date '2024-03-10' as day, timestamp '2024-03-10 09:30' as wall_clock,
             timestamptz '2024-03-10 09:30:00.123456+09' as instant, array[1, null]::int8[] as numbers,
             array[timestamptz '2024-03-10 00:00+00'] as instants, array['a', 'b,"c"'] as texts`.execute(database.db);
    expect(rows[0]).toEqual({
      big: 42,
      small: 7,
      exact: '1.50',
      approximate: 0.5,
      yes: true,
      nothing: null,
      text: "Zoë's",
      json: { a: [1] },
      bytes: Buffer.from([0x0a, 0xff]),
      day: '2024-03-10',
      wall_clock: '2024-03-10 09:30:00',
      instant: '2024-03-10T00:30:00.123456Z',
      numbers: [1, null],
      instants: ['2024-03-10T00:00:00Z'],
      texts: ['a', 'b,"c"'],
    });
  });

  test('go in with the same JavaScript types', async () => {
    const day = new Date('2024-03-10T00:30:00.123Z');
    const { rows } = await sql`
      select ${42}::int8 as number, ${true}::boolean as yes, ${null}::text as nothing, ${day}::timestamptz as instant,
             ${['a', 'b,"c"', null]}::text[] as texts, ${[1, 2]}::int8[] as numbers, ${{ a: 1 }}::jsonb as json,
             ${Buffer.from([0, 255])}::bytea as bytes, ${'2024-03-10T00:30:00.123456Z'}::timestamptz as micros`.execute(
      database.db,
    );
    expect(rows[0]).toEqual({
      number: 42,
      yes: true,
      nothing: null,
      instant: '2024-03-10T00:30:00.123Z',
      texts: ['a', 'b,"c"', null],
      numbers: [1, 2],
      json: { a: 1 },
      bytes: Buffer.from([0, 255]),
      micros: '2024-03-10T00:30:00.123456Z',
    });
  });

  test('of 64 bits are exact or an error', async () => {
    const largest = await sql<{ n: number }>`select 9007199254740991::int8 as n`.execute(database.db);
    expect(largest.rows[0]?.n).toBe(Number.MAX_SAFE_INTEGER);
    await expect(sql`select 9007199254740993::int8 as n`.execute(database.db)).rejects.toThrow(RangeError);
    await expect(database.ping()).resolves.toBeUndefined();
  });

  test('count the rows that a statement changed', async () => {
    const none = await database.db.deleteFrom('customers').where('id', '=', -1).executeTakeFirst();
    expect(none.numDeletedRows).toBe(0n);
    const one = await database.db
      .updateTable('customers')
      .set({ version: 2 })
      .where('id', '=', 1001)
      .executeTakeFirst();
    expect(one.numUpdatedRows).toBe(1n);
  });
});

describe('rules', () => {
  test('a read-only transaction refuses to write', async () => {
    const write = database.db
      .transaction()
      .setAccessMode('read only')
      .execute((transaction) => transaction.deleteFrom('order_events').execute());
    expect(describeDatabaseError(await failure(write))).toMatchObject({ code: 'READ_ONLY', retryable: false });
  });

  test('a read-only database refuses to write outside a transaction, and in one that does not ask for it', async () => {
    const { db } = server.open({ readOnly: true });
    expect(await failure(db.deleteFrom('order_events').execute())).toMatchObject({ code: '25006' });
    const write = db.transaction().execute((transaction) => transaction.deleteFrom('order_events').execute());
    expect(await failure(write)).toMatchObject({ code: '25006' });
  });

  test('no statement can smuggle in a second one', async () => {
    const smuggle = database.db
      .transaction()
      .setAccessMode('read only')
      .execute((transaction) => sql.raw('commit; delete from order_events; begin').execute(transaction));
    expect(await failure(smuggle)).toMatchObject({ code: '42601' });
    const { rows } = await sql<{ n: number }>`select count(*) as n from order_events`.execute(database.db);
    expect(rows[0]?.n).toBeGreaterThan(0);
  });

  test('a transaction has the isolation level that it asks for', async () => {
    const level = await database.db
      .transaction()
      .setIsolationLevel('serializable')
      .execute((transaction) =>
        sql<{ transaction_isolation: string }>`show transaction_isolation`.execute(transaction),
      );
    expect(level.rows[0]?.transaction_isolation).toBe('serializable');
  });

  test('a transaction that fails leaves nothing behind', async () => {
    const work = database.db.transaction().execute(async (transaction) => {
      await transaction.updateTable('customers').set({ notes: 'changed' }).where('id', '=', 1002).execute();
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    const row = await database.db.selectFrom('customers').select('notes').where('id', '=', 1002).executeTakeFirst();
    expect(row?.notes).toBeNull();
  });

  test('sessions run in UTC', async () => {
    const { rows } = await sql<{ zone: string }>`select current_setting('TimeZone') as zone`.execute(database.db);
    expect(rows[0]?.zone).toBe('UTC');
  });
});

describe('errors', () => {
  test('a violated constraint leaves the connection usable', async () => {
    const again = {
      tenant_id: 'main',
      name: 'Dana',
      email: 'DANA.WHITFIELD@acme.example',
      segment: 'consumer' as const,
      phone: null,
    };
    const insert = (): Promise<unknown> =>
      database.db
        .insertInto('customers')
        .values({ ...again, company: null, notes: null })
        .execute();
    for (let attempt = 0; attempt < 3; attempt += 1) expect(await failure(insert())).toMatchObject({ code: '23505' });
    const row = await database.db.selectFrom('customers').select('name').where('id', '=', 1001).executeTakeFirst();
    expect(row?.name).toBe('Dana Whitfield');
  });

  test('of Postgres carry no parameters and no query text', async () => {
    const error = await failure(sql`select ${'s3cret-value'}::int`.execute(database.db));
    expect(error).toMatchObject({ name: 'error', code: '22P02' });
    expect(Object.keys(error)).not.toContain('params');
    expect(Object.keys(error)).not.toContain('query');
  });

  test('a query that runs too long is stopped, and the next one works', async () => {
    const { db } = server.open(FAST);
    await sql`select 1`.execute(db);
    const started = performance.now();
    const problem = describeDatabaseError(await failure(slowQuery.execute(db)));
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(problem).toMatchObject({ code: 'QUERY_TIMEOUT', retryable: false });
    const after = await db.selectFrom('customers').select('id').where('id', '=', 1001).executeTakeFirst();
    expect(after?.id).toBe(1001);
  });

  test('a transaction that lost its engine does not go on in another', async () => {
    const { db } = server.open(FAST);
    const work = db.transaction().execute(async (transaction) => {
      await failure(slowQuery.execute(transaction));
      return await sql`select 1`.execute(transaction);
    });
    await expect(work).rejects.toThrow(Error);
    await expect(sql`select 1`.execute(db)).resolves.toBeDefined();
  });
});

describe('many at once', () => {
  test('each of twenty queries gets its own answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const { rows } = await sql<{ index: number }>`select ${index}::int as index`.execute(database.db);
        return rows[0]?.index;
      }),
    );
    expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  test('twenty transactions that count up lose no step', async () => {
    await Promise.all(
      Array.from({ length: 20 }, () =>
        database.db.transaction().execute(async (transaction) => {
          await transaction
            .updateTable('customers')
            .set(({ eb }) => ({ version: eb('version', '+', 1) }))
            .where('id', '=', 1003)
            .execute();
        }),
      ),
    );
    const row = await database.db.selectFrom('customers').select('version').where('id', '=', 1003).executeTakeFirst();
    expect(row?.version).toBe(21);
  });

  test('whoever waits too long for a connection is told so', async () => {
    const { db } = server.open({ maxConnections: 1, connectTimeout: 200 });
    await sql`select 1`.execute(db);
    const { promise, resolve: free } = Promise.withResolvers<void>();
    const held = db.connection().execute(() => promise);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const problem = describeDatabaseError(await failure(sql`select 1`.execute(db)));
    expect(problem).toMatchObject({ code: 'DB_BUSY', retryable: true });
    free();
    await held;
    await expect(sql`select 1`.execute(db)).resolves.toBeDefined();
  });
});

describe('cancelling', () => {
  test('ends the wait at once', async () => {
    const { db } = server.open();
    await sql`select 1`.execute(db);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('changed my mind')), 100);
    const started = performance.now();
    const query = slowQuery.execute(db, { signal: controller.signal, inflightQueryAbortStrategy: 'cancel query' });
    await expect(query).rejects.toThrow('changed my mind');
    expect(performance.now() - started).toBeLessThan(1_500);
    await expect(sql`select 1`.execute(db)).resolves.toBeDefined();
  });

  test('in a transaction undoes it, and mixes up no answers', async () => {
    // On a busy machine what goes on after the cancelling takes longer than a statement may by default.
    const { db } = server.open({ maxConnections: 1, statementTimeout: 30_000 });
    await sql`select 1`.execute(db);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('changed my mind')), 100);
    const work = db.transaction().execute(async (transaction) => {
      await transaction.updateTable('customers').set({ notes: 'changed' }).where('id', '=', 1007).execute();
      await sql`select count(*) from generate_series(1, 5000000)`.execute(transaction, {
        signal: controller.signal,
        inflightQueryAbortStrategy: 'cancel query',
      });
    });
    await expect(work).rejects.toThrow('changed my mind');
    const { rows } = await sql<{ answer: number }>`select 42 as answer`.execute(db);
    expect(rows).toEqual([{ answer: 42 }]);
    const row = await db.selectFrom('customers').select('notes').where('id', '=', 1007).executeTakeFirst();
    expect(row).toEqual({ notes: null });
  });

  test('before the start sends nothing', async () => {
    const signal = AbortSignal.abort(new Error('never mind'));
    await expect(sql`select 1`.execute(database.db, { signal })).rejects.toThrow('never mind');
  });
});
