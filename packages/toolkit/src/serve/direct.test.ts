import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createServer } from '../create-server.ts';
import type { Server } from '../server.ts';
import { ToolError } from '../define/errors.ts';
import { HttpFixture, messagesOf } from './fixtures/http.ts';
import { serveStdio } from './stdio.ts';

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};
/** Right, but not word for word what the direct way wants: the SDK answers. */
const TO_SDK = {
  '2026': { 'content-type': 'application/json; charset=utf-8' },
  '2025': { accept: 'text/event-stream, application/json' },
};

/** A server whose calls end in every way that there is. */
function everything(): { server: Server; reasons: Promise<unknown>; entered: Promise<void> } {
  const aborted = Promise.withResolvers<unknown>();
  const entered = Promise.withResolvers<void>();
  const none = { description: 'Takes nothing', input: z.object({}) };
  const server = createServer({ name: 'direct', version: '1.2.3' })
    .tool(
      'add',
      { description: 'Adds', input: z.object({ a: z.number(), b: z.number() }), output: z.object({ sum: z.number() }) },
      (v) => ({
        sum: v.a + v.b,
        secret: 'never declared',
      }),
    )
    .tool('text', none, () => 'grüße 🌍')
    .tool('image', none, () => ({ content: [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }] }))
    .tool('refuse', none, () => {
      throw new ToolError('Not today.', { code: 'CLOSED', hint: 'Come back tomorrow.' });
    })
    .tool('leak', none, () => {
      throw new Error('connect postgres://admin:s3cret@db');
    })
    .tool('log', none, (_, context) => {
      context.log.debug('half way');
      return 'logged';
    })
    .tool('progress', none, async (_, context) => {
      await context.progress(1, 2, 'half way');
      return 'done';
    })
    .tool('ask', none, async (_, context) => {
      const answer = await context.elicit('Sure?', z.object({ sure: z.boolean() }));
      return answer.action;
    })
    .tool(
      'region',
      { description: 'Gives the region', input: z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }) }) },
      (v) => v.region,
    )
    .tool('wait', none, async (_, { signal }) => {
      entered.resolve();
      await once(signal, 'abort');
      aborted.resolve(signal.reason);
      return 'late';
    })
    .tool('slow', none, async () => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      return 'slow';
    });
  return { server, reasons: aborted.promise, entered: entered.promise };
}

const call = (name: string, values: object = {}, meta: object = META): object => ({
  jsonrpc: '2.0',
  id: 7,
  method: 'tools/call',
  params: { name, arguments: values, _meta: meta },
});
const LIST = { jsonrpc: '2.0', id: 'list', method: 'tools/list', params: { _meta: META } };

function headers(message: object): Record<string, string> {
  const { method, params } = message as { method: string; params: { name?: string } };
  return {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(params.name !== undefined && { 'mcp-name': params.name }),
  };
}

/** Where a request went: the SDK's answers over HTTP tell no length. */
const isDirect = (response: Response): boolean => response.headers.has('content-length');

/** The same call in the words of 2025. */
const plain = (name: string, values: object = {}, meta: object = {}): object => call(name, values, meta);

/** A client on the other end of two streams, after its first message is answered. */
async function connection(
  server: Server,
  opening: object,
): Promise<{ send: (message: object) => void; next: () => Promise<unknown>; end: () => Promise<unknown> }> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const service = serveStdio(server.start({}), { input, output });
  const lines = createInterface({ input: output })[Symbol.asyncIterator]();
  const send = (message: object): void => void input.write(`${JSON.stringify(message)}\n`);
  const next = async (): Promise<unknown> => JSON.parse((await lines.next()).value as string);
  send(opening);
  await next();
  return {
    send,
    next,
    end: () => {
      input.end();
      return service.ended;
    },
  };
}
const initialize = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

