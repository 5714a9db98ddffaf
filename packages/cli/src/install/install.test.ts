import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { run } from '../run.ts';
import { hosts } from './hosts.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'mortise-install-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function mortise(...parameters: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await run(['install', ...parameters], {
    out: (text) => (out += text),
    err: (text) => (err += text),
    directory,
    environment: { HOME: directory, PATH: path.join(directory, 'bin'), API_KEY: 'hush' },
    input: () => Promise.resolve(''),
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

const read = (file: string): string => readFileSync(path.join(directory, file), 'utf8');
const command = 'npx -y @mortise/customer-db --database-url postgres://me:word@db/shop';

it.runIf(process.platform === 'linux').each([
  ['claude-desktop', '.config/Claude/claude_desktop_config.json', 'mcpServers', {}],
  ['claude-code', '.mcp.json', 'mcpServers', {}],
  ['cursor', '.cursor/mcp.json', 'mcpServers', {}],
  ['vscode', '.vscode/mcp.json', 'servers', { type: 'stdio' }],
  ['mcp-json', 'mcp.json', 'mcpServers', {}],
])('writes the file of %s, and takes it back', async (client, file, servers, type) => {
  const { code, out } = await mortise(
    command,
    '--client',
    client,
    '--name',
    'shop',
    '--env',
    'API_KEY',
    '--env',
    'MODE=x',
  );
  expect(code).toBe(0);
  expect(JSON.parse(read(file))).toEqual({
    [servers]: {
      shop: {
        ...type,
        command: 'npx',
        args: command.split(' ').slice(1),
        env: { API_KEY: 'hush', MODE: 'x' },
      },
    },
  });
  expect(out).toContain('postgres://me:***@db/shop');
  expect(out).not.toMatch(/hush|word/u);
  expect(await mortise('--undo', '--client', client)).toMatchObject({ code: 0 });
  expect(existsSync(path.join(directory, file))).toBe(false);
});

it('keeps comments and what else is there, and shows what it replaces', async () => {
  mkdirSync(path.join(directory, '.vscode'));
  const before = `{
  // mine
  "servers": {
    "other": { "command": "other" }, // stays
    "shop": { "command": "old", "args": ["--api-key", "hush"] },
  },
  "inputs": []
}
`;
  writeFileSync(path.join(directory, '.vscode/mcp.json'), before);
  const { out } = await mortise('http://localhost:3000/mcp?token=hush', '--client', 'vscode', '--name', 'shop');
  expect(out).toMatch(/^- "shop": \{[\s\S]+"old"[\s\S]+^\+ "shop": \{/mu);
  expect(out).not.toContain('hush');
  const after = read('.vscode/mcp.json');
  expect(after).toContain('// mine');
  expect(after).toContain('"other": { "command": "other" }, // stays');
  expect(after).toContain('"url": "http://localhost:3000/mcp?token=hush"');
  expect(after).toContain('"inputs": []');
  expect(await mortise('--undo', '--client', 'vscode')).toMatchObject({ code: 0 });
  expect(read('.vscode/mcp.json')).toBe(before);
  expect(readdirSync(path.join(directory, '.vscode'))).toEqual(['mcp.json']);
});

it('masks secrets that stand in the command', async () => {
  const typed =
    'docker run -e API_KEY=hush -e PGPASSWORD=hush --api-key hush --token=hush --header "Authorization: Bearer hush" shop';
  const { out } = await mortise(typed, '--client', 'cursor', '--dry-run');
  expect(out).not.toContain('hush');
  for (const word of ['API_KEY=***', 'PGPASSWORD=***', '--token=***', 'Authorization: ***', 'shop']) {
    expect(out).toContain(`"${word}"`);
  }
});

it('does not undo what somebody changed since', async () => {
  await mortise(command, '--client', 'mcp-json', '--name', 'shop');
  writeFileSync(path.join(directory, 'mcp.json'), '{ "mine": true }');
  expect(await mortise('--undo', '--client', 'mcp-json')).toMatchObject({
    code: 1,
    err: expect.stringContaining('was changed since'),
  });
  expect(read('mcp.json')).toBe('{ "mine": true }');
});

it('changes nothing on a dry run, or where the file is broken', async () => {
  expect(await mortise(command, '--client', 'cursor', '--dry-run')).toMatchObject({ code: 0 });
  expect(existsSync(path.join(directory, '.cursor'))).toBe(false);
  writeFileSync(path.join(directory, 'mcp.json'), '{ "mcpServers": ');
  expect(await mortise(command, '--client', 'mcp-json', '--name', 'shop')).toMatchObject({
    code: 1,
    err: expect.stringContaining('is not a JSON object'),
  });
  expect(read('mcp.json')).toBe('{ "mcpServers": ');
});

it.runIf(process.platform !== 'win32')('leaves Claude Code to its own command where it is installed', async () => {
  mkdirSync(path.join(directory, 'bin'));
  const claude = path.join(directory, 'bin/claude');
  writeFileSync(claude, `#!/bin/sh\nfor word; do echo "$word"; done > '${directory}/called'\n`);
  chmodSync(claude, 0o755);
  const { code, out } = await mortise('npx -y @mortise/customer-db', '--client', 'claude-code');
  expect(code).toBe(0);
  expect(out).toMatch(/^claude mcp add-json\n\+ "customer-db": /u);
  const [mcp, add, name, json] = read('called').split('\n');
  expect([mcp, add, name]).toEqual(['mcp', 'add-json', 'customer-db']);
  expect(JSON.parse(json!)).toEqual({ type: 'stdio', command: 'npx', args: ['-y', '@mortise/customer-db'] });
  expect(existsSync(path.join(directory, '.mcp.json'))).toBe(false);
});

it('knows where each system keeps the settings of Claude Desktop', () => {
  const terminal = { environment: { HOME: '/home/ann' } } as unknown as Parameters<(typeof hosts)[string]['file']>[0];
  expect(hosts['claude-desktop']!.file(terminal, 'darwin')).toBe(
    path.join('/home/ann/Library/Application Support/Claude/claude_desktop_config.json'),
  );
});

it.each([
  ['no client', [command], '--client takes claude-desktop'],
  ['another client', [command, '--client', 'constructor'], '--client takes claude-desktop'],
  ['no target', ['--client', 'cursor'], 'it takes one target'],
  ['a variable that is not set', [command, '--client', 'cursor', '--env', 'NOPE'], 'the variable is not set'],
])('refuses %s', async (_, parameters, message) => {
  expect(await mortise(...parameters)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
});
