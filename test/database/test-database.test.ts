import { testDatabase } from '@mortise/testing/postgres';
import { Client } from 'pg';
import { expect, it } from 'vitest';

const embedded = process.env['TEST_DATABASE'] === 'embedded';

it.runIf(embedded)('leaves the embedded engine to the test', async () => {
  expect(await testDatabase()).toMatchObject({ url: undefined });
});

it.skipIf(embedded)('gives every caller a database of its own', async () => {
  const [first, second] = await Promise.all([connect(), connect()]);
  await first.client.query('CREATE TABLE mark (id int)');
  const tables = `SELECT 1 FROM pg_tables WHERE tablename = 'mark'`;
  expect((await first.client.query(tables)).rowCount).toBe(1);
  expect((await second.client.query(tables)).rowCount).toBe(0);
  for (const { client, database } of [first, second]) {
    await client.end();
    await database[Symbol.asyncDispose]();
    await expect(new Client(database.url).connect()).rejects.toThrow('does not exist');
  }
});

async function connect() {
  const database = await testDatabase();
  const client = new Client(database.url);
  await client.connect();
  return { client, database };
}
