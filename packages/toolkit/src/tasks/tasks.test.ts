import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { inProcess } from '../fixtures/client.ts';
import { rawRequest } from '../fixtures/raw-request.ts';
import { createServer, memoryTaskStore, ToolError, type Middleware, type Server, type TaskStore } from '../index.ts';
import { audit, type AuditRecord } from '../middleware/audit.ts';
import { timeout } from '../middleware/timeout.ts';
import { serveHttp } from '../serve/http.ts';

type Json = Record<string, unknown>;

const here = { host: '127.0.0.1', port: 0, allowedHosts: [], withoutAuthentication: true };
const none = z.object({});
const EXTENSION = { extensions: { 'io.modelcontextprotocol/tasks': {} } };

afterEach(() => void vi.restoreAllMocks());

/** A server with tools that take long; `seen` is what its middleware saw, `steps` what its steps did. */
function kitchen(
  store?: TaskStore,
  cook?: (signal: AbortSignal) => Promise<string>,
): { server: Server; seen: string[]; steps: () => number } {
  const seen: string[] = [];
  let steps = 0;
  const watch: Middleware = async (call, next) => {
    try {
      const result = await next();
      seen.push(`${call.name} ${'isError' in result && result.isError ? 'isError' : 'ok'}`);
      return result;
    } catch (error) {
      seen.push(`${call.name} ${call.failureOf(error).outcome}`);
      throw error;
    }
  };
  const server = createServer({
    name: 'kitchen',
    version: '1',
    use: [watch],
    setup: (_, { useTaskStore }) => {
      if (store) useTaskStore(store);
      return [];
    },
  })
    .tool(
      'cook',
      {
        description: 'Cook.',
        input: z.object({ dish: z.string() }),
        output: z.object({ dish: z.string() }),
        task: 'optional',
      },
      async ({ dish }, context) => {
        await context.progress(1, 2, 'The water boils.');
        await cook?.(context.signal);
        return { dish, secret: 'of the house' } as { dish: string };
      },
    )
    .tool('burn', { description: 'Burn.', input: none, task: 'required' }, () => {
      throw new Error('postgres://cook:secret@stove');
    })
    .tool('drop', { description: 'Drop.', input: none, task: 'required' }, () => {
      throw new ToolError('The plate is broken.', { code: 'BROKEN' });
    })
    .tool('serve', { description: 'Serve.', input: none, task: 'required' }, async (_, context) => {
      const plate = await context.step('plate', () => `plate ${(steps += 1)}`);
      const first = await context.elicit('Wine?', z.object({ wine: z.string() }));
      const second = await context.elicit('Sure?', z.object({ sure: z.boolean() }));
      return JSON.stringify([plate, first, second]);
    })
    .tool('deliver', { description: 'Deliver.', input: none, task: 'optional', detaches: true }, async (_, context) => {
      const answer = await context.elicit('Where?', z.object({ street: z.string() }));
      await context.detach();
      return answer.action === 'accept' ? `at ${answer.data.street}` : 'nowhere';
    });
  return { server, seen, steps: () => steps };
}

/** Serves a server over HTTP for one test, with a client that declares the extension or not. */
async function served(server: Server): Promise<
  AsyncDisposable & {
    request(method: string, params: Json, capabilities?: Json): Promise<Json>;
    settled(id: unknown): Promise<Json>;
  }
> {
  const service = await serveHttp(server.start({}), here);
  const request = async (method: string, params: Json, capabilities: Json = EXTENSION): Promise<Json> => {
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} }, ...capabilities },
    };
    const { result, error } = await rawRequest(service.url, method, { _meta, ...params });
    return result ?? { error };
  };
  return {
    request,
    settled: (id) =>
      vi.waitFor(async () => {
        const task = await request('tasks/get', { taskId: id });
        expect(task['status']).not.toBe('working');
        return task;
      }),
    async [Symbol.asyncDispose]() {
      await service.stop('done');
    },
  };
}

const call = (name: string, values: Json = {}): Json => ({ name, arguments: values });

