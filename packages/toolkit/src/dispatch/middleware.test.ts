import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { inProcess } from '../fixtures/client.ts';
import {
  createServer,
  NotFoundError,
  ToolError,
  type Failure,
  type MethodMiddleware,
  type Middleware,
  type Server,
} from '../index.ts';

/** A server with one definition of each kind. */
function shop(...use: Middleware[]): Server {
  return createServer({ name: 'shop', version: '1', use })
    .tool(
      'add',
      {
        description: 'Add.',
        readOnly: true,
        input: z.object({ a: z.number(), b: z.number() }),
        output: z.object({ sum: z.number() }),
      },
      ({ a, b }) => {
        if (a === 404) throw new NotFoundError('No 404.');
        if (a === 500) throw new Error('postgres://admin:s3cret@db');
        return { sum: a + b };
      },
    )
    .prompt('greet', { description: 'Greet.', input: z.object({ name: z.string() }) }, ({ name }) => `Hello ${name}`)
    .resource(
      'log://{day}',
      { name: 'log', description: 'A log.', complete: { day: () => ['mon', 'tue'] } },
      ({ day }) => {
        if (day === 'never') throw new NotFoundError('No such day.');
        return day;
      },
    );
}

describe.each(['2025', '2026'] as const)('a client of %s', (era) => {
  test('passes through the middleware with every method, by the name of the definition', async () => {
    const seen: unknown[] = [];
    const server = shop(async (call, next) => {
      const { kind, readOnly, uri } = call.definition;
      seen.push([call.method, kind, call.name, call.uri ?? uri, call.arguments, readOnly]);
      return next();
    });
    await using t = await inProcess(server, era);
    expect((await t.call('add', { a: 1, b: '2' })).structured).toEqual({ sum: 3 });
    await t.client.getPrompt({ name: 'greet', arguments: { name: 'Ann' } });
    await t.client.readResource({ uri: 'log://mon' });
    const ref = { type: 'ref/resource', uri: 'log://{day}' } as const;
    await t.client.complete({ ref, argument: { name: 'day', value: 'm' } });
    expect(seen).toEqual([
      ['tools/call', 'tool', 'add', undefined, { a: 1, b: '2' }, true],
      ['prompts/get', 'prompt', 'greet', undefined, { name: 'Ann' }, true],
      ['resources/read', 'resource', 'log', 'log://mon', { day: 'mon' }, true],
      ['completion/complete', 'resource', 'log', 'log://{day}', { day: 'm' }, true],
    ]);
  });
});

test('what is not defined never reaches the middleware', async () => {
  const seen = vi.fn<() => void>();
  const server = shop((_, next) => {
    seen();
    return next();
  });
  await using t = await inProcess(server);
  const ref = { type: 'ref/prompt', name: 'nobody' } as const;
  await expect(t.call('ad')).rejects.toMatchObject({ code: -32602 });
  await expect(t.client.getPrompt({ name: 'nobody' })).rejects.toMatchObject({ code: -32602 });
  await expect(t.client.readResource({ uri: 'none://x' })).rejects.toMatchObject({ code: -32602 });
  await expect(t.client.complete({ ref, argument: { name: 'name', value: '' } })).rejects.toMatchObject({
    code: -32602,
  });
  expect(seen).not.toHaveBeenCalled();
});

test('the first is outermost; those added later are inside', async () => {
  const order: string[] = [];
  const named =
    (name: string): Middleware =>
    async (_, next) => {
      order.push(`${name} in`);
      const result = await next();
      order.push(`${name} out`);
      return result;
    };
  await using t = await inProcess(shop(named('first'), named('second')).use(named('third')));
  await t.call('add', { a: 1, b: 2 });
  expect(order).toEqual(['first in', 'second in', 'third in', 'third out', 'second out', 'first out']);
});

