import { afterAll, expect, test } from 'vitest';

import { Page } from './page.ts';

const page = Page.of('docs/tools.md');
afterAll(() => page[Symbol.dispose]());

test('its class is inferred, and all of its code compiles', () => {
  expect(page.infer()).toEqual([]);
  expect(page.compile()).toBe('');
  expect(page.blocks).toHaveLength(4);
});

test('the model sees of the class what the page says', async () => {
  await using t = await page.run("from './orders.ts'");
  const { tools } = await t.client.listTools();
  expect(tools).toMatchObject([
    {
      name: 'find_orders',
      title: 'Find orders',
      description: 'Find orders by their status.',
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
      inputSchema: { properties: { limit: { type: 'integer', minimum: 1, maximum: 50, default: 10 } } },
    },
    { name: 'cancel_order', annotations: { destructiveHint: true } },
    { name: 'draw_label', icons: [{ src: 'https://example.com/label.svg' }] },
  ]);
  const found = await t.client.callTool({ name: 'find_orders', arguments: { limit: '1' } });
  expect(found.structuredContent).toEqual({ orders: [{ order_id: 'ORD-1', total: 4200, status: 'open' }] });
  expect(await t.text('find_orders', { limit: 500 })).toContain(
    'INVALID_ARGUMENT: limit: Too big: expected number to be <=50, got 500.',
  );
  expect(await t.text('cancel_order', { order_id: 'ORD-1' })).toBe('ORD-1 is cancelled');
  expect(t.questions).toEqual(['Cancel ORD-1?']);
  expect(await t.text('cancel_order', { order_id: 'ORD-9' })).toBe(
    'NOT_FOUND: There is no order ORD-9. Call find_orders first.',
  );
  const { content } = await t.client.callTool({ name: 'draw_label', arguments: { order_id: 'ORD-1' } });
  expect(content).toMatchObject([{ type: 'image', mimeType: 'image/svg+xml' }]);
});

test('a tool without a class answers', async () => {
  await using t = await page.run("'convert'");
  const { structuredContent } = await t.client.callTool({ name: 'convert', arguments: { cents: 5, to: 'CHF' } });
  expect(structuredContent).toEqual({ cents: 10, currency: 'CHF' });
});

test('a view comes with its tool', async () => {
  await using t = await page.run("'show_cart'");
  const { tools } = await t.client.listTools();
  expect(tools.map(({ _meta }) => _meta?.['ui'])).toEqual([
    { resourceUri: 'ui://cart/page' },
    { resourceUri: 'ui://cart/page', visibility: ['app'] },
  ]);
  const { contents } = await t.client.readResource({ uri: 'ui://cart/page' });
  expect(contents).toMatchObject([{ mimeType: 'text/html;profile=mcp-app', _meta: { ui: { prefersBorder: true } } }]);
});
