import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import { HEADERS, HttpFixture, INITIALIZE, messagesOf } from './fixtures/http.ts';

const ECHO = { name: 'echo', arguments: { text: 'grüße' } };
const ANSWER = [{ type: 'text', text: 'grüße' }];
const GATE = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'gate' } };

const get = (host: string, more = ''): string =>
  `GET /mcp HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`;
const probe = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: 10.0.0.7:3000\r\nConnection: close\r\n\r\n`;
const start = (bind: object): Promise<HttpFixture> => HttpFixture.start({}, {}, bind);

/** Resolves when a server of this process has read another request. */
function nextRequest(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const onRequest = (): void => {
    unsubscribe('http.server.request.start', onRequest);
    resolve();
  };
  subscribe('http.server.request.start', onRequest);
  return promise;
}

function post(message: object, headers: object = {}): string {
  const body = JSON.stringify(message);
  const head = Object.entries({ Host: 'localhost', 'Content-Length': body.length, ...HEADERS, ...headers });
  return `POST /mcp HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

async function modernClient(url: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  return client;
}

describe('clients', () => {
  test('of the 2026 era call tools without a session', async () => {
    await using server = await HttpFixture.start();
    const client = await modernClient(server.url);
    expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
    expect((await client.callTool(ECHO)).content).toEqual(ANSWER);
    await client.close();
  });

  test('of the 2025 era (v2) call tools in a session', async () => {
    await using server = await HttpFixture.start();
    const client = new Client({ name: 'test', version: '1' });
    const transport = new StreamableHTTPClientTransport(new URL(server.url));
    await client.connect(transport);
    expect(client.getNegotiatedProtocolVersion()).toBe('2025-11-25');
    expect(transport.sessionId).toMatch(/^[\w-]{22}$/u);
    expect((await client.callTool(ECHO)).content).toEqual(ANSWER);
    await transport.terminateSession();
    await client.close();
  });

  test('of the 2025 era (v1) call tools in a session', async () => {
    await using server = await HttpFixture.start();
    const client = new ClientV1({ name: 'test', version: '1' });
    const transport = new TransportV1(new URL(server.url));
    await client.connect(transport);
    expect((await client.callTool(ECHO)).content).toEqual(ANSWER);
    await transport.terminateSession();
    await client.close();
  });

  test('of both eras at once', async () => {
    await using server = await HttpFixture.start();
    const modern = await modernClient(server.url);
    const legacy = new Client({ name: 'test', version: '1' });
    await legacy.connect(new StreamableHTTPClientTransport(new URL(server.url)));
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? modern : legacy).callTool({ name: 'echo', arguments: { text: String(index) } }),
      ),
    );
    expect(results.map(({ content }) => content)).toEqual(
      results.map((_, index) => [{ type: 'text', text: String(index) }]),
    );
    await Promise.all([modern.close(), legacy.close()]);
  });

  test('that disconnect end their call (2026)', async () => {
    await using server = await HttpFixture.start();
    const client = await modernClient(server.url);
    const leaving = new AbortController();
    const call = client.callTool({ name: 'gate' }, { signal: leaving.signal });
    await server.endpoint.gateEntered;
    leaving.abort();
    await expect(call).rejects.toThrow('abort');
    await server.endpoint.gateAborted;
    expect((await client.callTool(ECHO)).content).toEqual(ANSWER);
    await client.close();
  });
});

describe('requests that are refused', () => {
  test('not JSON', async () => {
    await using server = await HttpFixture.start();
    const response = await fetch(server.url, { method: 'POST', headers: HEADERS, body: '{"jsonrpc":' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: -32_700 } });
  });

  test.each([
    ['empty', ''],
    ['null', 'null'],
    ['no JSON-RPC', '{"id":7}'],
    ['a batch', JSON.stringify([INITIALIZE])],
  ])('%s', async (_case, body) => {
    await using server = await HttpFixture.start();
    const response = await fetch(server.url, { method: 'POST', headers: HEADERS, body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ jsonrpc: '2.0', error: { code: body === '' ? -32_700 : -32_600 } });
  });

  test('a body that is no JSON by its type', async () => {
    await using server = await HttpFixture.start();
    const response = await server.post(INITIALIZE, { 'content-type': 'text/plain' });
    expect(response.status).toBe(415);
  });

  test('nested too deeply', async () => {
    await using server = await HttpFixture.start();
    const deep = `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":${'['.repeat(500_000)}${']'.repeat(500_000)}}}`;
    const response = await fetch(server.url, { method: 'POST', headers: HEADERS, body: deep });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ id: null, error: { code: -32_600 } });
  });

  test('5 MB, answered and not reset', async () => {
    await using server = await HttpFixture.start();
    const response = await server.post({ ...INITIALIZE, padding: 'x'.repeat(5_000_000) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32_000, message: expect.stringContaining('4194304 bytes') as string },
    });
    expect((await server.post(INITIALIZE)).status).toBe(200);
  });

  test('5 MB of unknown length, answered when the limit is passed and not kept', async () => {
    await using server = await HttpFixture.start();
    const request = httpRequest(server.url, { method: 'POST', headers: HEADERS });
    request.write('x'.repeat(5_000_000));
    const [response] = (await once(request, 'response')) as [{ statusCode: number; resume(): void }];
    expect(response.statusCode).toBe(413);
    response.resume();
    request.destroy();
  });

  test.each([
    ['the head', 'POST /mcp HTTP/1.1\r\nhost: localhost\r\n'],
    ['the body', 'POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{"jsonrpc"'],
  ])('%s that never comes to its end, while a call that takes long goes on', async (_case, begun) => {
    await using server = await HttpFixture.start({ receive: { headMs: 100, allMs: 200 } });
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'gate', arguments: {} } };
    const answer = server.post(call, await server.session());
    await server.endpoint.gateEntered;
    expect(await server.raw(begun)).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    server.endpoint.openGate();
    expect(await messagesOf(await answer)).toMatchObject([{ result: { content: [{ text: 'through the gate' }] } }]);
  });

  test('an unknown path', async () => {
    await using server = await HttpFixture.start();
    for (const path of ['/', '/mcp/', '//mcp', '/sse', '/healthz/x']) {
      const response = await fetch(server.origin + path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('/mcp') as string } });
    }
  });

  test.each(['PUT', 'PATCH', 'OPTIONS', 'HEAD'])('%s', async (method) => {
    await using server = await HttpFixture.start();
    const response = await fetch(server.url, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, POST, DELETE');
  });
});