test('it may change the arguments, which are validated like the client’s own', async () => {
  const server = shop().use({
    'tools/call': (call, next) => next({ arguments: { ...call.arguments, b: call.arguments['b'] ?? 40 } }),
  });
  await using t = await inProcess(server);
  expect((await t.call('add', { a: 2 })).structured).toEqual({ sum: 42 });
  expect((await t.call('add', { a: 2, b: 'x' })).text).toMatch(/^INVALID_ARGUMENT: b: expected number/);
});

test('it may answer without a call, or refuse with a ToolError', async () => {
  const server = shop().use({
    'tools/call': async (call, next) => {
      if (call.arguments['a'] === 0) return { content: [], structuredContent: { sum: 0 } };
      if (call.arguments['a'] === 1) throw new ToolError('Not today.', { code: 'CLOSED', hint: 'Come back.' });
      return next();
    },
    'prompts/get': async () => {
      throw new ToolError('No greetings.', { code: 'CLOSED' });
    },
  });
  await using t = await inProcess(server);
  expect(await t.call('add', { a: 0 })).toMatchObject({ isError: false, structured: { sum: 0 } });
  expect(await t.call('add', { a: 1 })).toMatchObject({ isError: true, text: 'CLOSED: Not today. Come back.' });
  await expect(t.client.getPrompt({ name: 'greet', arguments: { name: 'A' } })).rejects.toMatchObject({
    code: -32603,
    message: expect.stringContaining('CLOSED: No greetings.'),
  });
});

test('it sees what was thrown before it is mapped, and how it will be told', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const failures: (Failure & { thrown: string })[] = [];
  const server = shop(async (call, next) => {
    try {
      return await next();
    } catch (error) {
      failures.push({ ...call.failureOf(error), thrown: (error as Error).message });
      throw error;
    }
  });
  await using t = await inProcess(server);
  const refused = await t.call('add', { a: 'x' });
  expect(refused.text).toMatch(/^INVALID_ARGUMENT/);
  expect((await t.call('add', { a: 404, b: 0 })).text).toMatch(/^NOT_FOUND/);
  expect((await t.call('add', { a: 500, b: 0 })).text).toMatch(/^INTERNAL/);
  await expect(t.client.getPrompt({ name: 'greet' })).rejects.toMatchObject({ code: -32602 });
  await expect(t.client.readResource({ uri: 'log://never' })).rejects.toMatchObject({ code: -32602 });
  expect(failures).toMatchObject([
    { outcome: 'error', code: 'INVALID_ARGUMENT', jsonRpcCode: undefined },
    { outcome: 'error', code: 'NOT_FOUND', jsonRpcCode: undefined },
    { outcome: 'error', code: 'INTERNAL', jsonRpcCode: undefined, thrown: 'postgres://admin:s3cret@db' },
    { outcome: 'error', code: 'INVALID_ARGUMENT', jsonRpcCode: -32602 },
    { outcome: 'error', code: 'NOT_FOUND', jsonRpcCode: -32602 },
  ]);
});

test('a middleware that forgets its result is the server’s mistake, not a crash', async () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const forgets = (async (_: unknown, next: () => Promise<unknown>) => void (await next())) as unknown as Middleware;
  await using t = await inProcess(shop(forgets));
  expect((await t.call('add', { a: 1, b: 2 })).text).toMatch(/^INTERNAL/);
  expect(stderr.mock.calls.join('')).toContain('a middleware answered tools/call with no result');
});

// @ts-expect-error -- every method is not answered like a tool
const everyMethod: Middleware = () => Promise.resolve({ content: [] });

test('the compiler refuses a result that is another method’s', () => {
  // @ts-expect-error -- a prompt is not answered like a tool
  const one: MethodMiddleware = { 'prompts/get': () => Promise.resolve({ content: [] }) };
  const none = { 'tools/list': () => Promise.resolve({ content: [] }) };
  // @ts-expect-error -- lists run no code of the server
  expect(() => createServer({ name: 'x', version: '1', use: [one, everyMethod, none] })).not.toThrow();
});
