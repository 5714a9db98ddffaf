import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { testDatabase } from '@mortise/testing/postgres';
import { Client as Postgres } from 'pg';
import { afterAll, expect, it } from 'vitest';

import { cli } from './customer-db.ts';

const SECRET = 's3cret-passw0rd';
const database = await testDatabase();
afterAll(() => database[Symbol.asyncDispose]());

it('a DATABASE_URL where nothing listens is an answer, not an end', async () => {
  const { first, second } = await answers(`postgres://app:${SECRET}@127.0.0.1:1/shop`);
  expect(first).toMatch(/^DB_UNAVAILABLE: The database cannot be reached\. .*DATABASE_URL/);
  expect(second).toBe(first);
});

it.skipIf(database.url === undefined)('a wrong password is an answer that does not repeat it', async () => {
  const url = new URL(database.url ?? '');
  url.password = SECRET;
  const { first } = await answers(url.href);
  expect(first).toMatch(/^DB_UNAVAILABLE: The database refused the user name or the password\./);
});

it.skipIf(database.url === undefined)('an empty database is an answer that names the command to run', async () => {
  const postgres = new Postgres(database.url);
  await postgres.connect();
  await postgres.query('DROP SCHEMA public CASCADE');
  await postgres.query('CREATE SCHEMA public');
  await postgres.end();
  const { first } = await answers(database.url ?? '');
  expect(first).toMatch(/^SCHEMA_\w+: .*customer-db migrate/);
});

/** What the model reads when it asks twice, and that the server is alive in between. */
async function answers(url: string): Promise<{ first: string; second: string }> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [cli],
    env: { DATABASE_URL: url },
    stderr: 'pipe',
  });
  let log = '';
  transport.stderr?.on('data', (text) => (log += String(text)));
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(transport);
  try {
    const first = await ask(client);
    expect((await client.listTools()).tools).toHaveLength(4);
    const second = await ask(client);
    expect(first + second + log).not.toMatch(new RegExp(`${SECRET}|\\bselect\\b|\\bat .+:\\d+:\\d+`, 'i'));
    return { first, second };
  } finally {
    await client.close();
  }
}

async function ask(client: Client): Promise<string> {
  const { isError, content } = await client.callTool({ name: 'search_customers', arguments: { query: 'Acme' } });
  expect(isError).toBe(true);
  return content.map((part) => ('text' in part ? part.text : '')).join('');
}
