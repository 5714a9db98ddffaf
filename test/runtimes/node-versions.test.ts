import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, it } from 'vitest';

const cli = fileURLToPath(new URL('dist/cli.js', import.meta.resolve('@mortise/customer-db/package.json')));
const nodes = (process.env['TEST_NODES'] ?? process.execPath).split(path.delimiter).map((node) => {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  return { node, version, supported: Number.parseInt(version.slice(1), 10) >= 22 };
});

it.each(nodes.filter(({ supported }) => supported))('customer-db runs on Node $version', async ({ node }) => {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  const transport = new StdioClientTransport({ command: node, args: [cli], stderr: 'pipe' });
  let log = '';
  transport.stderr?.on('data', (text) => (log += String(text)));
  await client.connect(transport);
  const { structuredContent } = await client.callTool({ name: 'search_customers', arguments: { query: 'Acme Corp' } });
  await client.close();
  expect(structuredContent).toMatchObject({ customers: [{ name: 'Dana Whitfield' }, {}, {}, {}] });
  expect(log).toBe('');
});

it.each(nodes.filter(({ supported }) => !supported))('Node $version is told what it lacks', ({ node, version }) => {
  const { status, stdout, stderr } = spawnSync(node, [cli, '--version'], { encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: '',
    stderr: `customer-db needs Node.js 22 or newer; this is ${version}.\n`,
  });
});
