// What an operator sets for the bundle by variables of the environment.
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { testDatabase } from '@mortise/testing/postgres';
import { afterAll, expect, it } from 'vitest';

import { cli, environmentFor } from './customer-db.ts';

const database = await testDatabase();
afterAll(() => database[Symbol.asyncDispose]());

async function connect(variables: Record<string, string>): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const env = { ...environmentFor(database), ...variables };
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [cli], env }));
  return client;
}

it.each([
  [{ MAX_ROWS: '2' }, '"has_more":true'],
  [{ MAX_RESPONSE_BYTES: '1500' }, 'RESULT_TOO_LARGE'],
  [{ QUERY_BUDGET: '1' }, 'QUERY_BUDGET_SPENT'],
])('%o holds', async (variables, expected) => {
  const client = await connect(variables);
  const search = { name: 'search_customers', arguments: { query: 'Acme' } };
  await client.callTool(search);
  const { content } = await client.callTool(search);
  expect((content as { text: string }[])[0]?.text).toContain(expected);
  await client.close();
});

it('ALLOW_NOTES=1 lets a client add a note', async () => {
  const client = await connect({ ALLOW_NOTES: '1' });
  const note = { customer_id: 'CUS-1003', text: 'Moved to the second floor.', idempotency_key: 'one note' };
  const [first, again] = [
    await client.callTool({ name: 'add_customer_note', arguments: note }),
    await client.callTool({ name: 'add_customer_note', arguments: note }),
  ];
  expect(first.structuredContent).toMatchObject({ customer_id: 'CUS-1003', replayed: false });
  expect(again.structuredContent).toEqual({ ...(first.structuredContent as object), replayed: true });
  await client.close();
});
