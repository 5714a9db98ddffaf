// Several processes of one server behind a balancer without stickiness, and the death of half of them under load.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { testDatabase } from '@mortise/testing/postgres';
import { Client as Postgres } from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { bundle } from '../bundle.ts';
import { mcpRequest } from '../mcp-request.ts';
import { roundRobin, type RoundRobin } from './fixtures/round-robin.ts';

const orders = fileURLToPath(new URL('dist/cli.js', import.meta.resolve('@mortise/orders/package.json')));
const database = await testDatabase();

interface Process {
  readonly child: ChildProcess;
  readonly url: URL;
}

async function serve(file: string, options: readonly string[] = []): Promise<Process> {
  const child = spawn(process.execPath, [file, '--http', '--port', '0', ...options], {
    env: {
      DATABASE_URL: database.url,
      DB_ALLOW_SUPERUSER: 'true',
      MORTISE_STATE_KEY: Buffer.alloc(32, 7).toString('base64url'),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines = createInterface(child.stderr);
  for await (const line of lines) {
    const url = /http:\S+/.exec(line)?.[0];
    if (url === undefined) continue;
    child.stderr.resume(); // what it logs is of no interest, but has to be read
    return { child, url: new URL(url) };
  }
  throw new Error('a process ended before it listened');
}

async function end({ child }: Process, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

/** Ends with the test file, whatever happened. */
const processes: Process[] = [];
afterAll(async () => {
  await Promise.all(processes.map((each) => end(each, 'SIGKILL')));
  await database[Symbol.asyncDispose]();
});

const text = (result: Record<string, unknown>): string =>
  (result['content'] as { text?: string }[]).map((block) => block.text ?? '').join('');

describe.skipIf(database.url === undefined)('two processes without stickiness share', () => {
  const file = join(import.meta.dirname, '../node_modules', `shared-${process.pid}.mjs`);
  let balancer: RoundRobin;

  beforeAll(async () => {
    await bundle(join(import.meta.dirname, 'fixtures/shared-server.ts'), file, ['pg']);
    const both = await Promise.all([serve(file), serve(file)]);
    processes.push(...both);
    balancer = await roundRobin(() => both.map(({ url }) => url));
  });
  afterAll(async () => {
    await balancer[Symbol.asyncDispose]();
    await Promise.all(processes.splice(0).map((each) => end(each, 'SIGTERM')));
    await rm(file);
  });

  const call = (name: string, more: object = {}): Promise<Record<string, unknown>> =>
    mcpRequest(balancer.url, 'tools/call', { name, arguments: {}, ...more });
  const answers = { question_0: { action: 'accept', content: { sure: true } } };

  test('a limit', async () => {
    const given: string[] = [];
    for (let index = 0; index < 8; index += 1) given.push(text(await call('limited')));
    expect(new Set(given.slice(0, 6)).size).toBe(2);
    expect(given.slice(6)).toEqual([expect.stringMatching(/^RATE_LIMITED/), expect.stringMatching(/^RATE_LIMITED/)]);
  });

  test('the key of questions, so that another process goes on, and the states that were used', async () => {
    const { requestState } = await call('ask');
    const [first, second] = text(await call('ask', { requestState, inputResponses: answers })).split(', ');
    expect(first).not.toBe(second);
    const again = { requestState, inputResponses: answers };
    await expect(call('ask', again)).rejects.toThrow('This requestState was used before');
    await expect(call('ask', again)).rejects.toThrow('This requestState was used before');
  });

  test('tasks: what one begins, another is asked for and goes on with', async () => {
    const { taskId } = await call('long');
    const settled = (): Promise<Record<string, unknown>> =>
      vi.waitFor(async () => {
        const task = await mcpRequest(balancer.url, 'tasks/get', { taskId });
        expect(task['status']).not.toBe('working');
        return task;
      });
    const waiting = await settled();
    expect(await settled()).toEqual(waiting); // from the other process
    const inputResponses = { '1.question_0': answers.question_0 };
    await mcpRequest(balancer.url, 'tasks/update', { taskId, inputResponses });
    const { result } = await settled();
    expect(text(result as Record<string, unknown>)).toMatch(/^process \d+, process \d+$/);
  });

  test('changes: a subscription at one hears of what another announces', async () => {
    const heard: number[] = [];
    const listening = async (index: number): Promise<Client> => {
      const client = new Client(
        { name: 'listener', version: '1' },
        {
          versionNegotiation: { mode: { pin: '2026-07-28' } },
          listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => void heard.push(index) } },
        },
      );
      await client.connect(new StreamableHTTPClientTransport(processes[index]?.url as URL));
      return client;
    };
    const clients = [await listening(0), await listening(1)];
    await vi.waitFor(async () => {
      await call('announce');
      expect(new Set(heard).size).toBe(2);
    }, 10_000);
    const before = heard.length;
    await mcpRequest(String(processes[0]?.url), 'tools/call', { name: 'announce', arguments: {} });
    await vi.waitFor(() => expect(new Set(heard.slice(before)).size).toBe(2));
    await Promise.all(clients.map((client) => client.close()));
  });
});

describe.skipIf(database.url === undefined)('four processes of orders, two of them killed under load', () => {
  const CALLS = 120;

  test('have every order once: acknowledged, or failed and tried again with its key', async () => {
    const options = ['--tax-percent', '8', '--confirm', 'off'];
    const alive = await Promise.all([1, 2, 3, 4].map(() => serve(orders, options)));
    processes.push(...alive);
    const targets = [...alive];
    await using balancer = await roundRobin(() => targets.map(({ url }) => url));
    const postgres = new Postgres(database.url);
    await postgres.connect();
    await using _postgres = { [Symbol.asyncDispose]: () => postgres.end() };

    const refused: string[] = [];
    const create = async (key: string): Promise<string> => {
      const values = {
        customer_id: 'CUS-1001',
        items: [{ sku: 'HUB-530-USD', quantity: 1 }],
        idempotency_key: key,
        note: key,
        allow_duplicate: true,
      };
      const { isError, ...result } = await mcpRequest(balancer.url, 'tools/call', {
        name: 'create_order',
        arguments: values,
      });
      if (isError === true) refused.push(text(result));
      return (result['structuredContent'] as { order_id: string }).order_id;
    };

    const acknowledged = new Map<string, string>();
    const failed: string[] = [];
    let killed: Promise<unknown> | undefined;
    const keys = Array.from({ length: CALLS }, (_, index) => `load test ${index}`);
    const left = [...keys];
    const work = async (): Promise<void> => {
      for (let key = left.shift(); key !== undefined; key = left.shift()) {
        try {
          acknowledged.set(key, await create(key));
        } catch {
          failed.push(key);
        }
        // in the middle of the load, while the others of this loop wait for their answers
        if (acknowledged.size >= CALLS / 4)
          killed ??= Promise.all(alive.slice(0, 2).map((each) => end(each, 'SIGKILL')));
      }
    };
    await Promise.all(Array.from({ length: 12 }, work));
    await killed;
    expect(refused).toEqual([]);
    expect(failed.length).toBeGreaterThan(0);
    expect(acknowledged.size).toBeGreaterThan(CALLS / 4);

    const written = async (): Promise<Map<string, number>> => {
      const { rows } = await postgres.query<{ note: string; count: number }>(
        `select note, count(*)::int as count from orders where note like 'load test %' group by note`,
      );
      return new Map(rows.map(({ note, count }) => [note, count]));
    };
    const before = await written();
    expect([...acknowledged.keys()].filter((key) => before.get(key) !== 1)).toEqual([]);

    targets.splice(0, 2); // the balancer has noticed
    for (const key of failed) acknowledged.set(key, await create(key));
    expect(await written()).toEqual(new Map(keys.map((key) => [key, 1])));
    expect(new Set(acknowledged.values()).size).toBe(CALLS);
  });
});
