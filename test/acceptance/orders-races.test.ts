// Several processes of `orders` on one Postgres, many clients over HTTP, and a process that dies before it answers.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { testDatabase } from '@mortise/testing/postgres';
import { Client as Postgres } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { environmentFor } from './customer-db.ts';

const cli = fileURLToPath(new URL('dist/cli.js', import.meta.resolve('@mortise/orders/package.json')));
const database = await testDatabase();

interface Process {
  readonly child: ChildProcess;
  readonly url: URL;
}

async function serve(): Promise<Process> {
  const child = spawn(process.execPath, [cli, '--http', '--port', '0', '--tax-percent', '8', '--confirm', 'off'], {
    env: environmentFor(database),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [line] = (await once(createInterface(child.stderr), 'line')) as [string];
  return { child, url: new URL(/http:\S+/.exec(line)?.[0] ?? '') };
}

async function end({ child }: Process, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

async function connect({ url }: Process): Promise<Client> {
  const client = new Client({ name: 'racer', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  await client.connect(new StreamableHTTPClientTransport(url));
  return client;
}

interface Answer {
  readonly order_id?: string;
  readonly status?: string;
  readonly replayed?: boolean;
  readonly code?: string;
}

async function call(client: Client, name: string, values: Record<string, unknown>, timeout = 20_000): Promise<Answer> {
  const { isError, structuredContent, _meta } = await client.callTool({ name, arguments: values }, { timeout });
  return (isError ? _meta?.['mortise/error'] : structuredContent) as Answer;
}

describe.skipIf(database.url === undefined)('two processes, twenty clients', () => {
  const postgres = new Postgres(database.url);
  const processes: Process[] = [];
  const clients: Client[] = [];

  beforeAll(async () => {
    await postgres.connect();
    processes.push(await serve(), await serve());
    for (let index = 0; index < 20; index += 1) clients.push(await connect(processes[index % 2] as Process));
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await Promise.all(processes.map((each) => end(each, 'SIGTERM')));
    await postgres.end();
  });

  async function count(table: string): Promise<number> {
    const { rows } = await postgres.query<{ n: number }>(`select count(*)::int as n from ${table}`);
    return rows[0]?.n ?? -1;
  }

  it('place one order with one key, and let one of them pay', async () => {
    const before = await count('orders');
    const values = {
      customer_id: 'CUS-1001',
      items: [{ sku: 'HUB-530-USD', quantity: 2 }],
      idempotency_key: 'twenty clients',
    };
    const created = await Promise.all(clients.map((client) => call(client, 'create_order', values)));
    expect(new Set(created.map(({ order_id }) => order_id)).size).toBe(1);
    expect(created.filter(({ replayed }) => replayed === false)).toHaveLength(1);
    expect(await count('orders')).toBe(before + 1);

    const pay = { order_id: created[0]?.order_id, action: 'pay', expected_version: 1 };
    const paid = await Promise.all(clients.map((client) => call(client, 'advance_order', pay)));
    expect(paid.filter(({ code }) => code === undefined)).toHaveLength(1);
    expect(paid.filter(({ code }) => code === 'VERSION_CONFLICT')).toHaveLength(19);
  });

  it('a process that is killed between the commit and its answer has not lost the order', async () => {
    const before = await count('orders');
    const doomed = await serve();
    const client = await connect(doomed);
    const values = {
      customer_id: 'CUS-1001',
      items: [{ sku: 'CAM-550-USD', quantity: 1 }],
      idempotency_key: 'a lost answer',
    };
    // Postgres takes a second for the commit; meanwhile the process stops, so that it can never answer.
    await postgres.query(`create function slow() returns trigger language plpgsql
      as 'begin perform pg_sleep(1); return null; end'`);
    await postgres.query(`create constraint trigger slow after insert on orders deferrable initially deferred
      for each row execute function slow()`);
    const unanswered = call(client, 'create_order', values, 3_000).catch(() => 'lost');
    await until(`select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`);
    doomed.child.kill('SIGSTOP');
    await until(`select 1 from idempotency_keys where key = 'a lost answer'`);
    await end(doomed, 'SIGKILL');
    expect(await unanswered).toBe('lost');
    await postgres.query('drop function slow cascade');

    const [survivor] = clients as [Client];
    expect(await count('orders')).toBe(before + 1);
    expect(await call(survivor, 'create_order', values)).toMatchObject({ status: 'pending', replayed: true });
    expect(await count('orders')).toBe(before + 1);
  });

  async function until(query: string): Promise<void> {
    while ((await postgres.query(query)).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
});
