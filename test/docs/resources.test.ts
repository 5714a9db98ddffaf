import { afterAll, expect, test } from 'vitest';

import { Page } from './page.ts';

const page = Page.of('docs/resources.md');
afterAll(() => page[Symbol.dispose]());

test('its class is inferred, and all of its code compiles', () => {
  expect(page.infer()).toEqual([]);
  expect(page.compile()).toBe('');
  expect(page.blocks).toHaveLength(3);
});

test('the resources of the class are listed in pages, read and completed', async () => {
  await using t = await page.run("from './library.ts'");
  const { client } = t;
  expect(client.getServerVersion()).toMatchObject({
    websiteUrl: 'https://example.com/library',
    icons: [{ sizes: ['64x64'] }],
  });
  const first = await client.request({ method: 'resources/list', params: {} });
  expect(first.resources).toMatchObject([
    { uri: 'library://hours', annotations: { audience: ['user'], priority: 0.3 } },
    { uri: 'book://Emma', annotations: { priority: 0.5 } },
  ]);
  const second = await client.request({ method: 'resources/list', params: { cursor: String(first.nextCursor) } });
  expect(second.resources.map(({ uri }) => uri)).toEqual(['book://Evelina']);
  const read = async (uri: string): Promise<unknown> => (await client.readResource({ uri })).contents[0];
  expect(await read('library://hours')).toMatchObject({ mimeType: 'text/plain' });
  expect(await read('book://Emma')).toEqual({
    uri: 'book://Emma',
    mimeType: 'application/json',
    text: '{"title":"Emma","year":1815}',
  });
  expect(await read('cover://Emma')).toMatchObject({ mimeType: 'image/svg+xml', blob: expect.any(String) as string });
  await expect(read('book://Ulysses')).rejects.toMatchObject({ code: -32602 });
  const ref = { type: 'ref/resource', uri: 'book://{title}' } as const;
  const { completion } = await client.complete({ ref, argument: { name: 'title', value: 'Ev' } });
  expect(completion.values).toEqual(['Evelina']);
});

test('who follows a resource hears of its change', async () => {
  await using t = await page.run("'door'");
  const heard = new Promise((resolve) => {
    t.client.setNotificationHandler('notifications/resources/updated', ({ params }) => resolve(params.uri));
  });
  await t.client.subscribeResource({ uri: 'door://status' });
  await t.text('close_door');
  expect(await heard).toBe('door://status');
  expect((await t.client.readResource({ uri: 'door://status' })).contents).toMatchObject([{ text: 'closed' }]);
});
