import { Client } from '@modelcontextprotocol/client';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { inProcess, type InProcess } from '../fixtures/client.ts';
import { createServer, ConfigurationError, type Server } from '../index.ts';
import type { Callers } from '../serve/endpoint.ts';
import { library } from './fixtures/guarded-library.ts';
import { AUDIENCE, ProtectedServer, type Reader } from './fixtures/protected-server.ts';

const LIBRARIAN = 'librarian';

/** Believes what it is told: the scopes are the token. */
const verifier = {
  verify: (token: string) => ({
    subject: 'ann',
    client: 'agent',
    scopes: token.split('+'),
    audience: [AUDIENCE],
    expiresAt: Date.now() / 1_000 + 60,
  }),
};

function over(era: '2025' | '2026', server?: Server): (scopes: string) => Promise<Reader & AsyncDisposable> {
  return async (scopes) => {
    const own = await ProtectedServer.start({}, { verifier, ...(server && { server }) });
    const reader = await own.connect(scopes, era);
    return {
      ...reader,
      async [Symbol.asyncDispose]() {
        await reader[Symbol.asyncDispose]();
        await own[Symbol.asyncDispose]();
      },
    };
  };
}

async function listed(client: Client): Promise<Record<string, string[]>> {
  return {
    tools: (await client.listTools()).tools.map(({ name }) => name),
    prompts: (await client.listPrompts()).prompts.map(({ name }) => name),
    resources: (await client.listResources()).resources.map(({ name }) => name),
    templates: (await client.listResourceTemplates()).resourceTemplates.map(({ name }) => name),
  };
}

async function failure(call: Promise<unknown>): Promise<{ code: unknown; message: string }> {
  const error = await call.then(
    () => ({ code: undefined, message: 'no error' }),
    (reason: unknown) => reason as { code: unknown; message: string },
  );
  return { code: error.code, message: error.message };
}

describe.each(['2025', '2026'] as const)('a caller of the %s era', (era) => {
  const connect = over(era);

  test('is told of everything that it could ask the scopes for, and of nothing that names no policy', async () => {
    await using ann = await connect('nothing');
    expect(await listed(ann.client)).toEqual({
      tools: ['read_books', 'write_books', 'opening_hours'],
      prompts: ['review'],
      resources: ['catalogue'],
      templates: ['book'],
    });
  });

  test('sees what is visible to it', async () => {
    await using librarian = await connect(LIBRARIAN);
    expect(await listed(librarian.client)).toEqual({
      tools: ['read_books', 'write_books', 'burn_books', 'opening_hours'],
      prompts: ['review', 'secret_review'],
      resources: ['catalogue', 'safe'],
      templates: ['book', 'letter'],
    });
    expect((await librarian.client.callTool({ name: 'burn_books' })).content).toEqual([{ type: 'text', text: 'ann' }]);
    const { contents } = await librarian.client.readResource({ uri: 'letter://Dear' });
    expect(contents).toMatchObject([{ text: 'Dear' }]);
  });

  test('is told only of what it may call, where the server says so, but may still ask for the scopes', async () => {
    await using ann = await over(era, library({ hideWithoutScopes: true }))('nothing');
    expect(await listed(ann.client)).toEqual({ tools: ['opening_hours'], prompts: [], resources: [], templates: [] });
    await failure(ann.client.callTool({ name: 'read_books' }));
    expect(ann.answers.at(-1)).toMatchObject({ status: 403 });
    const { message } = await failure(ann.client.callTool({ name: 'read_book' }));
    expect(message).not.toContain('read_books');
  });

  test.each<[string, (client: Client, name: string) => Promise<unknown>, string, string]>([
    ['a tool', (client, name) => client.callTool({ name }), 'burn_books', 'xxxx_yyyyy'],
    [
      'a tool whose arguments are headers too',
      (client, name) => client.callTool({ name, arguments: { shelf: '1' } }),
      'burn_books',
      'xxxx_yyyyy',
    ],
    ['a tool without a policy', (client, name) => client.callTool({ name }), 'forgotten', 'xxxxxxxxx'],
    ['a prompt', (client, name) => client.getPrompt({ name }), 'secret_review', 'xxxxxx_yyyyyy'],
    ['a resource', (client, uri) => client.readResource({ uri }), 'library://safe', 'library://xxxx'],
    ['a template', (client, uri) => client.readResource({ uri }), 'letter://x', 'xxxxxx://x'],
    [
      'a completion of a prompt',
      (client, name) => client.complete({ ref: { type: 'ref/prompt', name }, argument: { name: 'kind', value: '' } }),
      'secret_review',
      'xxxxxx_yyyyyy',
    ],
    [
      'a completion of a template',
      (client, uri) => client.complete({ ref: { type: 'ref/resource', uri }, argument: { name: 'title', value: '' } }),
      'letter://{title}',
      'xxxxxx://{title}',
    ],
  ])('gets the answer of an unknown name for %s that it may not see', async (_, call, hidden, unknown) => {
    await using ann = await connect('books:read');
    const answer = await failure(call(ann.client, hidden));
    const status = ann.answers.at(-1)?.status;
    const expected = await failure(call(ann.client, unknown));
    expect(JSON.stringify(answer).replaceAll(hidden, unknown)).toBe(JSON.stringify(expected));
    expect(status).toBe(ann.answers.at(-1)?.status);
    expect(answer.code).toBe(-32_602);
  });

  test('no hint names what it may not see', async () => {
    await using ann = await connect('books:read');
    const { message } = await failure(ann.client.callTool({ name: 'burn_book' }));
    expect(message).toContain('Unknown tool: burn_book.');
    expect(message).not.toContain('burn_books');
    await using librarian = await connect(LIBRARIAN);
    expect((await failure(librarian.client.callTool({ name: 'burn_book' }))).message).toContain('mean burn_books?');
  });

  test.each<[string, (client: Client) => Promise<unknown>]>([
    ['tool', (client) => client.callTool({ name: 'read_books' })],
    ['prompt', (client) => client.getPrompt({ name: 'review', arguments: { kind: 'long' } })],
    ['resource', (client) => client.readResource({ uri: 'library://catalogue' })],
    ['template', (client) => client.readResource({ uri: 'book://Emma' })],
    [
      'completion of a prompt',
      (client) =>
        client.complete({ ref: { type: 'ref/prompt', name: 'review' }, argument: { name: 'kind', value: '' } }),
    ],
    [
      'completion of a template',
      (client) =>
        client.complete({
          ref: { type: 'ref/resource', uri: 'book://{title}' },
          argument: { name: 'title', value: '' },
        }),
    ],
    ...(era === '2025'
      ? [
          ['subscription', (client: Client) => client.subscribeResource({ uri: 'library://catalogue' })] satisfies [
            string,
            (client: Client) => Promise<unknown>,
          ],
        ]
      : []),
  ])('is asked for the scopes of a %s, and has it with them', async (_, call) => {
    await using poor = await connect('nothing');
    await failure(call(poor.client));
    expect(poor.answers.at(-1)).toMatchObject({ status: 403 });
    expect(poor.answers.at(-1)?.challenge).toContain('scope="books:read"');
    await using rich = await connect('books:read');
    await expect(call(rich.client)).resolves.toBeDefined();
  });
});

