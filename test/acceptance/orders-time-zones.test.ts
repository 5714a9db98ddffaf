// Days and instants of `orders`, wherever its process and its database think they are.
import { fileURLToPath } from 'node:url';

import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { openTestDatabase, type OpenTestDatabase } from '../database/open-test-database.ts';
import { environmentFor } from './customer-db.ts';

const cli = fileURLToPath(new URL('dist/cli.js', import.meta.resolve('@mortise/orders/package.json')));

let database: OpenTestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

/** ORD-10009 was placed five minutes before midnight in UTC: on the next day in Tokyo, on the same in New York. */
const PLACED = '2026-10-07T23:55:00Z';
const customer_id = 'CUS-1005';

it.each(['Asia/Tokyo', 'America/New_York'])('in %s', async (zone) => {
  if (database.url !== undefined) {
    const name = decodeURIComponent(new URL(database.url).pathname.slice(1));
    await sql`alter database ${sql.id(name)} set timezone to ${sql.lit(zone)}`.execute(database.open().db);
  }
  const env = { ...environmentFor(database), ORDERS_TAX_PERCENT: '8', TZ: zone };
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [cli, '--read-only'], env }));
  // oxlint-disable-next-line typescript/no-explicit-any -- the test looks into the answer at will
  const call = async (name: string, values: object): Promise<any> =>
    (await client.callTool({ name, arguments: { ...values } })).structuredContent;
  const found = async (values: object): Promise<string[]> => {
    const { orders } = await call('search_orders', { customer_id, ...values });
    return (orders as { order_id: string }[]).map(({ order_id }) => order_id);
  };
  try {
    expect((await call('get_order', { order_id: 'ORD-10009' })).placed_at).toBe(PLACED);
    const [day, next] = ['2026-10-07', '2026-10-08'];
    expect(await found({ placed_after: day, placed_before: next })).toEqual(['ORD-10009']);
    expect(await found({ placed_after: next })).toEqual([]);
    expect(await found({ placed_after: next, timezone: 'Asia/Tokyo' })).toEqual(['ORD-10009']);
    expect(await found({ placed_after: day, placed_before: next, timezone: 'Asia/Tokyo' })).toEqual([]);
    expect(await found({ placed_after: day, placed_before: next, timezone: 'America/New_York' })).toEqual([
      'ORD-10009',
    ]);
    expect(await found({ placed_after: '2026-10-08T08:55:00+09:00' })).toEqual(['ORD-10009']);
    expect(await found({ placed_after: '2026-10-07T19:55:00.000001-04:00' })).toEqual([]);
    const sums = { group_by: 'day', placed_after: PLACED, placed_before: '2026-10-07T23:55:00.000001Z' };
    for (const [timezone, key] of [
      ['UTC', day],
      ['Asia/Tokyo', next],
      ['America/New_York', day],
    ]) {
      const { groups } = await call('summarize_orders', { ...sums, timezone });
      expect((groups as { key: string }[]).map((group) => group.key)).toEqual([key]);
    }
  } finally {
    await client.close();
  }
});
