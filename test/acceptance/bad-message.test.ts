import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

import { testDatabase } from '@mortise/testing/postgres';
import { afterAll, expect, it } from 'vitest';

import { cli, environmentFor, serveHttp } from './customer-db.ts';

const database = await testDatabase();
const env = environmentFor(database);
const server = await serveHttp(env);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

it('malformed JSON on stdio is answered with a parse error, and the next line is served', async () => {
  const child = spawn(process.execPath, [cli], { env: { PATH: process.env['PATH'], ...env } });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  child.stdin.write('{"jsonrpc": "2.0", oops\n');
  expect(JSON.parse((await lines.next()).value as string)).toMatchObject({ id: null, error: { code: -32700 } });
  child.stdin.write(`${JSON.stringify(initialize)}\n`);
  expect(JSON.parse((await lines.next()).value as string)).toMatchObject({
    id: 1,
    result: { serverInfo: { name: 'customer-db' } },
  });
  child.stdin.end();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

it('a body of 5 MB is refused', async () => {
  const body = JSON.stringify({ ...initialize, params: { ...initialize.params, padding: 'x'.repeat(5_000_000) } });
  expect(await post(body)).toMatchObject({
    status: 413,
    body: expect.stringMatching(/request body is longer than \d+/),
  });
  await isServing();
});

it('a foreign Host header is refused', async () => {
  expect(await post(JSON.stringify(initialize), { host: 'evil.example' })).toMatchObject({ status: 403 });
  await isServing();
});

it('malformed JSON over HTTP is answered with a parse error', async () => {
  expect(await post('{"jsonrpc": "2.0", oops')).toMatchObject({
    status: 400,
    body: expect.stringContaining('-32700'),
  });
  await isServing();
});

async function isServing(): Promise<void> {
  expect(await post(JSON.stringify(initialize))).toMatchObject({ status: 200 });
}

/** Node's fetch does not let a caller choose the Host header. */
async function post(body: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  const call = request(server.url, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
  });
  call.on('error', () => undefined);
  call.end(body);
  const [response] = await once(call, 'response');
  return { status: response.statusCode, body: await text(response) };
}
