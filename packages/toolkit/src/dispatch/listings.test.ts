import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { inProcess } from '../fixtures/client.ts';
import { rawRequest } from '../fixtures/raw-request.ts';
import { createServer, type OptionDefinition, type Server, type ServerOptions } from '../index.ts';
import { serveHttp } from '../serve/http.ts';

const icons = [
  { src: 'https://example.com/books.png', mimeType: 'image/png', sizes: ['48x48'], theme: 'dark' },
] as const;
const input = z.object({});

type Lists = Pick<ServerOptions<Readonly<Record<string, OptionDefinition>>>, 'pageSize' | 'cache'>;

function shop(options: Lists = {}): Server {
  return createServer({ name: 'shop', version: '1', icons, websiteUrl: 'https://example.com', ...options })
    .tool('show_cart', { description: 'Show it.', input, icons, ui: 'ui://shop/cart' }, () => 'empty')
    .tool(
      'refresh_cart',
      { description: 'For the view.', input, ui: { resource: 'ui://shop/cart', visibility: ['app'] } },
      () => 'empty',
    )
    .tool('pay', { description: 'Pay.', input }, () => 'paid')
    .prompt('thank', { description: 'Thank.', icons }, () => 'Thank you!')
    .resource(
      'ui://shop/cart',
      { name: 'cart', description: 'The cart.', ui: { csp: { connectDomains: ['https://api.example.com'] } } },
      () => '<!doctype html>',
    )
    .resource(
      'shop://terms',
      {
        name: 'terms',
        description: 'The terms.',
        icons,
        annotations: { audience: ['user'], priority: 0.2, lastModified: '2026-01-31T12:00:00Z' },
        size: 5,
        cache: { seconds: 60, scope: 'public' },
      },
      () => 'terms',
    )
    .resource(
      'shop://{country}/{city}',
      {
        name: 'branch',
        description: 'A branch.',
        cache: { seconds: 1.5 },
        complete: { city: (typed, _, { country = '?' }) => [`${country}:${typed}`] },
        list: () => ['shop://fr/paris', 'shop://it/rome'].map((uri) => ({ uri, name: uri, icons })),
      },
      ({ city }) => city,
    );
}

describe.each(['2025', '2026'] as const)('a client of %s', (era) => {
  test('is shown pictures, annotations and views', async () => {
    await using t = await inProcess(shop(), era);
    expect(t.client.getServerVersion()).toMatchObject({ icons, websiteUrl: 'https://example.com' });
    expect(t.client.getServerCapabilities()?.extensions).toEqual({ 'io.modelcontextprotocol/ui': {} });
    const { tools } = await t.client.listTools();
    expect(tools).toMatchObject([
      { icons, _meta: { ui: { resourceUri: 'ui://shop/cart' } } },
      { _meta: { ui: { resourceUri: 'ui://shop/cart', visibility: ['app'] } } },
      { name: 'pay' },
    ]);
    expect(tools[2]).not.toHaveProperty('_meta');
    expect((await t.client.listPrompts()).prompts).toMatchObject([{ icons }]);
    const ui = { csp: { connectDomains: ['https://api.example.com'] } };
    const mimeType = 'text/html;profile=mcp-app';
    const { resources } = await t.client.listResources();
    expect(resources).toMatchObject([
      { uri: 'ui://shop/cart', mimeType, _meta: { ui } },
      { icons, size: 5, annotations: { audience: ['user'], priority: 0.2, lastModified: '2026-01-31T12:00:00Z' } },
      { uri: 'shop://fr/paris', icons },
      { uri: 'shop://it/rome', icons },
    ]);
    const { contents } = await t.client.readResource({ uri: 'ui://shop/cart' });
    expect(contents).toEqual([{ uri: 'ui://shop/cart', mimeType, text: '<!doctype html>', _meta: { ui } }]);
  });

  test('gets lists in pages, each entry once', async () => {
    await using t = await inProcess(shop({ pageSize: 2 }), era);
    const cursors: (string | undefined)[] = [];
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await t.client.request({ method: 'tools/list', params: cursor === undefined ? {} : { cursor } });
      names.push(...page.tools.map(({ name }) => name));
      cursors.push((cursor = page.nextCursor));
    } while (cursor !== undefined);
    expect(names).toEqual(['show_cart', 'refresh_cart', 'pay']);
    expect(cursors).toEqual([expect.any(String), undefined]);
    const first = await t.client.request({ method: 'resources/list', params: {} });
    const params = { cursor: String(first.nextCursor) };
    const second = await t.client.request({ method: 'resources/list', params });
    expect(second.resources.map(({ uri }) => uri)).toEqual(['shop://fr/paris', 'shop://it/rome']);
    expect(second).not.toHaveProperty('nextCursor');
    const invalid = { code: -32602, message: expect.stringMatching(/Invalid cursor/) as string };
    await expect(t.client.request({ method: 'prompts/list', params: { cursor: 'x' } })).rejects.toMatchObject(invalid);
    await expect(t.client.request({ method: 'tools/list', params })).rejects.toMatchObject(invalid);
  });

  test('completes a variable with what is filled in already', async () => {
    await using t = await inProcess(shop(), era);
    const ref = { type: 'ref/resource', uri: 'shop://{country}/{city}' } as const;
    const argument = { name: 'city', value: 'p' };
    const known = await t.client.complete({ ref, argument, context: { arguments: { country: 'fr' } } });
    expect(known.completion.values).toEqual(['fr:p']);
    const unknown = await t.client.complete({ ref, argument });
    expect(unknown.completion.values).toEqual(['?:p']);
  });
});

