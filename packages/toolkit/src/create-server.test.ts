import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { inProcess } from './fixtures/client.ts';
import { Library, librarySurface } from './fixtures/library.ts';
import { createServer, surfaceOf, tool, type Server, type ToolErrorOptions } from './index.ts';

function library(instance: Library = new Library()): Server {
  return createServer({ name: 'library', version: '1.0.0', surface: librarySurface, setup: () => instance });
}

describe.each(['2025', '2026'] as const)('a client of %s', (era) => {
  test('sees tools with schemas, annotations and descriptions', async () => {
    await using t = await inProcess(library(), era);
    const { tools } = await t.client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['find_books', 'echo', 'fail', 'wait']);
    expect(tools[0]).toMatchObject({
      title: 'Find books',
      description: 'Find books by title.',
      annotations: { readOnlyHint: true },
      inputSchema: { type: 'object', required: ['query'], additionalProperties: false },
      outputSchema: { type: 'object', required: ['books'] },
    });
  });

  test('gets an answer without the fields that were not declared', async () => {
    await using t = await inProcess(library(), era);
    const { structured, text, isError } = await t.call('find_books', { query: 'Emma' });
    expect(isError).toBe(false);
    expect(structured).toEqual({ books: [{ title: 'Emma', year: 1815 }] });
    expect(JSON.parse(text)).toEqual(structured);
  });

  test('gets a protocol error that names the nearest tool', async () => {
    await using t = await inProcess(library(), era);
    await expect(t.call('find_book')).rejects.toMatchObject({
      code: -32602,
      message: expect.stringMatching(/Did you mean find_books\?/),
    });
  });

  test.each([
    [{ query: 'E', limit: 0 }, 'limit: Too small: expected number to be >=1, got 0'],
    [{ query: 'E', limit: 1e9 }, 'limit: Too big: expected number to be <=50, got 1000000000'],
    [{ query: 'E', limit: 1.5 }, 'limit: expected int, got 1.5'],
    [{ query: 'E', limt: 5 }, 'limt is not an argument; did you mean limit? Correct the arguments'],
    [{}, 'query is required'],
    [{ query: { a: 1 } }, 'query: expected string, got {"a":1}'],
  ])('is told what is wrong with %j', async (values, message) => {
    await using t = await inProcess(library(), era);
    const { text, isError } = await t.call('find_books', values);
    expect(isError).toBe(true);
    expect(text).toContain(`INVALID_ARGUMENT: ${message}`);
    expect(text).toContain('Arguments: query (string), limit (integer, optional).');
  });

  test('may send "5" for 5 and null for what it leaves out', async () => {
    await using t = await inProcess(library(), era);
    expect(await t.call('find_books', { query: 'Emma', limit: '5' })).toMatchObject({ isError: false });
    expect(await t.call('find_books', { query: 'Emma', limit: null })).toMatchObject({ isError: false });
    expect(await t.call('echo', { text: 42 })).toMatchObject({ text: '42' });
  });

  test('reads the code and the hint of a ToolError, and nothing of any other error', async () => {
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await using t = await inProcess(library(), era);
    expect(await t.call('fail', { how: 'not found' })).toEqual({
      isError: true,
      text: 'NOT_FOUND: No book 7 Call find_books first.',
      structured: undefined,
    });
    const masked = await t.call('fail', { how: 'leak' });
    const incident = /incident ([0-9a-f]{12})/.exec(masked.text)?.[1];
    expect(masked.text).toMatch(/^INTERNAL: /);
    expect(masked.text).not.toMatch(/postgres|s3cret/);
    const logged = stderr.mock.calls.map(([line]) => String(line)).find((line) => line.includes(String(incident)));
    expect(logged).toMatch(/connect postgres:\/\/…@db\/prod failed \(at library\.ts:\d+\)/);
    expect(logged).not.toContain('s3cret');
    expect(logged?.trimEnd()).not.toContain('\n');
    expect((await t.call('fail', { how: 'oddly' })).text).toMatch(/^INTERNAL: /);
    stderr.mockRestore();
  });

  test('gets prompts with arguments, defaults and suggestions', async () => {
    await using t = await inProcess(library(), era);
    const { prompts } = await t.client.listPrompts();
    expect(prompts[0]).toMatchObject({
      name: 'reading_list',
      arguments: [
        { name: 'genre', description: 'The genre', required: false },
        { name: 'count', required: false },
      ],
    });
    const { messages } = await t.client.getPrompt({ name: 'reading_list', arguments: { count: '5' } });
    expect(messages).toEqual([{ role: 'user', content: { type: 'text', text: 'List 6 novel books.' } }]);
    await expect(t.client.getPrompt({ name: 'reading_list', arguments: { genre: 'drama' } })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringMatching(/genre: Invalid option/),
    });
    const ref = { type: 'ref/prompt', name: 'reading_list' } as const;
    const { completion } = await t.client.complete({ ref, argument: { name: 'genre', value: 'p' } });
    expect(completion.values).toEqual(['poetry']);
  });

  test('reads resources and templates, and learns that one does not exist', async () => {
    await using t = await inProcess(library(), era);
    expect((await t.client.listResources()).resources).toEqual([{ name: 'hours', uri: 'library://hours' }]);
    const { resourceTemplates } = await t.client.listResourceTemplates();
    expect(resourceTemplates).toEqual([
      { name: 'book', uriTemplate: 'book://{title}', description: 'One book.', mimeType: 'application/json' },
    ]);
    const { contents } = await t.client.readResource({ uri: 'book://%45mma' });
    expect(contents).toEqual([
      { uri: 'book://%45mma', mimeType: 'application/json', text: '{"title":"Emma","year":1815}' },
    ]);
    for (const uri of ['book://Nobody', 'book://%E0', 'nothing://here']) {
      await expect(t.client.readResource({ uri })).rejects.toMatchObject({ code: -32602, data: { uri } });
    }
    const ref = { type: 'ref/resource', uri: 'book://{title}' } as const;
    const { completion } = await t.client.complete({ ref, argument: { name: 'title', value: '' } });
    expect(completion.values).toEqual(['Ulysses', 'Emma']);
  });

  test('is named to the handler, which gets the context where it declared it', async () => {
    const instance = new Library();
    await using t = await inProcess(library(instance), era);
    expect(await t.call('echo', { text: 'ab', times: 2 })).toMatchObject({ text: 'abab' });
    expect(instance.contexts[0]?.request).toMatchObject({ era, client: { name: 'test', version: '1.2.3' } });
  });
});

