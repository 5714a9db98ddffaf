import { testDatabase } from '@mortise/testing/postgres';
import {
  Agent,
  MCPServerStdio,
  MCPServerStreamableHttp,
  run,
  setTracingDisabled,
  type MCPServer,
} from '@openai/agents';
import { assistantMessage, functionCall, modelResponder, modelResponse, ScriptedModel } from '@openai/agents/testing';
import { afterAll, expect, it } from 'vitest';

import { cli, environmentFor, serveHttp } from './customer-db.ts';

setTracingDisabled(true);
const database = await testDatabase();
afterAll(() => database[Symbol.asyncDispose]());
const env = environmentFor(database);

const QUESTION = 'Find customers from Acme Corp and check if they have any pending orders';

it('an OpenAI agent answers over stdio', async () => {
  expect(await answer(new MCPServerStdio({ name: 'crm', command: process.execPath, args: [cli], env }))).toBe(ANSWER);
});

it('an OpenAI agent answers over HTTP', async () => {
  await using server = await serveHttp(env);
  expect(await answer(new MCPServerStreamableHttp({ name: 'crm', url: server.url }))).toBe(ANSWER);
});

const ANSWER = [
  'Dana Whitfield: 1 pending, newest order pending',
  'Marcus Oyelaran: 0 pending, newest order shipped',
  'Priya Raman: 0 pending, newest order refunded',
].join('\n');

interface Found {
  readonly customers: readonly {
    customer_id: string;
    name: string;
    company: string;
    open_orders: { pending: number };
  }[];
}

interface Orders {
  readonly orders: readonly { status: string }[];
}

/** Everything in the answer comes out of tool results: the model is scripted, what it says is not. */
async function answer(server: MCPServer): Promise<string | undefined> {
  let found: Found['customers'] = [];
  const model = new ScriptedModel([
    modelResponse([functionCall('search_customers', { query: 'Acme Corp' }, { callId: 'search' })]),
    modelResponder(({ request }) => {
      const { customers } = results<Found>(request.input)[0] ?? { customers: [] };
      found = customers.filter(({ company }) => company === 'Acme Corp');
      return found.map(({ customer_id }) =>
        functionCall('get_customer_orders', { customer_id }, { callId: customer_id }),
      );
    }),
    modelResponder(({ request }) => {
      const orders = results<Orders>(request.input).slice(1);
      const lines = found.map(
        ({ name, open_orders }, index) =>
          `${name}: ${open_orders.pending} pending, newest order ${orders[index]?.orders[0]?.status}`,
      );
      return [assistantMessage(lines.toSorted().join('\n'))];
    }),
  ]);
  await server.connect();
  try {
    const result = await run(new Agent({ name: 'Support', model, mcpServers: [server] }), QUESTION);
    model.assertComplete();
    expect(model.firstCall?.request.tools.map((tool) => tool.type === 'function' && tool.name)).toEqual([
      'search_customers',
      'get_customer',
      'get_customer_orders',
      'get_customers_batch',
    ]);
    return result.finalOutput;
  } finally {
    await server.close();
  }
}

/** The tool results so far, in the order of the calls. */
function results<Result>(input: unknown): Result[] {
  const items = (Array.isArray(input) ? input : []) as { type?: string; output?: unknown }[];
  return items
    .filter(({ type }) => type === 'function_call_result')
    .map(({ output }) => {
      const parts = (Array.isArray(output) ? output : [output]) as { text?: string }[];
      return JSON.parse(parts[0]?.text ?? '') as Result;
    });
}
