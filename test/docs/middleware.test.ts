import { once } from 'node:events';
import fs from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { afterAll, expect, test, vi } from 'vitest';

import { root } from '../readme/blocks.ts';
import { Page } from './page.ts';

const page = Page.of('docs/middleware.md');
afterAll(() => page[Symbol.dispose]());

test('all of its code compiles', () => {
  expect(page.compile()).toBe('');
  expect(page.blocks).toHaveLength(8);
});

test('what the editor shows of each middleware compiles', async () => {
  const folder = join(root, 'packages/toolkit/src/middleware');
  const snippets: string[] = [];
  for await (const file of glob('*.ts', { cwd: folder, exclude: ['*.test.ts'] })) {
    const source = await readFile(join(folder, file), 'utf8');
    const [, snippet] = /^ \* ```ts\n(.*?)^ \* ```$/ms.exec(source) ?? [];
    const [, name] = /^export function (\w+)/m.exec(source.slice(source.indexOf('```ts'))) ?? [];
    if (snippet === undefined) continue;
    const lines = [
      `import { createServer } from '@mortise/toolkit';`,
      `import { ${name} } from '@mortise/toolkit/middleware/${file.replace('.ts', '')}';`,
      `const [name, version] = ['x', '1'];`,
      snippet.replaceAll(/^ \* ?/gm, ''),
    ];
    snippets.push(lines.join('\n'));
  }
  using modules = new Page(snippets);
  expect(modules.compile()).toBe('');
  expect(modules.blocks).toHaveLength(7);
});

test('its own middleware logs every call and refuses changes', async () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await using t = await page.run('Changes are frozen');
  expect(await t.text('order_status', { order_id: 'ORD-1' })).toBe('shipped');
  expect(await t.text('cancel_order', { order_id: 'ORD-1' })).toBe(
    'FROZEN: Changes are frozen until Monday. Read, but change nothing.',
  );
  expect(stderr.mock.calls.join('')).toMatch(/"message":"answered","name":"cancel_order","ms":\d/);
});

test('the built-in middleware works together', async () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await using t = await page.run('first, so that it sees what the others refuse');
  expect(await t.text('order_status', { order_id: 'ORD-1' })).toBe('ORD-1 is shipped');
  expect(await t.text('export_orders')).toMatch(/\[Shortened: the result has 140000 bytes/);
  await t.text('order_status', { order_id: 'ORD-1' });
  expect(await t.text('order_status', { order_id: 'ORD-2' })).toMatch(/^RATE_LIMITED/);
  const records = stderr.mock.calls.map(([line]) => JSON.parse(String(line)) as { audit: Record<string, unknown> });
  expect(records.map(({ audit: { name, outcome, code } }) => [name, outcome, code])).toEqual([
    ['order_status', 'ok', null],
    ['export_orders', 'ok', null],
    ['order_status', 'ok', null],
    ['order_status', 'error', 'RATE_LIMITED'],
  ]);
  expect(records[3]?.audit).toMatchObject({ arguments: { order_id: 'ORD-2' } });
});

test('spans go to the SDK that was registered', async () => {
  const printed = vi.spyOn(console, 'dir').mockReturnValue();
  await using t = await page.run('ConsoleSpanExporter');
  expect(await t.text('ping')).toBe('pong');
  expect(printed.mock.calls).toMatchObject([[{ name: 'tools/call ping' }, expect.anything()]]);
});

test('metrics are read from a port of their own', async () => {
  const port = await freePort();
  vi.stubEnv('METRICS_PORT', String(port));
  await using t = await page.run('prometheus()');
  await t.text('ping');
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(await answer.text()).toMatch(/^mcp_server_operation_duration_seconds_count\{.*tool_name="ping".*\} 1$/m);
});

test('a tool asks before it acts, and says its result once', async () => {
  await using t = await page.run("text: 'none'");
  const read = await t.client.callTool({ name: 'get_order', arguments: { order_id: 'ORD-1' } });
  expect(read.content).toEqual([{ type: 'text', text: 'ORD-1: 42.00 EUR' }]);
  const cancelled = await t.client.callTool({ name: 'cancel_order', arguments: { order_id: 'ORD-1' } });
  expect(cancelled).toMatchObject({ content: [], structuredContent: { order_id: 'ORD-1', total: 0 } });
  expect(t.questions).toEqual(['Cancel ORD-1?']);
});

test('a logger of its own gets the records, with the id of the call', async () => {
  const written = vi.spyOn(fs, 'writeSync').mockImplementation((_, text) => text.length);
  await using t = await page.run("from 'pino'");
  await t.text('ship', { order_id: 'ORD-1' });
  const [line] = written.mock.calls.map(([, text]) => JSON.parse(text) as object);
  expect(line).toMatchObject({ level: 30, name: 'orders', msg: 'shipping', order_id: 'ORD-1' });
  expect(line).toHaveProperty('request', expect.stringMatching(/^[\w-]{12}-\d+$/));
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
