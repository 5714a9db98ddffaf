import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as FirstStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as FirstHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { buildFixture, type Fixture } from './serve.ts';

let fixture: Fixture;
let url: URL;

beforeAll(async () => {
  fixture = await buildFixture();
  url = new URL(await fixture.listen());
});
afterAll(() => fixture[Symbol.asyncDispose]());

/** What is asked of every client; both SDKs have these methods. */
type AnyClient = Pick<
  Client,
  'listTools' | 'callTool' | 'listPrompts' | 'getPrompt' | 'listResources' | 'readResource' | 'close'
>;

const information = { name: 'parity', version: '1.0.0' };
const stdio = (): { command: string; args: string[]; stderr: 'ignore' } => ({
  command: process.execPath,
  args: [fixture.file],
  stderr: 'ignore',
});

const clients: Record<string, () => Promise<AnyClient>> = {
  async 'v2, 2026-07-28, HTTP'() {
    const client = new Client(information, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
    await client.connect(new StreamableHTTPClientTransport(url));
    return client;
  },
  async 'v2, 2026-07-28, stdio'() {
    const client = new Client(information, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
    await client.connect(new StdioClientTransport(stdio()));
    return client;
  },
  async 'v2, 2025-11-25, HTTP'() {
    const client = new Client(information, { versionNegotiation: { mode: 'legacy' } });
    await client.connect(new StreamableHTTPClientTransport(url));
    return client;
  },
  async 'v2, 2025-11-25, stdio'() {
    const client = new Client(information, { versionNegotiation: { mode: 'legacy' } });
    await client.connect(new StdioClientTransport(stdio()));
    return client;
  },
  async 'v1, HTTP'() {
    const client = new FirstClient(information);
    await client.connect(new FirstHttp(url));
    return client as unknown as AnyClient;
  },
  async 'v1, stdio'() {
    const client = new FirstClient(information);
    await client.connect(new FirstStdio(stdio()));
    return client as unknown as AnyClient;
  },
};

/** Everything that a client can be told, also when it asks for what is not there. */
async function tell(client: AnyClient): Promise<unknown> {
  const call = (name: string, values = {}): Promise<unknown> => client.callTool({ name, arguments: values });
  const answers = [
    client.listTools(),
    client.listPrompts(),
    client.listResources(),
    call('test_simple_text'),
    call('test_multiple_content_types'),
    call('test_error_handling'),
    call('json_schema_2020_12_tool', { name: 'Ann', contactMethod: 'phone', phone: '555' }),
    call('test_elicitation', { massage: 'Hello' }),
    call('no_such_tool'),
    client.getPrompt({ name: 'test_prompt_with_arguments', arguments: { arg1: 'a', arg2: 'b' } }),
    client.getPrompt({ name: 'test_prompt_with_arguments', arguments: { arg1: 'a' } }),
    client.readResource({ uri: 'test://template/7/data' }),
    client.readResource({ uri: 'test://static-binary' }),
    client.readResource({ uri: 'test://nothing' }),
  ];
  const told = await Promise.all(answers.map((answer) => answer.catch(failure)));
  return told.map(withoutEnvelope);
}

function failure(error: unknown): unknown {
  const { code, message } = error as { code: number; message: string };
  return { code, message: message.replace(/^MCP error -?\d+: /, '') }; // what the v1 client puts before it
}

/** What a result of 2026 carries besides its content; a result of 2025 has none of it. */
function withoutEnvelope(result: unknown): unknown {
  const { _meta, resultType: _type, ttlMs: _ttl, cacheScope: _scope, ...rest } = result as Record<string, unknown>;
  const { 'io.modelcontextprotocol/serverInfo': _server, ...meta } = (_meta ?? {}) as Record<string, unknown>;
  return Object.keys(meta).length === 0 ? rest : { ...rest, _meta: meta };
}

test('every client is told the same, in both eras, over both transports', async () => {
  const told: Record<string, unknown> = {};
  for (const [name, connect] of Object.entries(clients)) {
    const client = await connect();
    told[name] = await tell(client);
    await client.close();
  }
  const [[, first] = [], ...others] = Object.entries(told);
  expect(first).toHaveLength(14);
  for (const [name, each] of others) expect({ [name]: each }).toEqual({ [name]: first });
});