test('a request whose parameters are nonsense is answered as by a server without policies', async () => {
  await using server = await ProtectedServer.start({}, { verifier });
  await using ann = await server.connect('nothing', '2025');
  await using open = await inProcess(library(), '2025');
  const nonsense = [{}, { name: null }, { name: { toString: 1 } }, { uri: [] }, { ref: 'x' }, { ref: { name: 7 } }];
  for (const params of nonsense) {
    for (const method of ['tools/call', 'prompts/get', 'resources/read', 'completion/complete']) {
      const ask = (client: Client): Promise<unknown> =>
        failure(client.request({ method, params } as never, z.unknown() as never));
      const answer = await ask(ann.client);
      expect(answer).toEqual(await ask(open.client));
      expect(ann.answers.at(-1)).toMatchObject({ method, status: 200 });
    }
  }
});

function watched(): Server {
  return library().tool(
    'touch',
    { description: '', input: z.object({ uri: z.string() }), public: true },
    ({ uri }, context) => {
      context.notify.resourceUpdated(uri);
      context.notify.toolsChanged();
      return '';
    },
  );
}

describe('subscriptions', () => {
  const uris = ['library://catalogue', 'library://safe', 'book://Emma', 'letter://Dear', 'library://unknown'];

  async function heard(era: '2025' | '2026', scopes: string): Promise<readonly string[]> {
    await using server = await ProtectedServer.start({}, { verifier, server: watched() });
    await using reader = await server.connect(scopes, era);
    const { client } = reader;
    const told: string[] = [];
    let lists = 0;
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => void told.push(params.uri));
    client.setNotificationHandler('notifications/tools/list_changed', () => void (lists += 1));
    if (era === '2026') await client.listen({ resourceSubscriptions: uris, toolsListChanged: true });
    else for (const uri of uris) await client.subscribeResource({ uri }).catch(() => undefined);
    for (const uri of uris) await client.callTool({ name: 'touch', arguments: { uri } });
    await vi.waitUntil(() => lists === uris.length);
    return told;
  }

  test.each(['2025', '2026'] as const)('of the %s era tell of what the subscriber may read', async (era) => {
    expect(await heard(era, 'nothing')).toEqual([]);
    expect(await heard(era, 'books:read')).toEqual(['library://catalogue', 'book://Emma']);
    expect(await heard(era, LIBRARIAN)).toEqual(['library://safe', 'letter://Dear']);
  });
});

