import { Client as SdkClient } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { testClient } from '@mortise/testing';
import type { Server } from '@mortise/toolkit';
import { afterAll, describe, expect, test, vi } from 'vitest';

import { Page } from './page.ts';

vi.spyOn(process.stderr, 'write').mockReturnValue(true); // what the servers log

describe('from the SDK', () => {
  const page = Page.of('docs/migrating-from-the-sdk.md');
  afterAll(() => page[Symbol.dispose]());

  test('the class is inferred, and all of the code compiles', () => {
    expect(page.infer()).toEqual([]);
    expect(page.compile()).toBe('');
    expect(page.blocks).toHaveLength(4);
  });

  test('both steps answer as the server before them', async () => {
    const { server } = await page.load<{ server: McpServer }>('// src/before.ts');
    const [near, far] = InMemoryTransport.createLinkedPair();
    await server.connect(far);
    const before = new SdkClient({ name: 'docs', version: '1' });
    await before.connect(near);
    const calls = [{ sku: 'MUG' }, { sku: 'MUG', quantity: 3 }, { sku: 'CUP' }];
    for (const text of ['// src/functional.ts', '// src/server.ts']) {
      const { default: app } = await page.load<{ default: Server }>(text);
      await using t = await testClient(app);
      for (const values of calls) {
        const { structured, isError } = await t.call('price_of', values);
        const expected = await before.callTool({ name: 'price_of', arguments: values });
        expect(structured).toEqual(expected.structuredContent);
        expect(isError).toBe(expected.isError ?? false);
      }
    }
    await before.close();
  });
});

describe('from FastMCP in Python', () => {
  const page = Page.of('docs/migrating-from-fastmcp-python.md');
  afterAll(() => page[Symbol.dispose]());

  test('the class is inferred, and all of the code compiles', () => {
    expect(page.infer()).toEqual([]);
    expect(page.compile()).toBe('');
    expect(page.blocks).toHaveLength(2);
  });

  test('its server answers', async () => {
    const { default: app } = await page.load<{ default: Server }>("name: 'library'");
    await using t = await testClient(app);
    expect((await t.call('find_books', { query: 'm' })).structured).toEqual({ books: [{ title: 'Emma', year: 1815 }] });
    expect((await t.call('find_books', { query: 'x' })).code).toBe('NOT_FOUND');
    const { tools, prompts } = await t.surface();
    expect(tools[0]?.inputSchema.properties).toMatchObject({ limit: { type: 'integer', minimum: 1, maximum: 50 } });
    expect(prompts[0]?.arguments).toMatchObject([{ name: 'genre', description: 'Kind of book' }]);
  });
});

describe('from FastMCP in TypeScript', () => {
  const page = Page.of('docs/migrating-from-fastmcp-typescript.md');
  afterAll(() => page[Symbol.dispose]());

  test('the class is inferred, and all of the code compiles', () => {
    expect(page.infer()).toEqual([]);
    expect(page.compile()).toBe('');
    expect(page.blocks).toHaveLength(3);
  });

  test('its server answers', async () => {
    const { default: app } = await page.load<{ default: Server }>("name: 'weather'");
    await using t = await testClient(app);
    expect((await t.call('forecast', { city: 'Rome' })).text).toBe('Rome: sun for 3 days');
    expect((await t.call('forecast', { city: 'Atlantis' })).code).toBe('NO_CITY');
    const { contents } = await t.client.readResource({ uri: 'city://Rome' });
    expect(contents).toMatchObject([{ text: 'Rome is a city.' }]);
  });
});
