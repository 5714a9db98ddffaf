import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioClientTransportV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { fixtureEndpoint, type FixtureEndpoint } from './fixtures/endpoint.ts';
import { FIXTURE_ARGUMENTS, startFixture } from './fixtures/process.ts';
import { serveStdio, type StdioOptions } from './stdio.ts';
import type { Service } from './ending.ts';

const INITIALIZE = {
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};
const call = (name: string, args: object = {}): object => ({ method: 'tools/call', params: { name, arguments: args } });

const listing = (id: number, revision: string): object => ({
  id,
  method: 'tools/list',
  params: {
    _meta: {
      'io.modelcontextprotocol/protocolVersion': revision,
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
});

interface Message {
  readonly id?: number | null;
  readonly result?: { readonly content?: readonly { readonly text: string }[] };
  readonly error?: { readonly code: number; readonly message: string };
}

/** A server in this process with the client's two ends of the pipes. */
class Connection {
  readonly endpoint: FixtureEndpoint = fixtureEndpoint();
  readonly input = new PassThrough();
  readonly output = new PassThrough();
  readonly service: Service;
  readonly #lines = this.output.setEncoding('utf8').iterator();
  #rest = '';

  constructor(options: Partial<StdioOptions> = {}) {
    this.service = serveStdio(this.endpoint, { input: this.input, output: this.output, ...options });
  }

  send(...messages: object[]): void {
    this.input.write(messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join(''));
  }

  async next(): Promise<Message> {
    for (;;) {
      const end = this.#rest.indexOf('\n');
      if (end !== -1) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return JSON.parse(line) as Message;
      }
      const { value, done } = (await this.#lines.next()) as IteratorResult<string, undefined>;
      if (done === true) throw new Error('the output ended');
      this.#rest += value;
    }
  }
}

async function initialized(options: Partial<StdioOptions> = {}): Promise<Connection> {
  const connection = new Connection(options);
  connection.send({ id: 0, ...INITIALIZE });
  expect((await connection.next()).id).toBe(0);
  return connection;
}

describe('through a process', () => {
  const transport = { command: process.execPath, args: FIXTURE_ARGUMENTS, stderr: 'pipe' as const };
  const echo = { name: 'echo', arguments: { text: 'grüße' } };
  const answer = [{ type: 'text', text: 'grüße' }];

  test.each(['2025-11-25', '2026-07-28'])('serves the v2 client that speaks %s', async (version) => {
    const client = new Client(
      { name: 'test', version: '1' },
      version === '2025-11-25' ? {} : { versionNegotiation: { mode: { pin: version } } },
    );
    await client.connect(new StdioClientTransport(transport));
    expect(client.getNegotiatedProtocolVersion()).toBe(version);
    expect((await client.callTool(echo)).content).toEqual(answer);
    await client.close();
  });

  test('serves the v1 client', async () => {
    const client = new ClientV1({ name: 'test', version: '1' });
    await client.connect(new StdioClientTransportV1(transport));
    expect((await client.callTool(echo)).content).toEqual(answer);
    await client.close();
  });

  test('answers what was piped in before the pipe was closed, and ends with 0', async () => {
    const server = startFixture();
    server.process.stdin.end(
      [{ id: 1, ...INITIALIZE }, { method: 'notifications/initialized' }, { id: 2, ...call('echo', { text: 'piped' }) }]
        .map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
        .join(''),
    );
    expect(await server.exit).toBe(0);
    const answers = server.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Message);
    expect(answers.map((message) => message.id)).toEqual([1, 2]);
    expect(answers[1]?.result?.content).toEqual([{ type: 'text', text: 'piped' }]);
    expect(server.stderr).toBe('');
  });

  test('lets nobody else write to stdout', async () => {
    const server = startFixture();
    server.process.stdin.end(
      [
        { id: 1, ...INITIALIZE },
        { id: 2, ...call('noisy') },
      ]
        .map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
        .join(''),
    );
    expect(await server.exit).toBe(0);
    expect(
      server.stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as Message).id),
    ).toEqual([1, 2]);
    expect(server.stderr).toBe(`${'noise\nnoise\n'.repeat(3)}noise without an end`);
  });

  test.each(['SIGINT', 'SIGHUP'] as const)('ends on %s with 0', async (signal) => {
    const server = startFixture();
    server.process.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, ...INITIALIZE })}\n`);
    await once(server.process.stdout, 'data');
    server.process.kill(signal);
    expect(await server.exit).toBe(0);
  });

  test('fires the signal of a call that outlives SIGTERM, writes what it answers, and ends', async () => {
    const server = startFixture();
    server.process.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, ...INITIALIZE })}\n`);
    server.process.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 2, ...call('gate') })}\n`);
    await server.told('gate entered');
    const begin = performance.now();
    server.process.kill('SIGTERM');
    expect(await server.exit).toBe(0);
    expect(performance.now() - begin).toBeLessThan(2_000);
    expect(server.stderr).toContain('gate aborted');
    expect(server.stdout).toContain('"text":"aborted"');
  });

  test('ends with 0 when nobody reads the answers', async () => {
    const server = startFixture();
    server.process.stdout.destroy();
    server.process.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, ...INITIALIZE })}\n`);
    expect(await server.exit).toBe(0);
    expect(server.stderr).toBe('');
  });
});