function connectLocally(scopes?: readonly string[]): Promise<InProcess> {
  const callers: Callers = { kind: 'local', subject: 'ann', ...(scopes && { scopes }) };
  return inProcess(library(), '2025', undefined, undefined, { callers });
}

describe('without a token, as over stdio', () => {
  test('the local user has every scope, and a name', async () => {
    await using t = await connectLocally();
    expect(await t.call('write_books')).toMatchObject({ text: 'ann', isError: false });
    expect(await t.call('forgotten')).toMatchObject({ text: 'ann' });
    await using unnamed = await inProcess(library(), '2025');
    expect(await unnamed.call('read_books')).toMatchObject({ text: 'local' });
  });

  test('with the scopes that the operator gave, what lacks one says so', async () => {
    await using t = await connectLocally(['books:read']);
    expect(await t.call('read_books')).toMatchObject({ isError: false });
    expect(await t.call('write_books')).toEqual({
      isError: true,
      structured: undefined,
      text:
        'INSUFFICIENT_SCOPE: write_books needs the scopes books:read books:write, which this caller was not granted. ' +
        'Tell the user: whoever runs the server grants scopes. Repeating the call changes nothing.\n' +
        '{"scopes":["books:read","books:write"]}',
    });
    expect(await failure(t.call('forgotten'))).toMatchObject({ code: -32_602 });
    await using none = await connectLocally([LIBRARIAN]);
    expect(await failure(none.client.readResource({ uri: 'book://Emma' }))).toMatchObject({ code: -32_600 });
    expect(await failure(none.client.getPrompt({ name: 'review', arguments: { kind: 'long' } }))).toMatchObject({
      code: -32_600,
      message: expect.stringContaining('INSUFFICIENT_SCOPE') as string,
    });
    const ref = { type: 'ref/prompt', name: 'review' } as const;
    expect(await failure(none.client.complete({ ref, argument: { name: 'kind', value: '' } }))).toMatchObject({
      code: -32_600,
    });
    expect((await none.client.readResource({ uri: 'library://safe' })).contents).toMatchObject([{ text: 'gold' }]);
  });
});

test('no middleware answers in the place of a scope that is missing', async () => {
  const cached = library().use(() => Promise.resolve({ content: [{ type: 'text', text: 'from a cache' }] } as never));
  const callers = { kind: 'local', subject: 'ann', scopes: ['books:read'] } as const;
  await using t = await inProcess(cached, '2025', undefined, undefined, { callers });
  expect(await t.call('read_books')).toMatchObject({ text: 'from a cache' });
  expect((await t.call('write_books')).text).toMatch(/^INSUFFICIENT_SCOPE/u);
  await expect(t.call('burn_books')).rejects.toMatchObject({ code: -32_602 });
});

test('over HTTP without authentication everybody has every scope and nobody a name', async () => {
  const endpoint = library().start({}, { callers: { kind: 'anyone' } });
  const { serveHttp } = await import('../serve/http.ts');
  const bind = { host: '127.0.0.1', port: 0, allowedHosts: [], withoutAuthentication: false };
  const service = await serveHttp(endpoint, bind);
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  await client.connect(new StreamableHTTPClientTransport(new URL(service.url)));
  expect((await client.callTool({ name: 'write_books' })).content).toEqual([{ type: 'text', text: 'nobody' }]);
  expect((await listed(client))['tools']).toEqual(['read_books', 'write_books', 'opening_hours', 'forgotten']);
  await client.close();
  await service.stop('test');
});

test('a `visible` that throws or promises is a no', async () => {
  const input = z.object({});
  const server = createServer({ name: 'x', version: '1' })
    .tool('throws', { description: '', input, visible: () => fail() }, () => '')
    .tool('promises', { description: '', input, visible: (() => Promise.resolve(true)) as never }, () => '')
    .tool('right', { description: '', input, visible: () => true }, () => '');
  await using t = await inProcess(server);
  expect((await t.client.listTools()).tools.map(({ name }) => name)).toEqual(['right']);
});

function fail(): never {
  throw new Error('s3cret');
}

test.each([
  ['no scope', { scopes: [] }],
  ['two scopes in one', { scopes: ['a b'] }],
  ['public and limited', { scopes: ['a'], public: true }],
])('a policy that says %s is refused where it is defined', (_, policy) => {
  const define = (): unknown =>
    createServer({ name: 'x', version: '1' }).tool(
      'a_tool',
      { description: '', input: z.object({}), ...(policy as object) },
      () => '',
    );
  expect(define).toThrow(ConfigurationError);
  expect(define).toThrow(/^MRT2009: .*a_tool/u);
});
