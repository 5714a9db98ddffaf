import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, it, onTestFinished } from 'vitest';

const root = path.join(import.meta.dirname, '../..');

it('shows an answer, serves what it tells to paste, and ends on a Ctrl-C that comes twice', async () => {
  const demo = start(String(await freePort()));
  await expect.poll(demo.output, { timeout: 50_000, interval: 100 }).toContain('until Ctrl-C');
  const output = demo.output();
  expect(output).toMatch(/CUS-1001 +Dana Whitfield +Acme Corp +active +1 +0 +0/);

  const [, stdio = ''] = /^Cursor.*\n +stdio +(.*)$/m.exec(output) ?? [];
  const { mcpServers } = JSON.parse(stdio) as Record<string, Record<string, { command: string; args: string[] }>>;
  const [, url = ''] = /claude mcp add --transport http customer-db (\S+)/.exec(output) ?? [];
  for (const transport of [
    // With the variables of this run, or npx might look for its registry elsewhere.
    new StdioClientTransport({ command: '', ...mcpServers?.['customer-db'], env: { ...process.env } as never }),
    new StreamableHTTPClientTransport(new URL(url)),
  ]) {
    const client = new Client({ name: 'test', version: '1' });
    onTestFinished(() => client.close());
    await client.connect(transport);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('search_customers');
  }

  const ended = once(demo.process, 'exit');
  demo.process.kill('SIGINT');
  demo.process.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
});

it('says in one line that the port is busy, and how to choose another', async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  const { port } = squatter.address() as AddressInfo;
  const demo = start(String(port));
  expect(await once(demo.process, 'close')).toEqual([1, null]);
  expect(demo.output()).toBe(`Port ${port} is busy. Choose another: PORT=${port + 1} npm start\n`);
  squatter.close();
});

it.each(['http', '0', '70000', '1.5'])('refuses %s as a port', async (port) => {
  const demo = start(port);
  expect(await once(demo.process, 'close')).toEqual([1, null]);
  expect(demo.output()).toBe(`PORT is "${port}"; try PORT=3000 npm start\n`);
});

function start(port: string) {
  const child = spawn(process.execPath, ['scripts/demo.mjs'], { cwd: root, env: { ...process.env, PORT: port } });
  onTestFinished(() => void child.kill());
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return { process: child, output: () => output };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