describe('a call that becomes a task', () => {
  test('is found at once, and its result went through the dispatch', async () => {
    const { server, seen } = kitchen();
    await using client = await served(server);
    const task = await client.request('tools/call', call('cook', { dish: 'soup' }));
    expect(task).toMatchObject({ resultType: 'task', status: 'working', ttlMs: 3_600_000, pollIntervalMs: 1_000 });
    const done = await client.settled(task['taskId']);
    expect(done).toMatchObject({ status: 'completed', result: { structuredContent: { dish: 'soup' } } });
    expect(JSON.stringify(done)).not.toContain('of the house');
    expect(seen).toEqual(['cook ok']);
  });

  test('tells its progress as its status', async () => {
    const cooking = Promise.withResolvers<string>();
    const { server } = kitchen(undefined, () => cooking.promise);
    await using client = await served(server);
    const { taskId } = await client.request('tools/call', call('cook', { dish: 'soup' }));
    await vi.waitFor(async () => {
      expect(await client.request('tasks/get', { taskId })).toMatchObject({
        status: 'working',
        statusMessage: 'The water boils.',
      });
    });
    cooking.resolve('');
    expect(await client.settled(taskId)).toMatchObject({ status: 'completed' });
  });

  test('completes with the errors that a model may read, and fails masked with those it may not', async () => {
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await using client = await served(kitchen().server);
    const dropped = await client.request('tools/call', call('drop'));
    expect(await client.settled(dropped['taskId'])).toMatchObject({
      status: 'completed',
      result: { isError: true, content: [{ text: 'BROKEN: The plate is broken.' }] },
    });
    const burnt = await client.request('tools/call', call('burn'));
    const failed = await client.settled(burnt['taskId']);
    expect(failed).toMatchObject({ status: 'failed', error: { code: -32603 } });
    expect(JSON.stringify(failed)).not.toContain('secret');
    expect(stderr.mock.calls.join('')).toContain('burn failed');
  });

  test('asks in the task, and goes on with the answers; steps ran once', async () => {
    const { server, steps } = kitchen();
    await using client = await served(server);
    const { taskId } = await client.request('tools/call', call('serve'));
    const first = await client.settled(taskId);
    expect(first).toMatchObject({ status: 'input_required', inputRequests: { '1.question_0': {} } });
    const answer = (key: string, content: Json): Json => ({
      taskId,
      inputResponses: { [key]: { action: 'accept', content } },
    });
    const wine = answer('1.question_0', { wine: 'red' });
    expect(await client.request('tasks/update', wine)).toMatchObject({ resultType: 'complete' });
    const second = await client.settled(taskId);
    expect(Object.keys(second['inputRequests'] as Json)).toEqual(['2.question_1']);
    await client.request('tasks/update', wine); // late: it belongs to no question that is open
    expect(await client.request('tasks/get', { taskId })).toMatchObject({ status: 'input_required' });
    await client.request('tasks/update', answer('2.question_1', { sure: true }));
    const { result } = await client.settled(taskId);
    expect(result).toMatchObject({
      content: [{ text: expect.stringMatching(/^\["plate 1",.*"wine":"red".*"sure":true/) as unknown }],
    });
    expect(steps()).toBe(1);
  });

  test('is stopped by its client, and stays so', async () => {
    const stopped = Promise.withResolvers<string>();
    const { server } = kitchen(undefined, (signal) => {
      signal.addEventListener('abort', () => stopped.reject(signal.reason as Error));
      return stopped.promise;
    });
    await using client = await served(server);
    const { taskId } = await client.request('tools/call', call('cook', { dish: 'soup' }));
    expect(await client.request('tasks/cancel', { taskId })).not.toHaveProperty('status');
    await expect(stopped.promise).rejects.toThrow('The client cancelled the task.');
    expect(await client.request('tasks/get', { taskId })).toMatchObject({ status: 'cancelled' });
    expect(await client.request('tasks/cancel', { taskId })).toMatchObject({ resultType: 'complete' });
  });

  test('may ask in the call before it begins', async () => {
    await using client = await served(kitchen().server);
    const asked = await client.request('tools/call', call('deliver'));
    expect(asked).toMatchObject({ resultType: 'input_required' });
    expect(asked).not.toHaveProperty('taskId');
    const inputResponses = { question_0: { action: 'accept', content: { street: 'Elm Street' } } };
    const task = await client.request('tools/call', {
      ...call('deliver'),
      inputResponses,
      requestState: asked['requestState'],
    });
    expect(task).toMatchObject({ resultType: 'task' });
    expect(task).not.toHaveProperty('requestState');
    expect(await client.settled(task['taskId'])).toMatchObject({ result: { content: [{ text: 'at Elm Street' }] } });
  });
});

test('the limit of time stops a task, and the audit has its record', async () => {
  const records: AuditRecord[] = [];
  const stopped = Promise.withResolvers<unknown>();
  const { server } = kitchen(undefined, (signal) => {
    signal.addEventListener('abort', () => stopped.resolve(signal.reason));
    return new Promise(() => undefined);
  });
  server.use(audit({ sink: { write: (record) => void records.push(record) }, redaction: { show: ['dish'] } }));
  server.use(timeout(50));
  await using client = await served(server);
  const { taskId } = await client.request('tools/call', call('cook', { dish: 'soup' }));
  expect(records).toEqual([]);
  expect(await client.settled(taskId)).toMatchObject({
    status: 'completed',
    result: { isError: true, content: [{ text: expect.stringMatching(/^TIMEOUT: cook did not answer/) as unknown }] },
  });
  expect(await stopped.promise).toMatchObject({ name: 'TimeoutError' });
  expect(records).toMatchObject([
    {
      method: 'tools/call',
      name: 'cook',
      agent: 'raw/1',
      arguments: { dish: 'soup' },
      outcome: 'error',
      code: 'TIMEOUT',
    },
  ]);
});

test('a task that ends well has its record too', async () => {
  const records: AuditRecord[] = [];
  const { server } = kitchen();
  server.use(audit({ sink: { write: (record) => void records.push(record) } })).use(timeout(60_000));
  await using client = await served(server);
  const { taskId } = await client.request('tools/call', call('cook', { dish: 'soup' }));
  const done = await client.settled(taskId);
  expect(records).toMatchObject([{ name: 'cook', outcome: 'ok', code: null }]);
  expect(records[0]?.bytes).toBeGreaterThan(0);
  expect(done).toMatchObject({ status: 'completed' });
});

describe('a client without tasks', () => {
  test('waits for what may be a task, and is refused what must be one', async () => {
    await using client = await served(kitchen().server);
    expect(await client.request('tools/call', call('cook', { dish: 'soup' }), {})).toMatchObject({
      resultType: 'complete',
      structuredContent: { dish: 'soup' },
    });
    expect(await client.request('tools/call', call('burn'), {})).toMatchObject({
      error: { code: -32021, data: { requiredCapabilities: EXTENSION } },
    });
    expect(await client.request('tasks/get', { taskId: 'any' }, {})).toMatchObject({ error: { code: -32021 } });
  });

  test('of 2025 reads what to do', async () => {
    await using t = await inProcess(kitchen().server, '2025');
    expect(await t.call('cook', { dish: 'soup' })).toMatchObject({ structured: { dish: 'soup' } });
    expect((await t.call('burn')).text).toMatch(/^TASKS_UNSUPPORTED: /);
  });
});

describe('the store', () => {
  test('is what several processes share: the answers of one begin the next run in another', async () => {
    const store = memoryTaskStore();
    await using one = await served(kitchen(store).server);
    await using two = await served(kitchen(store).server);
    const { taskId } = await one.request('tools/call', call('serve'));
    await one.settled(taskId);
    const inputResponses = { '1.question_0': { action: 'accept', content: { wine: 'red' } } };
    await two.request('tasks/update', { taskId, inputResponses });
    expect(await one.settled(taskId)).toMatchObject({
      status: 'input_required',
      inputRequests: { '2.question_1': {} },
    });
  });

  test('gives a task to nobody else, and to nobody when it has expired', async () => {
    let now = 0;
    const store = memoryTaskStore(() => now);
    await using client = await served(kitchen(store).server);
    const task = { id: 'of-another', version: 1, expires: 10, content: JSON.stringify({ owner: '["x","y"]' }) };
    await store.create(task);
    expect(await client.request('tasks/get', { taskId: 'of-another' })).toMatchObject({ error: { code: -32602 } });
    expect(await store.replace({ ...task, version: 3 })).toBe(false);
    expect(await store.replace({ ...task, version: 2 })).toBe(true);
    now = 10;
    expect(await store.read('of-another')).toBeUndefined();
  });

  test('of one process is bounded', () => {
    let now = 0;
    const store = memoryTaskStore(() => now, 1);
    const task = (id: string): Parameters<TaskStore['create']>[0] => ({
      id,
      version: 1,
      expires: now + 10,
      content: '{}',
    });
    void store.create(task('a'));
    expect(() => store.create(task('b'))).toThrow(ToolError);
    now = 10;
    void store.create(task('b'));
    expect(store.read('b')).toBeDefined();
  });

  test('tells that the process of a task is gone', async () => {
    const store = memoryTaskStore();
    const cooking = Promise.withResolvers<string>();
    await using client = await served(kitchen(store, () => cooking.promise).server);
    const { taskId } = await client.request('tools/call', call('cook', { dish: 'soup' }));
    await vi.waitFor(async () => {
      const kept = await store.read(taskId as string);
      const content = JSON.stringify({ ...(JSON.parse(kept?.content ?? '{}') as Json), alive: 0 });
      const version = (kept?.version ?? 0) + 1;
      expect(await store.replace({ id: taskId as string, version, expires: kept?.expires ?? 0, content })).toBe(true);
    });
    expect(await client.request('tasks/get', { taskId })).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('process that worked on the task has ended') as unknown },
    });
    cooking.resolve('');
  });
});

test('detaches without task is refused at the definition', () => {
  const server = createServer({ name: 'x', version: '1' });
  const define = (): unknown =>
    server.tool('x', { description: 'x', input: none, detaches: true }, () => 'x').start({});
  expect(define).toThrow("MRT2018: x has detaches, but becomes no task; add task: 'optional'.");
});
