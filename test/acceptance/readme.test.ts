import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, expect, it } from 'vitest';

import { createLogin } from '../database/fixtures/login.ts';
import { openTestDatabase } from '../database/open-test-database.ts';
import { blocksOf } from '../readme/blocks.ts';
import { cli } from './customer-db.ts';

const database = await openTestDatabase();
afterAll(() => database[Symbol.asyncDispose]());

/** The arguments of a command of the README, with the database and a free port of this run. */
function argumentsOf(line: string, url: string): string[] {
  const [, text = ''] = /@mortise\/customer-db (.*)$/.exec(line) ?? [];
  return text
    .replace(/postgres:\S+/, url)
    .replace(/--port \d+/, '--port 0')
    .split(' ');
}

it.skipIf(database.url === undefined)('the commands of the README migrate a database and serve it', async () => {
  const block = blocksOf('README.md').find(({ text }) => text.includes('migrate'))?.text ?? '';
  const [migrate = '', serve = ''] = block.split('\n');
  const url = database.url ?? '';
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...argumentsOf(migrate, url)]);
  expect(stdout).toBe('The database is up to date.\n');

  const { db } = database.open();
  await using login = await createLogin(db, url, 'in role mcp_ro');
  const server = spawn(process.execPath, [cli, ...argumentsOf(serve, login.url)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
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