describe('over HTTP in 2026', () => {
  test.each([
    ['a call', call('add', { a: 1, b: 2 })],
    ['a call without arguments that needs some', call('add')],
    ['a call with an argument that is none', call('add', { a: 1, b: 2, c: 3 })],
    ['a call with text for numbers', call('add', { a: '1', b: '2' })],
    ['text', call('text')],
    ['an error for the model', call('refuse')],
    ['a list', LIST],
  ])('%s is answered as the SDK does', async (_what, message) => {
    await using http = await HttpFixture.start({}, everything().server.start({}));
    const direct = await http.post(message, headers(message));
    const bySdk = await http.post(message, { ...headers(message), ...TO_SDK['2026'] });
    expect([isDirect(direct), isDirect(bySdk)]).toEqual([true, false]);
    expect(direct.status).toBe(bySdk.status);
    expect(await direct.json()).toEqual(await bySdk.json());
  });

  test('an error of the server is masked', async () => {
    await using http = await HttpFixture.start({}, everything().server.start({}));
    const response = await http.post(call('leak'), headers(call('leak')));
    expect(isDirect(response)).toBe(true);
    const text = await response.text();
    expect(text).toContain('INTERNAL');
    expect(text).not.toContain('s3cret');
  });

  test.each([
    ['content of its own', call('image'), 200],
    ['an unknown tool', call('nothing'), 200],
    ['a question that the client cannot answer', call('ask'), 400],
    ['a header that differs from the argument', call('region', { region: 'eu' }), 400],
    ['an unusual parameter', { ...call('text'), params: { name: 'text', task: {}, _meta: META } }, 200],
  ])('%s is left to the SDK', async (_what, message, status) => {
    await using http = await HttpFixture.start({}, everything().server.start({}));
    const response = await http.post(message, headers(message));
    const bySdk = await http.post(message, { ...headers(message), ...TO_SDK['2026'] });
    expect(response.status).toBe(status);
    expect(bySdk.status).toBe(status);
    expect(await response.json()).toEqual(await bySdk.json());
  });

  test.each([
    ['no method header', { 'mcp-name': 'text', 'mcp-protocol-version': '2026-07-28' }],
    ['another name', { ...headers(call('text')), 'mcp-name': 'add' }],
    ['another version', { ...headers(call('text')), 'mcp-protocol-version': '2025-11-25' }],
  ])('%s is refused', async (_what, sent) => {
    await using http = await HttpFixture.start({}, everything().server.start({}));
    expect((await http.post(call('text'), sent)).status).toBe(400);
  });

  test('an envelope that is wrong is refused, however often it comes', async () => {
    await using http = await HttpFixture.start({}, everything().server.start({}));
    const wrong = call('text', {}, { ...META, 'io.modelcontextprotocol/clientCapabilities': 'all' });
    for (let time = 0; time < 3; time += 1) {
      const response = await http.post(wrong, headers(wrong));
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { code: -32_602 } });
    }
  });

  test('progress and logs come before the answer, where they were asked for', async () => {
    await using http = await HttpFixture.start({}, everything().server.start({}));
    const progress = call('progress', {}, { ...META, progressToken: 'p' });
    expect(await messagesOf(await http.post(progress, headers(progress)))).toMatchObject([
      { method: 'notifications/progress', params: { progressToken: 'p', progress: 1, total: 2 } },
      { id: 7, result: { content: [{ text: 'done' }] } },
    ]);
    const log = call('log', {}, { ...META, 'io.modelcontextprotocol/logLevel': 'debug' });
    expect(await messagesOf(await http.post(log, headers(log)))).toMatchObject([
      { method: 'notifications/message', params: { level: 'debug', data: 'half way' } },
      { id: 7, result: { content: [{ text: 'logged' }] } },
    ]);
    expect(isDirect(await http.post(call('log'), headers(call('log'))))).toBe(true);
    expect(isDirect(await http.post(call('progress'), headers(call('progress'))))).toBe(true);
  });

  test('a client that goes away fires the signal', async () => {
    const { server, reasons, entered } = everything();
    const endpoint = server.start({});
    await using http = await HttpFixture.start({}, endpoint);
    const abort = new AbortController();
    const answer = fetch(http.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers(call('wait')) },
      body: JSON.stringify(call('wait')),
      signal: abort.signal,
    });
    await entered;
    expect(endpoint.calls.size).toBe(1);
    abort.abort();
    await expect(answer).rejects.toThrow('aborted');
    expect(await reasons).toBeInstanceOf(DOMException);
    await endpoint.calls.idle();
  });
});

