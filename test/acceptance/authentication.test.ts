import { createHash, randomBytes } from 'node:crypto';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { testDatabase } from '@mortise/testing/postgres';
import { afterAll, expect, it } from 'vitest';

import { environmentFor, serveHttp } from './customer-db.ts';

const database = await testDatabase();
afterAll(() => database[Symbol.asyncDispose]());

/** A new key, and the line of a key file that admits it. */
function apiKey(scope: string): { key: string; line: string } {
  const key = randomBytes(32).toString('base64url');
  const hash = createHash('sha256').update(key).digest('hex');
  return { key, line: `key-of-${scope.replace(':', '-')} sha256:${hash} 2099-01-31 ${scope}` };
}

async function search(url: string, key: string): Promise<string> {
  const client = new Client({ name: 'test', version: '1' });
  const requestInit = { headers: { authorization: `Bearer ${key}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
  const { structuredContent } = await client.callTool({ name: 'search_customers', arguments: { query: 'Acme' } });
  await client.close();
  return JSON.stringify(structuredContent);
}

it('with API keys, customer-db answers whoever may read customers, and nobody else', async () => {
  const [reader, other] = [apiKey('customers:read'), apiKey('orders:read')];
  const environment = {
    ...environmentFor(database),
    TENANT_ID: 'main',
    MORTISE_API_KEYS: `${reader.line}\n${other.line}`,
  };
  await using server = await serveHttp(environment);
  expect(await search(server.url, reader.key)).toContain('Acme Corp');
  await expect(search(server.url, other.key)).rejects.toThrow(/403|scope/i);
  await expect(search(server.url, 'no-such-key')).rejects.toThrow(/401|token|unauthorized/i);
  expect(server.log()).not.toContain(reader.key);
});
