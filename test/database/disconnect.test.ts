// A client that goes away in the middle of a call leaves no connection of the pool behind. The embedded engine has no
// pool to lose one of; engines.test.ts holds that it takes the next query.
import { testClient } from '@mortise/testing';
import { createServer } from '@mortise/toolkit';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import * as z from 'zod';

import { openTestDatabase } from './open-test-database.ts';

const database = await openTestDatabase();
afterAll(() => database[Symbol.asyncDispose]());

const CLIENTS = 5;

test.skipIf(database.url === undefined).each([
  ['2025', 'http'],
  ['2026', 'http'],
  ['2025', 'stdio'],
  ['2026', 'stdio'],
] as const)('clients of %s over %s that leave free the only connection', async (era, transport) => {
  const { db } = database.open({ maxConnections: 1, connectTimeout: 5_000 });
  await sql`select 1`.execute(db);
  const ended: unknown[] = [];
  let begun = Promise.withResolvers<void>();
  const server = createServer({ name: 'slow', version: '1' })
    .tool('count', { description: 'Count for long.', input: z.object({}) }, async (_, { signal }) => {
      begun.resolve();
      const counting = sql`select count(*) from generate_series(1, 50000000)`;
      await counting
        .execute(db, { signal, inflightQueryAbortStrategy: 'cancel query' })
        .finally(() => ended.push(signal.aborted));
      return 'counted';
    })
    .tool('ping', { description: 'Answer.', input: z.object({}) }, async () => {
      await sql`select 1`.execute(db);
      return 'pong';
    });
  await using t = await testClient(server, { era, transport });
  for (let client = 0; client < CLIENTS; client += 1) {
    begun = Promise.withResolvers();
    const leaving = new AbortController();
    const call = t.client.callTool({ name: 'count', arguments: {} }, { signal: leaving.signal });
    await begun.promise;
    leaving.abort('changed its mind');
    await expect(call).rejects.toThrow('changed its mind');
  }
  expect((await t.call('ping')).text).toBe('pong');
  await expect.poll(() => ended).toEqual(Array.from({ length: CLIENTS }, () => true));
});
