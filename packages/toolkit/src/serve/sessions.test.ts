import type { AuthInfo } from '@modelcontextprotocol/server';
import { describe, expect, test } from 'vitest';
import { fixtureEndpoint } from './fixtures/endpoint.ts';
import { HEADERS, HttpFixture, INITIALIZE, messagesOf } from './fixtures/http.ts';
import { Sessions } from './sessions.ts';

const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };
const GATE = { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'gate' } };
const auth = (sub: string): AuthInfo => ({ token: 'x', clientId: 'client', scopes: [], extra: { sub } });
const request = (headers: object): Request =>
  new Request('http://localhost/mcp', { method: 'POST', headers: { ...HEADERS, ...headers } });
const REPLAY = { events: 1_000, characters: 100_000 };

describe('a session', () => {
  test('has an id of 128 random bits', async () => {
    await using server = await HttpFixture.start();
    const [one, two] = [await server.session(), await server.session()];
    expect(Buffer.from(one['mcp-session-id'], 'base64url')).toHaveLength(16);
    expect(one).not.toEqual(two);
  });

  test('is ended by DELETE; its id is unknown then', async () => {
    await using server = await HttpFixture.start();
    const session = await server.session();
    expect((await server.post(PING, session)).status).toBe(200);
    expect((await fetch(server.url, { method: 'DELETE', headers: session })).status).toBe(200);
    const response = await server.post(PING, session);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ id: 1, error: { code: -32_001 } });
    expect((await fetch(server.url, { method: 'DELETE', headers: session })).status).toBe(404);
  });

  test('ended by DELETE fires the signals of its calls', async () => {
    await using server = await HttpFixture.start();
    const session = await server.session();
    const call = server.post(GATE, session);
    await server.endpoint.gateEntered;
    await fetch(server.url, { method: 'DELETE', headers: session });
    expect(await server.endpoint.gateAborted).toBeInstanceOf(Error);
    await (await call).text();
  });

  test('is needed for everything but initialize', async () => {
    await using server = await HttpFixture.start();
    const response = await server.post(PING);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      id: 1,
      error: { code: -32_000, message: expect.stringContaining('initialize') as string },
    });
  });

  test('refuses an id that is in use; the first call is answered', async () => {
    await using server = await HttpFixture.start();
    const session = await server.session();
    const first = server.post(GATE, session);
    await server.endpoint.gateEntered;
    const second = await server.post(GATE, session);
    expect(second.status).toBe(400);
    expect(await second.json()).toMatchObject({ id: 2, error: { code: -32_600 } });
    server.endpoint.openGate();
    expect(await messagesOf(await first)).toMatchObject([
      { id: 2, result: { content: [{ text: 'through the gate' }] } },
    ]);
    expect((await server.post(GATE, session)).status).toBe(200);
  });

  test('does not begin with an initialize that is refused', async () => {
    const limits = { sessions: { sessions: 1, idleMs: 1_000, replay: REPLAY } };
    await using server = await HttpFixture.start(limits);
    expect((await server.post(INITIALIZE, { accept: 'application/json' })).status).toBe(406);
    expect((await server.post(INITIALIZE)).status).toBe(200);
  });

  test('is refused beyond the limit, until an idle one ends', async () => {
    let now = 0;
    await using server = await HttpFixture.start({
      now: () => now,
      sessions: { sessions: 2, idleMs: 1_000, replay: REPLAY },
    });
    const first = await server.session();
    now = 600;
    const second = await server.session();
    const refused = await server.post(INITIALIZE);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(await refused.json()).toMatchObject({ id: 0, error: { code: -32_000 } });

    now = 1_200;
    expect((await server.post(PING, first)).status).toBe(404);
    expect((await server.post(PING, second)).status).toBe(200);
    expect((await server.post(INITIALIZE)).status).toBe(200);
  });

  test('with an open stream is not idle', async () => {
    let now = 0;
    await using server = await HttpFixture.start({
      now: () => now,
      sessions: { sessions: 1, idleMs: 1_000, replay: REPLAY },
    });
    const session = await server.session();
    const stream = await fetch(server.url, { headers: { ...HEADERS, ...session } });
    now = 5_000;
    expect((await server.post(INITIALIZE)).status).toBe(503);
    expect((await server.post(PING, session)).status).toBe(200);
    await stream.body?.cancel();
  });

  test('belongs to who began it', async () => {
    const sessions = new Sessions(
      (context) => fixtureEndpoint().connect(context),
      { sessions: 5, idleMs: 1_000, replay: REPLAY },
      () => 0,
    );
    const begun = await sessions.handle(request({}), INITIALIZE, auth('ann'));
    const session = { 'mcp-session-id': begun.headers.get('mcp-session-id') ?? '' };
    expect((await sessions.handle(request(session), PING, auth('ann'))).status).toBe(200);
    expect((await sessions.handle(request(session), PING, auth('bob'))).status).toBe(404);
    expect((await sessions.handle(request(session), PING, undefined)).status).toBe(404);
    await sessions.close();
    expect(sessions.size).toBe(0);
  });
});

describe('a broken stream', () => {
  test('is resumed where it broke, and the call was not harmed', async () => {
    await using server = await HttpFixture.start();
    const session = { ...(await server.session()), 'mcp-protocol-version': '2025-11-25' };
    const leaving = new AbortController();
    const call = await fetch(server.url, {
      method: 'POST',
      headers: { ...HEADERS, ...session },
      body: JSON.stringify(GATE),
      signal: leaving.signal,
    });
    const { value } = (await call.body?.pipeThrough(new TextDecoderStream()).getReader().read()) ?? {};
    const lastEvent = /^id: (.+)$/mu.exec(value ?? '')?.[1] ?? '';
    await server.endpoint.gateEntered;
    leaving.abort();
    server.endpoint.openGate();
    const resumed = await fetch(server.url, { headers: { ...HEADERS, ...session, 'last-event-id': lastEvent } });
    expect(await messagesOf(resumed)).toEqual([
      { jsonrpc: '2.0', id: 2, result: { content: [{ type: 'text', text: 'through the gate' }] } },
    ]);
  });

  test('can be opened again at once', async () => {
    await using server = await HttpFixture.start();
    const headers = { ...HEADERS, ...(await server.session()) };
    const leaving = new AbortController();
    await fetch(server.url, { headers, signal: leaving.signal });
    expect((await fetch(server.url, { headers })).status).toBe(409);
    leaving.abort();
    // As soon as the server has seen the end of the connection; the SDK alone waits for its next keep-alive, 15 s.
    await expect.poll(async () => (await fetch(server.url, { headers })).status, { interval: 5 }).toBe(200);
  });
});