describe('Host and Origin', () => {
  const PASSED = 'HTTP/1.1 400';

  test.each(['localhost', 'LOCALHOST:1', '127.0.0.1:3000', '[::1]:3000', '[::1]', 'localhost:'])(
    '%s passes',
    async (host) => {
      await using server = await HttpFixture.start();
      expect(await server.raw(get(host))).toContain(PASSED);
    },
  );

  test.each([
    'evil.example',
    'evil.example:3000',
    'localhost.evil.example',
    'evil@localhost',
    'localhost/x',
    'localhost#x',
    '[::2]',
    'localhost:x',
    '',
  ])('%s is refused', async (host) => {
    await using server = await HttpFixture.start();
    const answer = await server.raw(get(host));
    expect(answer).toContain('HTTP/1.1 403');
    expect(answer).toContain('"code":-32000');
  });

  test('a request without Host is refused', async () => {
    await using server = await HttpFixture.start();
    expect(await server.raw('GET /mcp HTTP/1.0\r\n\r\n')).toContain('403');
    expect(await server.raw('GET /mcp HTTP/1.1\r\nConnection: close\r\n\r\n')).toContain('HTTP/1.1 400');
  });

  test.each([
    ['http://localhost:5173', true],
    ['https://127.0.0.1', true],
    ['http://[::1]:8080', true],
    ['https://evil.example', false],
    ['http://localhost.evil.example', false],
    ['null', false],
    ['file://', false],
  ])('Origin %s passes: %s', async (origin, passes) => {
    await using server = await HttpFixture.start();
    expect(await server.raw(get('localhost', `Origin: ${origin}\r\n`))).toContain(passes ? PASSED : 'HTTP/1.1 403');
  });

  test('an allowed host passes as Host and as Origin, in any case and on any port', async () => {
    await using server = await HttpFixture.start({}, {}, { allowedHosts: ['Mcp.Example.com', '2001:db8::1'] });
    expect(await server.raw(get('mcp.example.COM:443'))).toContain(PASSED);
    expect(await server.raw(get('[2001:db8::1]:80'))).toContain(PASSED);
    expect(await server.raw(get('localhost', 'Origin: https://mcp.example.com\r\n'))).toContain(PASSED);
    expect(await server.raw(get('example.com'))).toContain('HTTP/1.1 403');
  });
});