describe('bad input', () => {
  test.each([
    ['not JSON', '{"jsonrpc":"2.0",', null, -32_700],
    ['not JSON-RPC', '{"id":7,"text":"hello"}', 7, -32_600],
    ['no object', '"hello"', null, -32_600],
    ['a batch', '[{"jsonrpc":"2.0","id":8,"method":"ping"}]', null, -32_600],
    [
      'what is nested too deeply',
      `{"jsonrpc":"2.0","id":8,"method":"ping","params":{"x":${'['.repeat(999)}${']'.repeat(999)}}}`,
      8,
      -32_600,
    ],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x0a]), null, -32_700],
  ])('answers %s and goes on serving', async (_case, line, id, code) => {
    const connection = await initialized();
    connection.input.write(line);
    connection.input.write('\r\n\n');
    expect(await connection.next()).toMatchObject({ id, error: { code } });
    connection.send({ id: 9, method: 'ping' });
    expect(await connection.next()).toMatchObject({ id: 9, result: {} });
  });

  test('refuses a later request of another revision, and goes on', async () => {
    const connection = new Connection();
    connection.send(listing(1, '2026-07-28'));
    expect(await connection.next()).toHaveProperty('result');
    connection.send(listing(2, '2099-01-01'));
    expect(await connection.next()).toMatchObject({
      id: 2,
      error: { code: -32_022, data: { supported: ['2026-07-28'], requested: '2099-01-01' } },
    });
    connection.send(listing(3, '2026-07-28'));
    expect(await connection.next()).toHaveProperty('result');
  });

  test('refuses an id that is in use; the first call is answered', async () => {
    const connection = await initialized();
    connection.send({ id: 'a', ...call('gate') }, { id: 'a', ...call('echo', { text: 'second' }) });
    expect(await connection.next()).toMatchObject({
      id: null,
      error: { code: -32_600, message: expect.stringContaining('"a"') },
    });
    connection.endpoint.openGate();
    expect(await connection.next()).toMatchObject({ id: 'a', result: { content: [{ text: 'through the gate' }] } });
  });

  test('says that a line is too long, then ends', async () => {
    const connection = await initialized({ maxLineBytes: 1_000 });
    connection.input.write('x'.repeat(1_001));
    expect(await connection.next()).toMatchObject({
      id: null,
      error: { code: -32_600, message: expect.stringContaining('1000 bytes') },
    });
    expect(await connection.service.ended).toEqual({ cut: false, closed: true });
  });

  test('reads a message in pieces that cut a character', async () => {
    const connection = await initialized();
    const bytes = Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', id: 1, ...call('echo', { text: 'grüße 🌍' }) })}\n`);
    for (const byte of bytes) connection.input.write(Buffer.of(byte));
    expect((await connection.next()).result?.content?.[0]?.text).toBe('grüße 🌍');
  });
});

describe('the end', () => {
  test('waits for the answer of a call in flight', async () => {
    const connection = await initialized();
    connection.send({ id: 1, ...call('gate') });
    await connection.endpoint.gateEntered;
    connection.input.end();
    connection.endpoint.openGate();
    expect(await connection.next()).toMatchObject({ id: 1, result: { content: [{ text: 'through the gate' }] } });
    expect(await connection.service.ended).toEqual({ cut: false, closed: true });
    expect(connection.endpoint.closes).toBe(1);
  });

  test('fires the signal of a call that does not answer, and still writes what it says then', async () => {
    const connection = await initialized({ limits: { answer: 1, abort: 500, close: 1_000 } });
    connection.send({ id: 1, ...call('gate') });
    await connection.endpoint.gateEntered;
    connection.input.end();
    expect(await connection.endpoint.gateAborted).toMatchObject({
      name: 'AbortError',
      message: 'The client closed the connection.',
    });
    expect(await connection.next()).toMatchObject({ id: 1, result: { content: [{ text: 'aborted' }] } });
    expect(await connection.service.ended).toEqual({ cut: true, closed: true });
  });

  test('does not wait for a call that the client cancelled', async () => {
    const connection = await initialized();
    connection.send({ id: 1, ...call('gate') });
    await connection.endpoint.gateEntered;
    connection.send({ method: 'notifications/cancelled', params: { requestId: 1 } });
    await connection.endpoint.gateAborted;
    connection.input.end();
    expect(await connection.service.ended).toEqual({ cut: false, closed: true });
  });

  test('is told when the resources do not close in time', async () => {
    const { output } = new Connection();
    const endpoint = fixtureEndpoint({ close: () => new Promise(() => undefined) });
    const service = serveStdio(endpoint, {
      input: new PassThrough(),
      output,
      limits: { answer: 1, abort: 2, close: 3 },
    });
    expect(await service.stop('test')).toEqual({ cut: false, closed: false });
  });

  test('happens once', async () => {
    const connection = await initialized();
    connection.input.end();
    await Promise.all([connection.service.stop('one'), connection.service.stop('two')]);
    expect(connection.endpoint.closes).toBe(1);
  });
});
