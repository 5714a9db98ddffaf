import { keptTasks } from '@mortise/database';
import type { TaskStore } from '@mortise/toolkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';

let server: OpenTestDatabase;
let stores: readonly [TaskStore, TaskStore];
beforeAll(async () => {
  server = await openTestDatabase();
  const { db } = server.open();
  // the embedded engine belongs to one process, so that both share a handle there
  stores = [keptTasks(db), keptTasks(server.url === undefined ? db : server.open().db)];
});
afterAll(() => server[Symbol.asyncDispose]());

const task = (id: string, expires = Date.now() + 60_000): Parameters<TaskStore['create']>[0] => ({
  id,
  version: 1,
  expires,
  content: '{"status":"working"}',
});

test('what one process keeps, another reads as it was', async () => {
  const [one, two] = stores;
  const kept = task('shared');
  await one.create(kept);
  expect(await two.read('shared')).toEqual(kept);
  expect(await two.read('unknown')).toBeUndefined();
});

test('of many changes at once, one is made', async () => {
  const kept = task('raced');
  await stores[0].create(kept);
  const changes = Array.from({ length: 10 }, async (_, index) =>
    stores[index % 2 === 0 ? 0 : 1].replace({ ...kept, version: 2, content: `{"by":${index}}` }),
  );
  expect((await Promise.all(changes)).filter(Boolean)).toHaveLength(1);
  expect(await stores[0].replace({ ...kept, version: 2 })).toBe(false);
  expect(await stores[1].read('raced')).toMatchObject({
    version: 2,
    content: expect.stringContaining('by') as unknown,
  });
});

test('what has expired is gone', async () => {
  const old = task('old', Date.now() - 1);
  await stores[0].create(old);
  expect(await stores[1].read('old')).toBeUndefined();
  expect(await stores[1].replace({ ...old, version: 2, expires: Date.now() + 60_000 })).toBe(false);
});
