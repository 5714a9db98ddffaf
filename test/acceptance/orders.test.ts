// The bundle of `orders`, as npm would install it.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { testDatabase } from '@mortise/testing/postgres';
import { afterAll, expect, it } from 'vitest';

import { environmentFor } from './customer-db.ts';

const cli = fileURLToPath(new URL('dist/cli.js', import.meta.resolve('@mortise/orders/package.json')));

const database = await testDatabase();
afterAll(() => database[Symbol.asyncDispose]());

/** What the server needs to write to the database of this run. */
const environment: Record<string, string> = { ...environmentFor(database), ORDERS_TAX_PERCENT: '8' };

const modes = { '2025-11-25': 'legacy', '2026-07-28': { pin: '2026-07-28' } } as const;

async function connect(args: readonly string[], env: Record<string, string>, era: keyof typeof modes): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: modes[era] } });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [cli, ...args], env }));
  return client;
}

const reading = ['search_orders', 'get_order', 'summarize_orders'];
const writing = ['cancel_order', 'refund_order', 'create_order', 'advance_order'];

it.each(Object.keys(modes) as (keyof typeof modes)[])('a client of %s orders, and pays', async (era) => {
  const client = await connect([], environment, era);
  try {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).toSorted()).toEqual([...reading, ...writing].toSorted());
    const { structuredContent: created } = await client.callTool({
      name: 'create_order',
      arguments: {
        customer_id: 'CUS-1001',
        items: [{ sku: 'KEY-500-USD', quantity: 1 }],
        idempotency_key: `acceptance ${era}`,
        allow_duplicate: true,
      },
    });
    expect(created).toMatchObject({ status: 'pending', total: { formatted: '$128.52' } });
    const { order_id } = created as { order_id: string };
    const { structuredContent: paid } = await client.callTool({
      name: 'advance_order',
      arguments: { order_id, action: 'pay', expected_version: 1 },
    });
    expect(paid).toMatchObject({ status: 'paid', version: 2 });
  } finally {
    await client.close();
  }
});

it.each([
  ['--read-only', ['--read-only'], {}],
  ['ORDERS_READ_ONLY=1', [], { ORDERS_READ_ONLY: '1' }],
])('%s leaves nothing that writes, and needs no tax', async (_, args, more) => {
  const { ORDERS_TAX_PERCENT: __, ...env } = environment;
  const client = await connect(args, { ...env, ...more }, '2026-07-28');
  try {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(reading);
    expect(tools.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true);
    await expect(client.callTool({ name: 'create_order', arguments: {} })).rejects.toMatchObject({ code: -32_602 });
    const { structuredContent } = await client.callTool({ name: 'get_order', arguments: { order_id: 'ORD-10007' } });
    expect(structuredContent).toMatchObject({ status: 'paid' });
  } finally {
    await client.close();
  }
});

it.each([
  ['a misspelt option', ['--readonly'], {}, /Unknown option --readonly\. Did you mean --read-only\?/],
  ['a flag that is neither', [], { ORDERS_READ_ONLY: 'yes' }, /ORDERS_READ_ONLY must be true, false, 1 or 0/],
  ['a tax that is none', ['--tax-percent', '8%'], {}, /--tax-percent .* has to be a number from 0 to 100/],
  ['a confirmation that is none', ['--confirm', 'never'], {}, /--confirm .* has to be auto, token or off/],
  ['a pool that is none', ['--pool-max', '0'], {}, /--pool-max .*DB_POOL_MAX.* whole number from 1 to 1000/],
  ['no timeout', [], { DB_STATEMENT_TIMEOUT_MS: '0' }, /DB_STATEMENT_TIMEOUT_MS.* whole number from 1 to 3600000/],
  ['a wait that is none', ['--lock-timeout', '1s'], {}, /DB_LOCK_TIMEOUT_MS.* whole number from 1 to 3600000/],
  ['a database without a tax', ['--database-url', 'postgres://u@127.0.0.1:1/x'], {}, /Say which tax create_order adds/],
])('%s ends the start with one line', async (_, args, env, line) => {
  const failed = (await promisify(execFile)(process.execPath, [cli, ...args], { env }).catch(
    (error: unknown) => error,
  )) as { code: number; stdout: string; stderr: string };
  expect({ code: failed.code > 0, stdout: failed.stdout }).toEqual({ code: true, stdout: '' });
  expect(failed.stderr).toMatch(line);
  expect(failed.stderr.trim().split('\n')).toHaveLength(1);
});