describe('over HTTP in 2025', () => {
  test.each([
    ['a call', plain('add', { a: 1, b: 2 })],
    ['a call that is wrong', plain('add', { a: 1, c: 2 })],
    ['a list', { ...LIST, params: {} }],
  ])('%s is answered as the SDK does', async (_what, message) => {
    await using http = await HttpFixture.start({}, everything().server.start({}));
    const session = await http.session();
    const direct = await http.post(message, session);
    const bySdk = await http.post(message, { ...session, ...TO_SDK['2025'] });
    expect([isDirect(direct), isDirect(bySdk)]).toEqual([true, false]);
    expect(await messagesOf(direct)).toEqual((await messagesOf(bySdk)).filter((each) => each));
  });

  test('a call without a session, or of another version, is refused', async () => {
    await using http = await HttpFixture.start({}, everything().server.start({}));
    const session = await http.session();
    expect((await http.post(plain('text'), {})).status).toBe(400);
    expect((await http.post(plain('text'), { 'mcp-session-id': 'unknown' })).status).toBe(404);
    expect((await http.post(plain('text'), { ...session, 'mcp-protocol-version': '1.0' })).status).toBe(400);
  });

  test('a call that takes long, logs or tells its progress goes on in a stream', async () => {
    await using http = await HttpFixture.start({}, everything().server.start({}));
    const session = await http.session();
    const slow = await http.post(plain('slow'), session);
    expect(slow.headers.get('content-type')).toBe('text/event-stream');
    expect((await messagesOf(slow)).at(-1)).toMatchObject({ id: 7, result: { content: [{ text: 'slow' }] } });
    expect(await messagesOf(await http.post(plain('log'), session))).toMatchObject([
      { method: 'notifications/message', params: { data: 'half way' } },
      { id: 7, result: { content: [{ text: 'logged' }] } },
    ]);
    expect(await messagesOf(await http.post(plain('progress', {}, { progressToken: 1 }), session))).toMatchObject([
      { method: 'notifications/progress', params: { progressToken: 1 } },
      { id: 7, result: { content: [{ text: 'done' }] } },
    ]);
  });

  test('a call can be cancelled at once, and ends with its session', async () => {
    for (const end of ['cancel', 'delete'] as const) {
      const { server, reasons, entered } = everything();
      await using http = await HttpFixture.start({}, server.start({}));
      const session = await http.session();
      const answer = http.post(plain('wait'), session).catch(() => undefined);
      await entered;
      const finish = (): Promise<Response> => fetch(http.url, { method: 'DELETE', headers: session });
      const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } };
      await (end === 'delete' ? finish() : http.post(cancel, session));
      expect(await reasons).toBeDefined();
      if (end === 'cancel') await finish(); // a call that was cancelled has no answer: its stream ends with the session
      await (await answer)?.text();
    }
  });

  test('an id in use is refused; the first call is answered', async () => {
    await using http = await HttpFixture.start({}, everything().server.start({}));
    const session = await http.session();
    const [slow, second] = await Promise.all([http.post(plain('slow'), session), http.post(plain('text'), session)]);
    expect(new Set([slow.status, second.status])).toEqual(new Set([200, 400]));
  });
});

describe('over stdio', () => {
  test.each([
    ['2025', initialize, {}],
    ['2026', LIST, META],
  ] as const)(
    '%s: many calls at once are all answered, also after the end of the input',
    async (_era, opening, meta) => {
      const { send, next, end } = await connection(everything().server, opening);
      for (let id = 1; id <= 100; id += 1) send({ ...call('add', { a: id, b: 1 }, meta), id });
      const ended = end();
      const answers: unknown[] = [];
      for (let id = 1; id <= 100; id += 1) answers.push(await next());
      expect(answers).toMatchObject(
        Array.from({ length: 100 }, (_, index) => ({
          id: index + 1,
          result: { structuredContent: { sum: index + 2 } },
        })),
      );
      expect(await ended).toEqual({ cut: false, closed: true });
    },
  );

  test.each([
    ['2025', initialize, {}],
    ['2026', LIST, META],
  ] as const)('%s: a cancelled call is not answered, the next is', async (_era, opening, meta) => {
    const { server, reasons, entered } = everything();
    const { send, next, end } = await connection(server, opening);
    send(call('wait', {}, meta));
    await entered;
    const cancelled = { requestId: 7, ...(_era === '2026' && { _meta: META }) };
    send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: cancelled });
    expect(await reasons).toBeInstanceOf(DOMException);
    send({ ...call('text', {}, meta), id: 8 });
    expect(await next()).toMatchObject({ id: 8, result: { content: [{ text: 'grüße 🌍' }] } });
    await end();
  });

  test.each([
    ['2025', initialize, { progressToken: 1 }],
    ['2026', LIST, { ...META, progressToken: 1 }],
  ] as const)('%s: progress comes before the answer', async (_era, opening, meta) => {
    const { send, next, end } = await connection(everything().server, opening);
    send(call('text', {}, meta));
    expect(await next()).toMatchObject({ id: 7 });
    send({ ...call('progress', {}, meta), id: 9 });
    expect(await next()).toMatchObject({ method: 'notifications/progress', params: { progress: 1 } });
    expect(await next()).toMatchObject({ id: 9, result: { content: [{ text: 'done' }] } });
    await end();
  });
});
