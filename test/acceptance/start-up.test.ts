import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

import { testDatabase } from '@mortise/testing/postgres';
import { afterAll, expect, it, onTestFinished } from 'vitest';

import { cli, environmentFor } from './customer-db.ts';

const database = await testDatabase();
afterAll(() => database[Symbol.asyncDispose]());

/** Hosts give up on a server that is slow to greet; a database may take its time. */
it('greets before the database is up', async () => {
  // It takes connections and never says a word.
  const silent = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void silent.close());
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const server = spawn(process.execPath, [cli, '--database-url', `postgres://ann:secret@127.0.0.1:${port}/shop`], {
    env: { PATH: process.env['PATH'] },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const exit = once(server, 'exit');
  const lines = createInterface(server.stdout)[Symbol.asyncIterator]();
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
  server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`);
  expect(JSON.parse((await lines.next()).value as string)).toMatchObject({ id: 1, result: {} });
  server.kill('SIGKILL');
  await exit;
});

it('answers a first search, and tells what a start takes', async () => {
  expect.assertions(6); // two answers of each of three servers
  const timings = [await timing(), await timing(), await timing()].toSorted((a, b) => a.handshake - b.handshake);
  const [best] = timings;
  process.stderr.write(`measured: handshake ${best?.handshake} ms, first search ${best?.search} ms after the start\n`);
});

it.each(['end of input', 'SIGTERM', 'SIGINT', 'a client that is killed'])(
  'leaves no process behind: %s',
  async (how) => {
    // a group of its own, which is empty when nobody is left
    const server = spawn(process.execPath, [cli], {
      env: { PATH: process.env['PATH'], ...environmentFor(database) },
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    onTestFinished(() => void server.kill('SIGKILL'));
    const lines = createInterface(server.stdout)[Symbol.asyncIterator]();
    const messages = [
      { id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo } },
      { id: 2, method: 'tools/call', params: { name: 'search_customers', arguments: { query: 'Acme' } } },
    ];
    for (const message of messages) {
      server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
      expect(JSON.parse((await lines.next()).value as string)).toMatchObject({ id: message.id, result: {} });
    }
    const exited = once(server, 'exit');
    if (how === 'end of input') server.stdin.end();
    else if (how.startsWith('SIG')) server.kill(how as NodeJS.Signals);
    else for (const pipe of [server.stdin, server.stdout]) pipe.destroy();
    expect(await exited).toEqual([0, null]);
    expect(() => process.kill(-(server.pid ?? 0), 0)).toThrow('ESRCH');
  },
);

const clientInfo = { name: 'test', version: '1' };

/** Milliseconds from the start of the process. */
async function timing(): Promise<{ handshake: number; search: number }> {
  const start = performance.now();
  const server = spawn(process.execPath, [cli], {
    env: { PATH: process.env['PATH'], ...environmentFor(database) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(server.stdout)[Symbol.asyncIterator]();
  const ask = async (id: number, method: string, params: object): Promise<number> => {
    server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    expect(JSON.parse((await lines.next()).value as string)).toMatchObject({ id, result: {} });
    return Math.round(performance.now() - start);
  };
  const handshake = await ask(1, 'initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
  server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
  const search = await ask(2, 'tools/call', { name: 'search_customers', arguments: { query: 'Acme' } });
  server.stdin.end();
  await once(server, 'exit');
  return { handshake, search };
}
