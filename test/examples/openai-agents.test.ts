import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as errors from '@mortise/example-openai-agents/errors';
import * as hosted from '@mortise/example-openai-agents/hosted';
import * as http from '@mortise/example-openai-agents/http';
import * as pooling from '@mortise/example-openai-agents/pooling';
import * as prompts from '@mortise/example-openai-agents/prompts';
import * as several from '@mortise/example-openai-agents/several-servers';
import { customerDb, orders } from '@mortise/example-openai-agents/servers';
import * as stdio from '@mortise/example-openai-agents/stdio';
import * as filters from '@mortise/example-openai-agents/tool-filters';
import { MCPServerStdio, OpenAIProvider, Runner, setTracingDisabled, type MCPServer } from '@openai/agents';
import { assistantMessage, functionCall, modelResponder, modelResponse, ScriptedModel } from '@openai/agents/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { serveHttp, type HttpServer } from '../acceptance/customer-db.ts';
import { ResponsesEndpoint, type Wanted } from './responses-endpoint.ts';

setTracingDisabled(true);
// the embedded database starts with every server, on a machine that may be busy
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const key = randomBytes(32).toString('base64url');
const hash = createHash('sha256').update(key).digest('hex');
const scopes = 'customers:read orders:read orders:write';
const environment = { TENANT_ID: 'main', MORTISE_API_KEYS: `agent sha256:${hash} 2099-01-31 ${scopes}` };

/** A model that makes one call and says what came back. */
function calling(name: string, values: Record<string, unknown>): ScriptedModel {
  return new ScriptedModel([
    modelResponse([functionCall(name, values, { callId: name })]),
    modelResponder(({ request }) => [assistantMessage(JSON.stringify(request.input))]),
  ]);
}

const searching = (): ScriptedModel => calling('search_customers', { query: 'Acme Corp' });

function toolsOf(model: ScriptedModel, run = 0): string[] {
  return (model.calls[run]?.request.tools ?? []).map((tool) => (tool.type === 'function' ? tool.name : tool.type));
}

/** A server that ends at once. */
function broken(): MCPServer {
  return new MCPServerStdio({ name: 'gone', command: process.execPath, args: ['--eval', 'process.exit(1)'] });
}

function kept(): MCPServer {
  return new MCPServerStdio({ name: 'customer-db', ...customerDb, cacheToolsList: true });
}

/** The names of the tools that the model sees. */
async function shown(role: 'clerk' | 'manager', filter?: Parameters<typeof filters.ask>[2]): Promise<string[]> {
  const model = new ScriptedModel([modelResponse([assistantMessage('Yes.')])]);
  expect(await filters.ask('May I?', { role }, filter, model)).toBe('Yes.');
  return toolsOf(model);
}

describe('over stdio', () => {
  it('asks an agent that starts a server', async () => {
    const model = searching();
    expect(await stdio.ask('Who is at Acme Corp?', model)).toContain('Dana Whitfield');
    model.assertComplete();
  });

  it('uses several servers, and does without one that does not start', async () => {
    const model = calling('mcp_customers__search_customers', { query: 'Acme Corp' });
    const servers = [
      new MCPServerStdio({ name: 'customers', ...customerDb }),
      new MCPServerStdio({ name: 'orders', ...orders }),
      broken(),
    ];
    const { text, missing } = await several.ask('Who is at Acme Corp?', model, servers);
    expect(text).toContain('Dana Whitfield');
    expect(missing).toEqual(['gone']);
    expect(toolsOf(model)).toEqual(
      expect.arrayContaining(['mcp_customers__get_customer_orders', 'mcp_orders__get_order']),
    );
  });

  it('shows other tools to other people, or the same to all', async () => {
    const [clerk, manager, reader] = [
      await shown('clerk'),
      await shown('manager'),
      await shown('manager', filters.reading),
    ];
    expect(manager).toEqual(expect.arrayContaining(['cancel_order', 'refund_order', 'get_order']));
    expect(clerk).toEqual(manager.filter((name) => !['cancel_order', 'refund_order'].includes(name)));
    expect(reader).toEqual(manager.filter((name) => ['search_orders', 'get_order'].includes(name)));
  });

  it('takes its instructions from a prompt', async () => {
    const model = new ScriptedModel([modelResponse([assistantMessage('Gladly.')])]);
    expect(await prompts.ask('Help me.', 'billing', model)).toBe('Gladly.');
    expect(model.calls[0]?.request.systemInstructions).toContain('The conversation is about money.');
  });

  it('lists the tools once where they are kept, and again when that is ended', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mortise-example-'));
    const sent = join(folder, 'sent');
    // what the client sends is written down on its way
    const args = ['-c', 'tee "$0" | "$@"', sent, customerDb.command, ...customerDb.args];
    const server = new MCPServerStdio({ name: 'kept', command: 'sh', args, cacheToolsList: true });
    const lists = async (): Promise<number> => (await readFile(sent, 'utf8')).split('"tools/list"').length - 1;
    await server.connect();
    for (let times = 0; times < 3; times += 1) expect(await server.listTools()).not.toHaveLength(0);
    expect(await lists()).toBe(1);
    await server.invalidateToolsCache();
    await server.listTools();
    expect(await lists()).toBe(2);
    await server.close();
    await rm(folder, { recursive: true });
  });

  it('keeps one connection over runs, and starts a server that failed again', async () => {
    await using pool = new pooling.Pool();
    const make = vi.fn<() => MCPServer>(kept);
    await expect(pool.server('customer-db', broken)).rejects.toThrow(/clos|connect/i);
    const [server, same] = await Promise.all([pool.server('customer-db', make), pool.server('customer-db', make)]);
    expect(same).toBe(server);
    expect(make).toHaveBeenCalledTimes(1);
    const callTool = vi.spyOn(server, 'callTool');
    for (let times = 0; times < 2; times += 1)
      expect(await pooling.ask(pool, 'Who?', searching())).toContain('Dana Whitfield');
    expect(callTool).toHaveBeenCalledTimes(2);
  });
});