test('a result that is one of several objects is listed as an object', async () => {
  const shape = z.union([z.object({ kind: z.literal('circle'), r: z.number() }), z.object({ kind: z.literal('dot') })]);
  const server = createServer({ name: 'shapes', version: '1' }).tool(
    'draw',
    { description: 'Draw.', input: z.object({ r: z.number() }), output: shape },
    ({ r }) => ({ kind: 'circle' as const, r }),
  );
  await using t = await inProcess(server, '2025');
  const { tools } = await t.client.listTools();
  expect(tools[0]?.outputSchema).toMatchObject({ type: 'object', anyOf: [{ type: 'object' }, { type: 'object' }] });
  expect((await t.call('draw', { r: 2 })).structured).toEqual({ kind: 'circle', r: 2 });
});

test('the signal of a call fires when the server must stop', async () => {
  const instance = new Library();
  await using t = await inProcess(library(instance));
  const answer = t.call('wait');
  await vi.waitUntil(() => instance.contexts.length > 0);
  expect(t.endpoint.calls.size).toBe(1);
  t.endpoint.calls.abort('stopping');
  expect(await answer).toMatchObject({ isError: true, text: expect.stringMatching(/^CANCELLED: wait was cancelled/) });
  await t.endpoint.calls.idle();
});

test('progress reaches the client that asked for it, and an error of a library is described by the server', async () => {
  class Refused extends Error {}
  const describeError = (error: unknown): (ToolErrorOptions & { code: string; message: string }) | undefined =>
    error instanceof Refused
      ? { code: 'DB_UNAVAILABLE', message: 'No database.', hint: 'Tell the operator.' }
      : undefined;
  const server = createServer({ name: 'functions', version: '1.0.0', describeError })
    .tool(
      'add',
      { description: 'Add.', input: z.object({ a: z.number(), b: z.number() }), output: z.object({ sum: z.number() }) },
      async ({ a, b }, context) => {
        await context.progress(1, 2, 'half');
        if (a < 0) throw new Refused();
        return { sum: a + b };
      },
    )
    .prompt('greet', { description: 'Greet.', input: z.object({ name: z.string() }) }, ({ name }) => `Hello ${name}`)
    .resource('file://bytes', { name: 'bytes', description: 'Two bytes.', mimeType: 'image/png' }, () =>
      Uint8Array.of(1, 2),
    )
    .resource('log://{day}/{n}', { name: 'log', description: 'A log line.' }, ({ day, n }) => `${day} ${n}`);
  await using t = await inProcess(server);
  const seen: unknown[] = [];
  const onprogress = (progress: unknown): unknown => seen.push(progress);
  const result = await t.client.callTool({ name: 'add', arguments: { a: 1, b: '2' } }, { onprogress });
  expect(result.structuredContent).toEqual({ sum: 3 });
  expect(seen).toMatchObject([{ progress: 1, total: 2, message: 'half' }]);
  expect(await t.call('add', { a: 1, b: 2, c: 3 })).toMatchObject({
    isError: true,
    text: expect.stringMatching(/c is not an argument/),
  });
  expect((await t.call('add', { a: -1, b: 2 })).text).toBe('DB_UNAVAILABLE: No database. Tell the operator.');
  expect((await t.client.getPrompt({ name: 'greet', arguments: { name: 'Ann' } })).messages[0]?.content).toEqual({
    type: 'text',
    text: 'Hello Ann',
  });
  const { contents: bytes } = await t.client.readResource({ uri: 'file://bytes' });
  expect(bytes).toEqual([{ uri: 'file://bytes', mimeType: 'image/png', blob: 'AQI=' }]);
  expect((await t.client.readResource({ uri: 'log://mon/7' })).contents).toEqual([
    { uri: 'log://mon/7', mimeType: 'text/plain', text: 'mon 7' },
  ]);
});

