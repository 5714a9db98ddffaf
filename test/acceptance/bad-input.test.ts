import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { testDatabase } from '@mortise/testing/postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { cli, environmentFor, serveHttp } from './customer-db.ts';

const database = await testDatabase();
const env = environmentFor(database);
const server = await serveHttp(env);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const transports = {
  stdio: () => new StdioClientTransport({ command: process.execPath, args: [cli], env }),
  HTTP: () => new StreamableHTTPClientTransport(new URL(server.url)),
};

/** What a model reads: a stable code, the argument and what is wrong with it, the next step. */
const wrongArguments: readonly [what: string, call: Record<string, unknown>, answer: RegExp][] = [
  ['an empty query', { query: '' }, /^INVALID_ARGUMENT: query: Too small/],
  ['a query of 10,000 characters', { query: 'x'.repeat(10_000) }, /^INVALID_ARGUMENT: query: Too big.*<=200/],
  ['a limit of 0', { query: 'Acme', limit: 0 }, /^INVALID_ARGUMENT: limit: Too small.*>=1, got 0/],
  ['a limit of -1', { query: 'Acme', limit: -1 }, /^INVALID_ARGUMENT: limit: Too small.*>=1, got -1/],
  ['a limit of 1.5', { query: 'Acme', limit: 1.5 }, /^INVALID_ARGUMENT: limit: expected int, got 1\.5/],
  ['a limit of 10^9', { query: 'Acme', limit: 1e9 }, /^INVALID_ARGUMENT: limit: Too big.*<=50/],
  ['a misspelt argument', { qurey: 'Acme' }, /^INVALID_ARGUMENT: .*qurey is not an argument; did you mean query\?/],
];

describe.each(['stdio', 'HTTP'] as const)('over %s', (transport) => {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  beforeAll(() => client.connect(transports[transport]()));
  afterAll(() => client.close());

  // Whatever was asked before, the next good question is answered.
  afterEach(async () => {
    const { structuredContent } = await client.callTool({
      name: 'search_customers',
      arguments: { query: 'Whitfield' },
    });
    expect(structuredContent).toMatchObject({ customers: [{ name: 'Dana Whitfield' }] });
  });

  it.each(wrongArguments)('%s is refused with the name of the argument', async (_, call, answer) => {
    const text = await refusal({ name: 'search_customers', arguments: call });
    expect(text).toMatch(answer);
    expect(text).toMatch(/Arguments: query \(string\), limit \(integer, optional\)/);
  });

  it('a limit in quotes is taken for the number it says', async () => {
    const result = await client.callTool({ name: 'search_customers', arguments: { query: 'Acme', limit: '2' } });
    expect(result.structuredContent).toMatchObject({ customers: { length: 2 } });
  });

  it('an unknown tool is a protocol error that names the nearest tool', async () => {
    await expect(client.callTool({ name: 'search_customer', arguments: { query: 'Acme' } })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringMatching(/search_customer.*Did you mean search_customers\?/),
    });
  });

  it('a customer that does not exist is said to be so, with the way to find one', async () => {
    const text = await refusal({ name: 'get_customer_orders', arguments: { customer_id: 'CUS-999999' } });
    expect(text).toMatch(/^CUSTOMER_NOT_FOUND: .*Call search_customers/);
  });

  async function refusal(call: Parameters<Client['callTool']>[0]): Promise<string> {
    const { isError, content } = await client.callTool(call);
    const text = content.map((part) => ('text' in part ? part.text : '')).join('');
    expect(isError).toBe(true);
    expect(text).not.toMatch(/\bat .+:\d+:\d+|\bselect\b|postgres:|\.js\b/i);
    return text;
  }
});
