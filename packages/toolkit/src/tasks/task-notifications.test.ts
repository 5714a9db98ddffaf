import { PassThrough } from 'node:stream';
import { createInterface } from 'node:readline';

import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { createServer, memoryTaskStore, type ChangeChannel, type Server, type TaskStore } from '../index.ts';
import { serveHttp } from '../serve/http.ts';
import { serveStdio } from '../serve/stdio.ts';

type Json = Record<string, unknown>;

/** Notifications and answers that a client reads one by one. */
interface Connection {
  call(name: string): Promise<Json>;
  listen(notifications: Json, extensions?: Json): Promise<AsyncIterator<Json>>;
}

const TASKS = { 'io.modelcontextprotocol/tasks': {} };
const none = z.object({});
const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A server whose tool says how far it is and ends when `finish` is called. */
function workshop(store?: TaskStore, channel?: ChangeChannel): { server: Server; finish: () => void } {
  const { promise, resolve } = Promise.withResolvers<string>();
  const server = createServer({
    name: 'workshop',
    version: '1',
    async setup(_, { useTaskStore, useChangeChannel }) {
      if (store) useTaskStore(store);
      if (channel) await useChangeChannel(channel);
      return [];
    },
  })
    .tool('build', { description: 'Build.', input: none, task: 'required' }, async (_, context) => {
      await context.progress(1, 2, 'Half of it.');
      return promise;
    })
    .tool('shout', { description: 'Tell all.', input: none }, (_, context) => {
      context.notify.toolsChanged();
      return 'told';
    });
  return { server, finish: () => resolve('built') };
}

function request(id: number, method: string, params: Json, extensions: Json = TASKS): Json {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': { extensions },
  };
  return { jsonrpc: '2.0', id, method, params: { _meta, ...params } };
}

async function overHttp(server: Server): Promise<Connection> {
  const bind = { host: '127.0.0.1', port: 0, allowedHosts: [], withoutAuthentication: true };
  const service = await serveHttp(server.start({}), bind);
  ends.push(() => service.stop('done'));
  let ids = 0;
  const post = (method: string, params: Json, extensions?: Json): Promise<Response> =>
    fetch(service.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': method,
        ...(typeof params['name'] === 'string' && { 'mcp-name': params['name'] }),
      },
      body: JSON.stringify(request((ids += 1), method, params, extensions)),
    });
  return {
    async call(name) {
      const { result } = (await (await post('tools/call', { name, arguments: {} })).json()) as { result: Json };
      return result;
    },
    async listen(notifications, extensions) {
      const response = await post('subscriptions/listen', { notifications }, extensions);
      return messagesOf(response);
    },
  };
}

/** The messages of a stream, or the only one of an answer. */
async function* messagesOf(response: Response): AsyncGenerator<Json> {
  const { body, headers } = response;
  if (headers.get('content-type') !== 'text/event-stream') {
    yield (await response.json()) as Json;
    return;
  }
  let text = '';
  for await (const chunk of (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
      text = text.slice(end + 2);
      if (data !== undefined) yield JSON.parse(data) as Json;
    }
  }
}

async function overStdio(server: Server): Promise<Connection> {
  const input = new PassThrough();
  const output = new PassThrough();
  const service = serveStdio(server.start({}), { input, output });
  ends.push(() => service.stop('done'));
  const lines = createInterface({ input: output })[Symbol.asyncIterator]();
  const next = async (): Promise<Json> => JSON.parse((await lines.next()).value as string) as Json;
  let ids = 0;
  const send = (message: Json): void => void input.write(`${JSON.stringify(message)}\n`);
  send(request((ids += 1), 'server/discover', {}));
  await next();
  return {
    async call(name) {
      const id = (ids += 1);
      send(request(id, 'tools/call', { name, arguments: {} }));
      const { result } = await next();
      return result as Json;
    },
    listen(notifications, extensions) {
      send(request((ids += 1), 'subscriptions/listen', { notifications }, extensions));
      return Promise.resolve({ next: async () => ({ done: false, value: await next() }) });
    },
  };
}

const read = async (stream: AsyncIterator<Json>): Promise<Json> => (await stream.next()).value as Json;

/** Reads until the task has the status; every message before is about the same task. */
async function until(stream: AsyncIterator<Json>, status: string): Promise<Json> {
  for (;;) {
    const { method, params } = (await read(stream)) as { method: string; params: Json };
    expect(method).toBe('notifications/tasks');
    if (params['status'] === status) return params;
  }
}

describe.each([
  ['HTTP', overHttp],
  ['stdio', overStdio],
])('over %s', (_, connect) => {
  test('a client is told of its tasks, from now to their end', async () => {
    const { server, finish } = workshop();
    const client = await connect(server);
    const { taskId } = await client.call('build');
    const stream = await client.listen({ taskIds: [taskId, 'of-another'] });
    const acknowledged = await read(stream);
    expect(acknowledged).toMatchObject({
      method: 'notifications/subscriptions/acknowledged',
      params: { notifications: { taskIds: [taskId] } },
    });
    const { _meta, notifications } = acknowledged['params'] as { _meta: Json; notifications: Json };
    expect(Object.keys(notifications)).toEqual(['taskIds']);
    expect(await until(stream, 'working')).toMatchObject({ taskId, _meta });
    finish();
    expect(await until(stream, 'completed')).toMatchObject({
      taskId,
      _meta,
      result: { content: [{ type: 'text', text: 'built' }] },
    });
  });

  test('who does not declare the extension is told so', async () => {
    const { server } = workshop();
    const client = await connect(server);
    const { taskId } = await client.call('build');
    const stream = await client.listen({ taskIds: [taskId] }, {});
    expect(await read(stream)).toMatchObject({
      error: { code: -32021, data: { requiredCapabilities: { extensions: TASKS } } },
    });
  });
});

test('other changes are told beside, to who asks for them only', async () => {
  const { server, finish } = workshop();
  const client = await overHttp(server);
  const { taskId } = await client.call('build');
  const both = await client.listen({ taskIds: [taskId], toolsListChanged: true });
  const one = await client.listen({ taskIds: [taskId] });
  expect(await read(both)).toMatchObject({ params: { notifications: { taskIds: [taskId], toolsListChanged: true } } });
  await read(one);
  await client.call('shout');
  finish();
  expect(await until(one, 'completed')).toMatchObject({ taskId });
  const told: unknown[] = [];
  while (!told.includes('notifications/tools/list_changed')) told.push((await read(both))['method']);
});

test('a subscription hears of what another process does', async () => {
  const store = memoryTaskStore();
  const receivers: ((message: string) => void)[] = [];
  const channel = (): ChangeChannel => ({
    send: (message) => receivers.forEach((receive) => receive(message)),
    listen: (receive) => void receivers.push(receive),
  });
  const one = workshop(store, channel());
  const two = workshop(store, channel());
  const client = await overHttp(one.server);
  const { taskId } = await client.call('build');
  const elsewhere = await overHttp(two.server);
  const stream = await elsewhere.listen({ taskIds: [taskId] });
  expect(await read(stream)).toMatchObject({ params: { notifications: { taskIds: [taskId] } } });
  await until(stream, 'working');
  one.finish();
  expect(await until(stream, 'completed')).toMatchObject({ taskId });
});
