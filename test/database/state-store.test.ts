import { spentStates } from '@mortise/database';
import type { StateStore } from '@mortise/toolkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';

let server: OpenTestDatabase;
beforeAll(async () => {
  server = await openTestDatabase();
});
afterAll(() => server[Symbol.asyncDispose]());

const later = (): number => Date.now() + 600_000;

test('of many who come at once with one state, one is the first', async () => {
  const { db } = server.open();
  // the embedded engine belongs to one process, so that both share a handle there
  const other = server.url === undefined ? db : server.open().db;
  const stores = [spentStates(db), spentStates(other)] satisfies StateStore[];
  const spent = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => stores[index % 2]?.spend('one', later())),
  );
  expect(spent.filter(Boolean)).toHaveLength(1);
  expect(await stores[0]?.spend('another', later())).toBe(true);
  expect(await stores[1]?.spend('another', later())).toBe(false);
});

test('what has expired is forgotten', async () => {
  const { db } = server.open();
  const store = spentStates(db);
  expect(await store.spend('old', Date.now() - 1)).toBe(true);
  expect(await store.spend('new', later())).toBe(true);
  const { rows } = await sql<{ id: string }>`select id from mortise_spent_state where id in ('old', 'new')`.execute(db);
  expect(rows).toEqual([{ id: 'new' }]);
});
