import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as Client2025 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioClientTransport2025 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpClientTransport2025 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { testDatabase } from '@mortise/testing/postgres';
import { afterAll, expect, it } from 'vitest';

import { cli, environmentFor, serveHttp } from './customer-db.ts';

const database = await testDatabase();
const server = await serveHttp(environmentFor(database));
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

/** The part that the clients of both eras have in common. */
interface AnyClient {
  listTools(): Promise<{ tools: { name: string }[] }>;
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
  getPrompt(prompt: { name: string; arguments: Record<string, string> }): Promise<{ messages: unknown[] }>;
  readResource(resource: { uri: string }): Promise<{ contents: object[] }>;
  close(): Promise<void>;
}

const identity = { name: 'test', version: '1' };
const stdio = { command: process.execPath, args: [cli], env: environmentFor(database) };

const clients: Record<string, () => Promise<AnyClient>> = {
  '2026-07-28 over stdio': () => modern(new StdioClientTransport(stdio)),
  '2026-07-28 over HTTP': () => modern(new StreamableHTTPClientTransport(new URL(server.url))),
  '2025-11-25 over stdio': () => legacy(new StdioClientTransport2025(stdio)),
  '2025-11-25 over HTTP': () => legacy(new HttpClientTransport2025(new URL(server.url))),
};

async function modern(transport: Parameters<Client['connect']>[0]): Promise<AnyClient> {
  const client = new Client(identity, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  await client.connect(transport);
  return client;
}

async function legacy(transport: Parameters<Client2025['connect']>[0]): Promise<AnyClient> {
  const client = new Client2025(identity);
  await client.connect(transport);
  return client;
}

it.each(Object.keys(clients))('a client of %s finds the customers of Acme Corp and their orders', async (name) => {
  const client = await clients[name]?.();
  try {
    const { tools } = (await client?.listTools()) ?? { tools: [] };
    expect(tools.map((tool) => tool.name)).toEqual([
      'search_customers',
      'get_customer',
      'get_customer_orders',
      'get_customers_batch',
    ]);

    const search = { name: 'search_customers', arguments: { query: 'Acme Corp', limit: 3 } };
    expect(await client?.callTool(search)).toMatchObject({
      structuredContent: {
        customers: [
          { customer_id: 'CUS-1001', name: 'Dana Whitfield', open_orders: { pending: 1, paid: 0, shipped: 0 } },
          { customer_id: 'CUS-1002', name: 'Marcus Oyelaran', open_orders: { pending: 0, paid: 0, shipped: 1 } },
          { customer_id: 'CUS-1003', name: 'Priya Raman', open_orders: { pending: 0, paid: 0, shipped: 0 } },
        ],
        has_more: true,
      },
    });

    const orders = { name: 'get_customer_orders', arguments: { customer_id: 'CUS-1001' } };
    expect(await client?.callTool(orders)).toMatchObject({
      structuredContent: {
        status_counts: { pending: 1, delivered: 1 },
        orders: [{ status: 'pending' }, { status: 'delivered' }],
      },
    });

    const prompt = await client?.getPrompt({
      name: 'customer_service_instructions',
      arguments: { focus_area: 'billing' },
    });
    expect(JSON.stringify(prompt?.messages)).toContain('The conversation is about money.');

    const profile = await client?.readResource({ uri: 'customer://CUS-1001' });
    const [content] = (profile?.contents ?? []) as { text: string }[];
    expect(JSON.parse(content?.text ?? '')).toMatchObject({ name: 'Dana Whitfield', company: 'Acme Corp' });
  } finally {
    await client?.close();
  }
});
