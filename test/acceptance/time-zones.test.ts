// The bundle on machines in other parts of the world.
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { testDatabase } from '@mortise/testing/postgres';
import { afterAll, expect, it } from 'vitest';

import { cli, environmentFor } from './customer-db.ts';

const database = await testDatabase();
afterAll(() => database[Symbol.asyncDispose]());

/** What customer-db answers where the clock of its process is in a time zone. */
async function ordersIn(zone: string, ranges: readonly Record<string, string>[]): Promise<unknown[]> {
  const env = { ...environmentFor(database), TZ: zone, PGTZ: zone };
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [cli], env }));
  const answers = [];
  for (const range of ranges) {
    const { structuredContent } = await client.callTool({
      name: 'get_customer_orders',
      arguments: { customer_id: 'CUS-1005', ...range },
    });
    answers.push(structuredContent);
  }
  await client.close();
  return answers;
}

it.each(['Asia/Tokyo', 'America/New_York'])(
  'an order has the same time, and a day the same orders, in %s',
  async (zone) => {
    const latest = { order_id: 'ORD-10009', placed_at: '2026-10-07T23:55:00Z' };
    expect(
      await ordersIn(zone, [
        { placed_after: '2026-10-07', placed_before: '2026-10-08' },
        { placed_after: '2026-10-08' },
        { placed_after: '2026-10-08', timezone: 'Asia/Tokyo' },
        { placed_after: '2026-10-07T19:55', placed_before: '2026-10-07T19:56', timezone: 'America/New_York' },
      ]),
    ).toMatchObject([{ orders: [latest] }, { orders: [] }, { orders: [latest] }, { orders: [latest] }]);
  },
);
