import { afterAll, expect, test } from 'vitest';

import { Page } from './page.ts';

const page = Page.of('docs/composition.md');
afterAll(() => page[Symbol.dispose]());

test('its code compiles', () => {
  expect(page.compile()).toBe('');
  expect(page.blocks).toHaveLength(2);
});

test('what is mounted is offered as the page says', async () => {
  await using t = await page.run("name: 'desk'");
  const { tools } = await t.client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['support_open_ticket', 'orders_search']);
  expect(tools[1]).toMatchObject({ description: 'Find orders that are not closed yet.' });
  expect(tools[1]?.inputSchema.properties).toEqual({ query: { type: 'string' } });
  expect(await t.text('orders_search', { query: 'ann' })).toBe('open orders for ann');
  const { contents } = await t.client.readResource({ uri: 'order://7' });
  expect(contents).toMatchObject([{ text: 'order 7' }]);
});

test('a transform of one’s own works', async () => {
  await using t = await page.run('const readOnly: Transform');
  const { tools } = await t.client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['files_read_file']);
});