function define(classes: (typeof librarySurface)['classes']): Server {
  return createServer({ name: 'x', version: '1', surface: { ...librarySurface, classes } });
}

describe('a surface that does not describe the code is refused', () => {
  const closed = { type: 'object', properties: {}, additionalProperties: false };

  test('a method that is not marked', () => {
    class Plain {
      run(): void {}
    }
    const entry = { method: 'run', parameters: [], input: closed, hash: '' } as const;
    expect(() => define([surfaceOf(Plain, { tools: [entry] })]).start({})).toThrow(
      /MRT2002.*Plain\.run.*Run: mortise infer/,
    );
  });

  test('a marked method that is not in it', () => {
    class Marked {
      @tool()
      run(): void {}
    }
    expect(() => define([surfaceOf(Marked, {})]).start({})).toThrow(/MRT2002.*Marked\.run is not in it/);
  });

  test('a source that changed', () => {
    const surface = { ...librarySurface, base: import.meta.url, sources: { './index.ts': 'something old' } };
    expect(() => createServer({ name: 'x', version: '1', surface }).start({})).toThrow(
      /MRT2002.*\.\/index\.ts changed/,
    );
    const compiled = { ...surface, base: import.meta.url.replace(/\.ts$/, '.js') };
    expect(() => createServer({ name: 'x', version: '1', surface: compiled }).start({})).not.toThrow();
    const gone = { ...surface, sources: { './not-there.ts': 'whatever' } };
    expect(() => createServer({ name: 'x', version: '1', surface: gone }).start({})).not.toThrow();
  });

  test('an instance that setup does not return', async () => {
    const endpoint = createServer({ name: 'x', version: '1', surface: librarySurface, setup: () => [] }).start({});
    await expect(endpoint.ready(AbortSignal.timeout(1000))).rejects.toThrow(/MRT2005.*Library/);
  });

  test('two definitions with one name', () => {
    const entry = { description: 'x', input: z.object({}) };
    const server = createServer({ name: 'x', version: '1' }).tool('a', entry, () => '');
    expect(() => server.tool('a', entry, () => '')).toThrow(/MRT2004/);
    expect(() => server.tool('a b', entry, () => '')).toThrow(/MRT2003/);
  });
});

test('what setup opened is closed once, last first', async () => {
  const closed: string[] = [];
  const endpoint = createServer({
    name: 'x',
    version: '1',
    setup: (stack) => {
      stack.defer(() => closed.push('first'));
      stack.adopt('second', (name) => closed.push(name));
      return [];
    },
  }).start({});
  await Promise.all([endpoint.close(), endpoint.close()]);
  expect(closed).toEqual(['second', 'first']);
});