const cacheOf = (result: object): unknown[] => ['ttlMs', 'cacheScope'].map((name) => Reflect.get(result, name));

describe('a client that may keep an answer', () => {
  test('is told for how long, and who else may have it', async () => {
    await using t = await inProcess(shop({ cache: { seconds: 300, scope: 'public' } }));
    const list = (method: 'tools/list' | 'prompts/list' | 'resources/list' | 'resources/templates/list') =>
      t.client.request({ method, params: {} }).then(cacheOf);
    const read = (uri: string): Promise<unknown> => t.client.readResource({ uri }).then(cacheOf);
    expect(await list('tools/list')).toEqual([300_000, 'public']);
    expect(await list('prompts/list')).toEqual([300_000, 'public']);
    expect(await list('resources/templates/list')).toEqual([300_000, 'public']);
    expect(await list('resources/list')).toEqual([300_000, 'private']); // a template's own list may know the caller
    expect(await read('shop://terms')).toEqual([60_000, 'public']);
    expect(await read('shop://it/rome')).toEqual([1_500, 'private']);
    expect(await read('ui://shop/cart')).toEqual([0, 'private']);
  });

  test('of 2025 is told nothing', async () => {
    await using t = await inProcess(shop({ cache: { seconds: 300 } }), '2025');
    expect(cacheOf(await t.client.readResource({ uri: 'shop://terms' }))).toEqual([undefined, undefined]);
    expect(cacheOf(await t.client.request({ method: 'tools/list', params: {} }))).toEqual([undefined, undefined]);
  });

  test('is told that it is for itself alone, where callers are verified', async () => {
    const open = createServer({ name: 'open', version: '1', cache: { seconds: 9, scope: 'public' } }).resource(
      'open://x',
      { name: 'x', description: 'X.', public: true, cache: { seconds: 9, scope: 'public' } },
      () => 'x',
    );
    const ann = { token: '', clientId: 'c', scopes: [], extra: { sub: 'ann' } };
    await using t = await inProcess(open, '2026', undefined, ann, { callers: { kind: 'verified' } });
    expect(cacheOf(await t.client.readResource({ uri: 'open://x' }))).toEqual([9_000, 'private']);
    expect(cacheOf(await t.client.request({ method: 'resources/list', params: {} }))).toEqual([9_000, 'private']);
  });

  test('gets the same list, page and time over HTTP, where the SDK does not answer', async () => {
    const endpoint = shop({ pageSize: 2, cache: { seconds: 7 } }).start({});
    const service = await serveHttp(endpoint, {
      port: 0,
      host: '127.0.0.1',
      allowedHosts: [],
      withoutAuthentication: true,
    });
    const ask = async (params: object): Promise<Record<string, unknown>> =>
      (await rawRequest(service.url, 'tools/list', { ...params })).result ?? {};
    const first = await ask({});
    expect(first).toMatchObject({ ttlMs: 7_000, cacheScope: 'private', nextCursor: expect.any(String) as string });
    expect(first['tools']).toHaveLength(2);
    const second = await ask({ cursor: first['nextCursor'] });
    expect(second).toMatchObject({ tools: [{ name: 'pay' }], ttlMs: 7_000 });
    await service.stop('done');
    await endpoint.close();
  });
});

const server = (options = {}): Server => createServer({ name: 's', version: '1', ...options });

describe('refused at once', () => {
  const tool = { description: '', input };
  const resource = { name: 'x', description: '' };

  test.each<[string, () => unknown, string]>([
    [
      'a script for an icon',
      () => server().tool('x', { ...tool, icons: [{ src: 'javascript:alert(1)' }] }, () => ''),
      'MRT2010',
    ],
    ['a picture in every answer', () => server({ icons: [{ src: 'data:image/png;base64,AA' }] }).start({}), 'MRT2010'],
    [
      'a shared answer that scopes limit',
      () =>
        server().resource('x://y', { ...resource, scopes: ['a'], cache: { seconds: 1, scope: 'public' } }, () => ''),
      'MRT2011',
    ],
    [
      'a shared answer that not everybody sees',
      () =>
        server().resource(
          'x://y',
          { ...resource, visible: () => true, cache: { seconds: 1, scope: 'public' } },
          () => '',
        ),
      'MRT2011',
    ],
    [
      'a time before now',
      () => server().resource('x://y', { ...resource, cache: { seconds: -1 } }, () => ''),
      'MRT2011',
    ],
    [
      'shared lists of which not everybody sees all',
      () =>
        server({ cache: { seconds: 1, scope: 'public' } })
          .tool('x', { ...tool, visible: () => true }, () => '')
          .start({}),
      'MRT2011',
    ],
    [
      'a view that is not there',
      () =>
        server()
          .tool('x', { ...tool, ui: 'ui://x' }, () => '')
          .start({}),
      'MRT2012',
    ],
    [
      'suggestions for no argument',
      () => server().resource('x://{a}', { ...resource, complete: { b: () => [] } as object }, () => ''),
      'MRT2013',
    ],
    ['pages of nothing', () => server({ pageSize: 0 }).start({}), 'MRT2014'],
  ])('%s', (_, define, code) => {
    expect(define).toThrow(code);
  });
});
