import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { testDatabase } from '@mortise/testing/postgres';
import { afterAll, expect, it } from 'vitest';

import { blocksOf } from '../readme/blocks.ts';
import { cli } from './customer-db.ts';

const database = await testDatabase();
afterAll(() => database[Symbol.asyncDispose]());

/** The arguments of a command of the README, with the database and a free port of this run. */
function argumentsOf(line: string): string[] {
  const [, text = ''] = /@mortise\/customer-db (.*)$/.exec(line) ?? [];
  return text
    .replace('postgres://user@localhost/shop', database.url ?? '')
    .replace(/--port \d+/, '--port 0')
    .split(' ');
}

it.skipIf(database.url === undefined)('the commands of the README migrate a database and serve it', async () => {
  const block = blocksOf('README.md').find(({ text }) => text.includes('migrate'))?.text ?? '';
  const [migrate = '', serve = ''] = block.split('\n');
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...argumentsOf(migrate)]);
  expect(stdout).toBe('The database is up to date.\n');

  const server = spawn(process.execPath, [cli, ...argumentsOf(serve)], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(server, 'exit');
  const [line] = (await once(createInterface(server.stderr), 'line')) as [string];
  const client = new Client({ name: 'readme', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(/http:\S+/.exec(line)?.[0] ?? '')));
  const { structuredContent } = await client.callTool({ name: 'search_customers', arguments: { query: 'Acme' } });
  expect(JSON.stringify(structuredContent)).toContain('Acme Corp');
  await client.close();
  server.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
