import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { bundle } from '../bundle.ts';
import { blocksOf, root } from '../readme/blocks.ts';

const blocks = blocksOf('docs/auth.md');
const code = blocks.filter(({ language }) => language === 'ts').map(({ text }) => text);
const commands = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text);

let directory: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  // inside a package, so that the code resolves the toolkit as its users do
  directory = mkdtempSync(join(import.meta.dirname, '../node_modules/docs-auth-'));
  code.forEach((text, index) => writeFileSync(join(directory, `${index}.ts`), text));
  for (const name of ['orders', 'doors'])
    await bundle(join(directory, `${sourceOf(name)}.ts`), join(directory, `${name}.mjs`));
});
afterEach(() => running.splice(0).forEach((process) => process.kill()));
afterAll(() => rmSync(directory, { recursive: true }));

function sourceOf(name: string): number {
  return code.findIndex((text) => text.includes(`name: '${name}'`) && text.includes('run(app)'));
}

/** The arguments of a line of the page that starts `orders`. */
function argumentsOf(line: string): string[] {
  const [name, ...args] = line.split(/[\s\\]+/u);
  expect(name).toBe('orders');
  return args;
}

function blockWith(text: string): string {
  const block = commands.find((each) => each.includes(text));
  if (block === undefined) throw new Error(`The page has no command with ${text}.`);
  return block;
}

async function overStdio(args: readonly string[]): Promise<Client> {
  const client = new Client({ name: 'docs', version: '1' });
  const command = { command: process.execPath, args: [join(directory, 'orders.mjs'), ...args] };
  await client.connect(new StdioClientTransport({ ...command, stderr: 'ignore' }));
  return client;
}

/** Starts a server of the page on a free port; resolves with its URL on this machine. */
async function overHttp(name: string, args: readonly string[]): Promise<URL> {
  const server = spawn(process.execPath, [join(directory, `${name}.mjs`), ...args, '--port', '0'], { cwd: directory });
  running.push(server);
  let told = '';
  server.stderr.on('data', (data) => (told += String(data)));
  while (!/http:\S+\n/u.test(told)) await Promise.race([once(server.stderr, 'data'), once(server, 'exit')]);
  return new URL((/http:\S+/u.exec(told)?.[0] ?? '').replace('0.0.0.0', '127.0.0.1'));
}

async function withToken(url: URL, token: string): Promise<Client> {
  const client = new Client({ name: 'docs', version: '1' });
  const headers = { authorization: `Bearer ${token}` };
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
  return client;
}

test('the code compiles', () => {
  const compilerOptions = {
    noEmit: true,
    composite: false,
    isolatedDeclarations: false,
    declaration: false,
    declarationMap: false,
  };
  const configuration = { extends: join(root, 'tsconfig.base.json'), compilerOptions, include: ['*.ts'] };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(configuration));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  expect(spawnSync(process.execPath, [tsc, '-p', directory], { encoding: 'utf8' }).stdout).toBe('');
  expect(code).toHaveLength(3);
});

test('the command with an authorization server asks for its tokens', async () => {
  const url = await overHttp('orders', argumentsOf(blockWith('--auth-issuer')));
  const response = await fetch(url, { method: 'POST' });
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toContain(
    'https://mcp.example.com/.well-known/oauth-protected-resource/mcp',
  );
  const metadata = await fetch(new URL('/.well-known/oauth-protected-resource', url));
  expect(await metadata.json()).toMatchObject({
    authorization_servers: ['https://id.example.com'],
    scopes_supported: ['orders:read', 'orders:write'],
  });
});

test('an API key is made and taken as the page says', async () => {
  const script = `${blockWith('openssl').replace('2027-01-31', '2999-12-31')}\nprintf %s "$key"`;
  const key = execFileSync('sh', ['-c', script], { cwd: directory, encoding: 'utf8' });
  expect(readFileSync(join(directory, 'keys'), 'utf8')).toMatch(
    /^nightly sha256:[\da-f]{64} 2999-12-31 orders:read\n$/u,
  );
  const client = await withToken(await overHttp('orders', argumentsOf(blockWith('--api-keys'))), key);
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['find_orders', 'cancel_order']);
  const found = await client.callTool({ name: 'find_orders', arguments: { order_id: 'ORD-1' } });
  expect(found).toMatchObject({ content: [{ text: 'api-key:nightly looks for ORD-1' }] });
  await expect(client.callTool({ name: 'cancel_order', arguments: { order_id: 'ORD-1' } })).rejects.toThrow(
    'orders:write',
  );
  expect((await client.readResource({ uri: 'orders://help' })).contents).toMatchObject([{ text: 'Ask for an order.' }]);
  await client.close();
});

test('the caller over stdio is whom the command names', async () => {
  const client = await overStdio(argumentsOf(blockWith('--principal')));
  const found = await client.callTool({ name: 'find_orders', arguments: { order_id: 'ORD-1' } });
  expect(found).toMatchObject({ content: [{ text: 'ann looks for ORD-1' }] });
  const cancelled = await client.callTool({ name: 'cancel_order', arguments: { order_id: 'ORD-1' } });
  expect(cancelled).toMatchObject({
    isError: true,
    content: [{ text: expect.stringMatching(/^INSUFFICIENT_SCOPE/u) as string }],
  });
  await client.close();
});

test('the commands that offer less do', async () => {
  const lines = blockWith('--read-only').split('\n');
  const offered = await Promise.all(
    lines.map(async (line) => {
      const client = await overStdio(argumentsOf(line));
      const { tools } = await client.listTools();
      await client.close();
      return tools.map(({ name }) => name);
    }),
  );
  expect(offered).toEqual([['find_orders', 'cancel_order'], ['find_orders'], ['find_orders']]);
});

test('a verifier of a server’s own lets its tokens in', async () => {
  const url = await overHttp('doors', ['--http', '--auth-audience', 'https://doors.example/mcp']);
  const client = await withToken(url, 'badge-ann');
  expect(await client.callTool({ name: 'open_door' })).toMatchObject({ content: [{ text: 'open for ann' }] });
  await client.close();
  expect((await fetch(url, { method: 'POST', headers: { authorization: 'Bearer ann' } })).status).toBe(401);
});