describe('over HTTP', () => {
  let server: HttpServer;
  beforeAll(async () => {
    server = await serveHttp(environment);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('asks an agent with a token, and not without', async () => {
    expect(await http.ask(server.url, key, 'Who is at Acme Corp?', searching())).toContain('Dana Whitfield');
    await expect(http.ask(server.url, 'wrong', 'Who?', searching())).rejects.toThrow(/401|token|unauthorized/i);
    await expect(errors.ask(server.url, 'wrong', 'Who?', { model: searching() })).rejects.toThrow(
      'The server does not let this program in: check the URL and the token.',
    );
  });

  it('waits as long as a server that is busy says, and tells the model of one that is slow', async () => {
    const target = new URL(server.url);
    let refusals = 2;
    let isSlow = false;
    const busy = createServer((request, response) => {
      if (refusals > 0) {
        refusals -= 1;
        return void response.writeHead(429, { 'retry-after': '0' }).end();
      }
      const isCall = request.headers['mcp-method'] === 'tools/call';
      if (isSlow && isCall) return; // never answers
      const headers = { ...request.headers, host: target.host };
      const options = { method: request.method, path: request.url, port: target.port, host: target.hostname, headers };
      const passed = forward(options, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      request.pipe(passed);
    }).listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const url = `http://127.0.0.1:${(busy.address() as AddressInfo).port}/mcp`;
    expect(await errors.ask(url, key, 'Who?', { model: searching() })).toContain('Dana Whitfield');
    expect(refusals).toBe(0);
    isSlow = true;
    expect(await errors.ask(url, key, 'Who?', { model: searching(), timeout: 300 })).toContain(
      'did not answer in time',
    );
    busy.closeAllConnections();
    busy.close();
  });

  describe('called by the host of the model', () => {
    const read: Wanted = { name: 'search_customers', arguments: { query: 'Acme Corp' } };

    async function asked(approval: hosted.Approval, decide: hosted.Decide, wanted = read, url = server.url) {
      await using endpoint = await ResponsesEndpoint.start(wanted);
      const provider = new OpenAIProvider({ apiKey: 'none', baseURL: endpoint.baseURL, useResponses: true });
      const asks = vi.fn<hosted.Decide>(decide);
      const agent = hosted.hostedAgent({ url, token: key }, approval);
      const answer = await hosted.ask(agent, 'Who?', asks, new Runner({ modelProvider: provider, model: 'm' }));
      return { answer, called: endpoint.called, asks: asks.mock.calls.map(([name]) => name) };
    }

    it('asks nobody, asks always, and takes no for an answer', async () => {
      const never = await asked('never', () => false);
      expect(never).toMatchObject({ called: ['search_customers'], asks: [] });
      expect(never.answer).toContain('Dana Whitfield');
      const yes = await asked('always', () => true);
      expect(yes).toMatchObject({ called: ['search_customers'], asks: ['search_customers'] });
      expect(yes.answer).toContain('Dana Whitfield');
      const no = await asked('always', () => false);
      expect(no).toEqual({ answer: 'search_customers was not approved.', called: [], asks: ['search_customers'] });
    });

    it('asks about what changes something, by the annotations of the tools', async () => {
      expect(await asked('unless_read_only', () => false)).toMatchObject({ called: ['search_customers'], asks: [] });
      const cancel = {
        name: 'cancel_order',
        arguments: { order_id: 'ORD-10001', expected_version: 1, reason: 'test' },
      };
      await using shop = await serveHttp(environment, orders.args[0]);
      const refused = await asked('unless_read_only', () => false, cancel, shop.url);
      expect(refused).toEqual({ answer: 'cancel_order was not approved.', called: [], asks: ['cancel_order'] });
    });
  });
});
