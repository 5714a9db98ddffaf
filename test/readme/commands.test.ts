import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { blocksOf, root } from './blocks.ts';

// `npm start` and npx go through npm, which is not quick on a busy machine
const TIMEOUT = 120_000;

const run = promisify(execFile);
const blocks = blocksOf('README.md');
const shell = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text);

let directory: string;
let packed: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mortise-readme-'));
  // what `npx @mortise/customer-db` will get, once it is published
  await run('pnpm', ['pack', '--pack-destination', directory], { cwd: join(root, 'servers/customer-db') });
  const [file = ''] = await readdir(directory);
  await writeFile(join(directory, 'package.json'), '{}'); // or npm takes a folder above for the one that it works in
  // Clients start a server with few variables of their own, so what this run tells npm by variables goes into a file.
  const settings = [
    ['registry', undefined],
    ['cafile', process.env['NODE_EXTRA_CA_CERTS']],
  ].map(async ([key = '', otherwise]) => {
    const { stdout } = await run('npm', ['config', 'get', key]);
    const value = stdout.trim() === 'null' ? otherwise : stdout.trim();
    return value === undefined ? '' : `${key}=${value}\n`;
  });
  await writeFile(join(directory, '.npmrc'), (await Promise.all(settings)).join(''));
  packed = `./${file}`; // npx takes a file for a package only when the path is relative
}, TIMEOUT);
afterAll(() => rm(directory, { recursive: true }));

/** A command of the README, with the package that is not published yet as a file. */
function words(command: string): string[] {
  return command.split(/\s+/).map((word) => (word === '@mortise/customer-db' ? packed : word));
}

/** Starts the server by the words of a command and asks it what the README is about. */
async function ask([command = '', ...args]: readonly string[]): Promise<string> {
  const client = new Client({ name: 'readme', version: '1.0.0' });
  await client.connect(new StdioClientTransport({ command, args, cwd: directory, stderr: 'ignore' }), {
    timeout: TIMEOUT,
  });
  const { structuredContent } = await client.callTool({ name: 'search_customers', arguments: { query: 'Acme' } });
  await client.close();
  return JSON.stringify(structuredContent);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

test('every shell command is one that is tested here or is the test itself', () => {
  expect(shell).toEqual([
    'npm start',
    'npm test',
    'claude mcp add customer-db -- npx -y @mortise/customer-db',
    expect.stringMatching(/^npx -y @mortise\/customer-db migrate .*\nnpx -y @mortise\/customer-db --http .*$/),
  ]);
});

test('npm start answers a question, serves, and ends on Ctrl-C', { timeout: TIMEOUT }, async () => {
  const port = await freePort();
  const start = spawn('npm', ['start'], { cwd: root, env: { ...process.env, PORT: String(port) }, detached: true });
  let output = '';
  for (const stream of [start.stdout, start.stderr]) stream.on('data', (data) => (output += String(data)));
  const ended = once(start, 'exit');
  const url = `http://127.0.0.1:${port}/mcp`;
  await expect.poll(() => output, { timeout: TIMEOUT }).toMatch(/Ctrl-C/);
  expect(output).toContain('Acme Corp');
  expect(output).toContain(url);
  const { status } = await fetch(url.replace('/mcp', '/healthz'));
  expect(status).toBe(200);
  process.kill(-(start.pid ?? 0), 'SIGINT'); // as a terminal does: the whole group gets it
  await ended;
  expect(output.slice(output.indexOf('until Ctrl-C'))).not.toMatch(/error|warn|ERR_/i);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('npm test is what CI runs', async () => {
  expect(await readFile(join(root, '.ci/run'), 'utf8')).toMatch(/^\s*npm test\b/m);
});

test('the configuration of Claude Desktop and Cursor starts the server', { timeout: TIMEOUT }, async () => {
  const configured = blocks.filter(({ language, text }) => language === 'json' && text.includes('mcpServers'));
  expect(configured).toHaveLength(1);
  for (const { text } of configured) {
    const { mcpServers } = JSON.parse(text) as { mcpServers: Record<string, { command: string; args: string[] }> };
    for (const { command, args } of Object.values(mcpServers)) {
      expect(await ask(words([command, ...args].join(' ')))).toContain('Acme Corp');
    }
  }
});

test('the command that Claude Code is given starts the server', { timeout: TIMEOUT }, async () => {
  const command = shell.find((each) => each.startsWith('claude mcp add')) ?? '';
  expect(await ask(words(command.slice(command.indexOf('--') + 3)))).toContain('Acme Corp');
});

test('the code for the OpenAI Agents SDK connects to the server', { timeout: TIMEOUT }, async () => {
  const code = blocks.find(({ text }) => text.includes('@openai/agents'))?.text ?? '';
  const file = join(import.meta.dirname, `../node_modules/readme-${process.pid}.mjs`); // where the SDK resolves
  const told = `console.log(JSON.stringify([agent.mcpServers.length, await customerDb.listTools()]));await customerDb.close();`;
  await writeFile(file, `${code.replace('@mortise/customer-db', packed)}\n${told}`);
  try {
    const { stdout } = await run(process.execPath, [file], { cwd: directory, timeout: TIMEOUT });
    const found = expect.arrayContaining([expect.objectContaining({ name: 'search_customers' })]) as unknown;
    expect(JSON.parse(stdout)).toEqual([1, found]);
  } finally {
    await rm(file);
  }
});
