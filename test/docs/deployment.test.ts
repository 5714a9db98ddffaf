import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';

import { testClient } from '@mortise/testing';
import type { Server } from '@mortise/toolkit';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { blocksOf } from '../readme/blocks.ts';
import { Page } from './page.ts';

const page = Page.of('docs/deployment.md');
const commands = blocksOf('docs/deployment.md').filter(({ language }) => language === 'sh');
const running: ChildProcess[] = [];
let program: string;

beforeAll(async () => {
  program = await page.bundle("name: 'stock'");
});
afterEach(() => running.splice(0).forEach((process) => process.kill('SIGKILL')));
afterAll(() => page[Symbol.dispose]());

/** The arguments of the command of the page that has the text, on a free port. */
function argumentsOf(text: string): string[] {
  const line = commands.find((each) => each.text.includes(text))?.text ?? '';
  return line.slice(line.indexOf('stock ')).replace('3000', '0').split(/\s+/).slice(1);
}

async function start(args: readonly string[]): Promise<{ url: URL; process: ChildProcess; log: () => string }> {
  const process_ = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'inherit', 'pipe'] });
  running.push(process_);
  let log = '';
  process_.stderr.on('data', (data) => (log += String(data)));
  while (!/http:\S+\n/.test(log)) await Promise.race([once(process_.stderr, 'data'), once(process_, 'exit')]);
  return {
    url: new URL((/http:\S+/.exec(log)?.[0] ?? '').replace('0.0.0.0', '127.0.0.1')),
    process: process_,
    log: () => log,
  };
}

test('all of its code compiles', () => {
  expect(page.compile()).toBe('');
  expect(page.blocks).toHaveLength(2);
});

test('over HTTP it serves, tells its health, and closes in order', async () => {
  const { url, process: server, log } = await start(argumentsOf('--warehouse north'));
  const client = new Client({ name: 'docs', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  await client.connect(new StreamableHTTPClientTransport(url));
  expect(await client.callTool({ name: 'count', arguments: { sku: 'MUG' } })).toMatchObject({
    content: [{ text: 'MUG: 12' }],
  });
  await client.close();
  expect((await fetch(new URL('/readyz', url))).status).toBe(200);
  const args = argumentsOf('stock health').map((each) => each.replace('127.0.0.1:0', url.host));
  expect(spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })).toMatchObject({
    status: 0,
    stdout: 'ok\n',
  });
  const exited = once(server, 'exit');
  server.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  expect(log()).toContain('closed');
});

test('without its warehouse it is not ready', async () => {
  const { url } = await start(['--http', '--port', '0']);
  expect((await fetch(new URL('/healthz', url))).status).toBe(200);
  expect((await fetch(new URL('/readyz', url))).status).toBe(503);
});

test('for other machines it asks for tokens, under its own name only', async () => {
  const { url } = await start([...argumentsOf('--auth-issuer'), '--port', '0']);
  // fetch would not send a Host of ours
  const statusAs = async (host: string): Promise<number | undefined> => {
    const [response] = (await once(request(url, { method: 'POST', headers: { host } }).end(), 'response')) as [
      IncomingMessage,
    ];
    return response.resume().statusCode;
  };
  expect(await statusAs('mcp.example.com')).toBe(401);
  expect(await statusAs('evil.example')).toBe(403);
});

test('over stdio it serves whoever starts it', async () => {
  const json = blocksOf('docs/deployment.md').find(({ language }) => language === 'json')?.text ?? '';
  const { args } = (JSON.parse(json) as { mcpServers: { stock: { args: string[] } } }).mcpServers.stock;
  const transport = { command: process.execPath, args: [program, ...args.slice(2)] };
  await using t = await testClient({} as Server, { transport });
  expect((await t.call('count', { sku: 'MUG' })).text).toBe('MUG: 12');
});

test('a key of the command is one that is taken', () => {
  const line = commands.find(({ text }) => text.includes('MORTISE_STATE_KEY'))?.text ?? '';
  const key = spawnSync('sh', ['-c', `${line.split(' stock ')[0]} && printf %s "$MORTISE_STATE_KEY"`], {
    encoding: 'utf8',
  });
  expect(Buffer.from(key.stdout, 'base64url')).toHaveLength(32);
});

test('a program that serves by itself does', async () => {
  const { url, service } = await page.load<{ url: string; service: { stop(reason: string): Promise<unknown> } }>(
    "name: 'embedded'",
  );
  const client = new Client({ name: 'docs', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  expect(await client.callTool({ name: 'ping' })).toMatchObject({ content: [{ text: 'pong' }] });
  await client.close();
  expect(await service.stop('done')).toEqual({ cut: false, closed: true });
});