describe('health', () => {
  test('is told to everyone, whatever the Host, and tells nothing', async () => {
    await using server = await HttpFixture.start();
    expect(await server.raw(probe('/healthz'))).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nok\n$/u);
    expect(await server.raw(probe('/readyz'))).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nready\n$/u);
  });

  test('does not ask the server whether the process is alive', async () => {
    let asked = 0;
    await using server = await HttpFixture.start({}, { ready: () => Promise.reject(new Error(`${(asked += 1)}`)) });
    expect((await fetch(`${server.origin}/healthz`)).status).toBe(200);
    expect(asked).toBe(0);
  });

  test.each([
    ['fails', () => Promise.reject(new Error('postgres://user:secret@database is down'))],
    ['does not answer', () => new Promise<void>(() => undefined)],
  ])('is not ready when the server %s', async (_case, ready) => {
    await using server = await HttpFixture.start({ readyMs: 20 }, { ready });
    const response = await fetch(`${server.origin}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.text()).toBe('not ready\n');
  });

  test('asks once for all who wait', async () => {
    let asked = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    await using server = await HttpFixture.start({}, { ready: () => ((asked += 1), promise) });
    const probes = [1, 2, 3].map(() => fetch(`${server.origin}/readyz`));
    // The health probe comes back after the others have arrived on this server's single thread.
    await fetch(`${server.origin}/healthz`);
    resolve();
    expect((await Promise.all(probes)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(asked).toBe(1);
    expect((await fetch(`${server.origin}/readyz`, { method: 'POST' })).headers.get('allow')).toBe('GET, HEAD');
  });
});

describe('the bind', () => {
  test('to another address is refused without authentication', async () => {
    await expect(start({ host: '0.0.0.0' })).rejects.toThrow(/--host 0\.0\.0\.0 is reachable .* --no-auth/u);
    await expect(start({ host: '::' })).rejects.toThrow('--no-auth');
    await expect(start({ host: 'localhost.evil.example' })).rejects.toThrow('--no-auth');
  });

  test('to another address needs an allowed host', async () => {
    await expect(start({ host: '0.0.0.0', withoutAuthentication: true })).rejects.toThrow('needs --allowed-host');
    await using server = await start({
      host: '0.0.0.0',
      withoutAuthentication: true,
      allowedHosts: ['mcp.example.com'],
    });
    const { port } = new URL(server.url);
    const response = await fetch(`http://127.0.0.1:${port}/mcp`, { headers: { host: 'mcp.example.com' } });
    expect(response.status).toBe(400);
  });

  test.each([
    'https://mcp.example.com',
    'mcp.example.com:443',
    '*',
    '*.example.com',
    '',
    'a b',
    'user@host',
    '[::1]:80',
  ])('refuses --allowed-host %s', async (host) => {
    await expect(start({ allowedHosts: [host] })).rejects.toThrow('--allowed-host takes one name');
  });

  test.each(['127.0.0.1', '127.0.0.53', 'localhost', '::1', '[::1]'])('to %s is local', async (host) => {
    await using server = await start({ host });
    expect((await fetch(`${server.origin}/healthz`)).status).toBe(200);
  });

  test('says that a port is busy and how to choose another', async () => {
    await using server = await HttpFixture.start();
    const port = Number(new URL(server.url).port);
    await expect(start({ port })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is busy. Choose another: --port ${port + 1} or PORT=${port + 1}.`,
    );
  });

  test('says that an address is not here', async () => {
    const bind = { host: '192.0.2.1', withoutAuthentication: true, allowedHosts: ['x.example'] };
    await expect(start(bind)).rejects.toThrow('--host 192.0.2.1 is no address of this machine');
  });
});

describe('the end', () => {
  test('lets a call in flight answer, and takes no new one', async () => {
    await using server = await HttpFixture.start();
    const session = await server.session();
    const call = server.post(GATE, session);
    await server.endpoint.gateEntered;
    const ended = server.service.stop('test');
    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
    server.endpoint.openGate();
    expect(await messagesOf(await call)).toContainEqual(
      expect.objectContaining({ id: 1, result: { content: [{ type: 'text', text: 'through the gate' }] } }),
    );
    expect(await ended).toEqual({ cut: false, closed: true });
    expect(server.endpoint.closes).toBe(1);
  });

  test.each([
    ['/readyz', 'GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n', '\r\n\r\nnot ready\n'],
    ['a call', post({ jsonrpc: '2.0', id: 9, method: 'ping' }), '"id":9,"error":{"code":-32000,'],
  ])('tells %s that comes on a connection that is still open', async (_case, request, expected) => {
    await using server = await HttpFixture.start();
    const { write, closed } = server.connect();
    write(post(GATE, await server.session()));
    await server.endpoint.gateEntered;
    const ended = server.service.stop('test');
    const read = nextRequest();
    write(request);
    await read;
    server.endpoint.openGate();
    const [first, second, ...others] = (await closed).split(/(?=HTTP\/1\.1 )/u);
    expect(first).toContain('through the gate');
    expect(second).toContain('HTTP/1.1 503 ');
    expect(second).toContain(expected);
    expect(others).toEqual([]);
    expect(await ended).toEqual({ cut: false, closed: true });
  });

  test('cuts a call that does not answer: its signal fires and what it says then is sent', async () => {
    await using server = await HttpFixture.start({ ending: { answer: 1, abort: 500, close: 1_000 } });
    const call = server.post(GATE, await server.session());
    await server.endpoint.gateEntered;
    expect(await server.service.stop('The server stops.')).toEqual({ cut: true, closed: true });
    expect(await server.endpoint.gateAborted).toMatchObject({ name: 'AbortError', message: 'The server stops.' });
    expect(JSON.stringify(await messagesOf(await call))).toContain('aborted');
  });

  test('closes open streams of both eras', async () => {
    await using server = await HttpFixture.start();
    const stream = await fetch(server.url, { headers: { ...HEADERS, ...(await server.session()) } });
    const client = await modernClient(server.url);
    await client.listen({ toolsListChanged: true });
    expect(await server.service.stop('test')).toEqual({ cut: false, closed: true });
    expect(await stream.text()).toBe(': open\n\n');
    await client.close();
  });
});
