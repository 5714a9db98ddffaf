import { Agent, request, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startFixture } from './fixtures/process.ts';

const PROGRAM = new URL('fixtures/hardened-program.ts', import.meta.url);
const SEQUENTIAL = 10_000;
const CONCURRENT = 1_000;
/** What the heap may differ by for other reasons, in bytes: less than 100 bytes a call. */
const NOISE = 1_000_000;
/** What a connection leaves that is closed meanwhile: on a busy machine they are idle for longer than the server waits. */
const CONNECTION = 4_000;
/** Connections and timers that come and go by themselves: fewer than one for a hundred calls. */
const FEW = 100;

const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'endurance', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

interface Usage {
  readonly heap: number;
  /** Garbage since the last full collection that only the next one clears. */
  readonly old: number;
  readonly handles: Readonly<Record<string, number>>;
}

interface Answer {
  readonly id: number;
  readonly result: { readonly structuredContent: unknown };
}

/** Sends one message; resolves with its answer. */
type Send = (name: string, values: object) => Promise<Answer>;

/** @param closed - How many connections are no more */
async function endures(send: Send, closed: () => number = () => 0): Promise<void> {
  const usage = async (): Promise<Usage> => {
    const { old } = (await send('usage', {})).result.structuredContent as Usage;
    const { heap, handles } = (await send('usage', {})).result.structuredContent as Usage; // what that call left is gone
    return { heap, old, handles };
  };
  const add = async (a: number): Promise<void> => {
    const { result } = await send('add', { a, b: 1 });
    if ((result.structuredContent as { sum: number }).sum !== a + 1) throw new Error(`wrong answer to call ${a}`);
  };
  const sequentially = async (calls: number): Promise<void> => {
    for (let call = 0; call < calls; call += 1) await add(call);
  };
  const concurrently = async (calls: number): Promise<void> => {
    await Promise.all(Array.from({ length: calls }, (_, call) => add(call)));
  };
  await sequentially(SEQUENTIAL / 4);
  await concurrently(CONCURRENT);
  const before = await usage();
  const closedBefore = closed();
  await concurrently(CONCURRENT);
  await sequentially(SEQUENTIAL);
  const after = await usage();
  expect(after.heap - before.heap).toBeLessThan(NOISE);
  expect(after.old).toBeLessThan(NOISE + (closed() - closedBefore) * CONNECTION);
  expect(count(after.handles) - count(before.handles)).toBeLessThan(FEW);
}

function count(handles: Usage['handles']): number {
  return Object.values(handles).reduce((sum, each) => sum + each, 0);
}

describe('10,000 calls one after the other and 1,000 at once leave nothing behind', { timeout: 120_000 }, () => {
  test.each(['2025', '2026'] as const)('over stdio in %s', async (era) => {
    const server = startFixture([], { NODE_OPTIONS: '--expose-gc' }, PROGRAM);
    onTestFinished(() => void server.process.kill('SIGKILL'));
    const waiting = new Map<number, (answer: Answer) => void>();
    createInterface({ input: server.process.stdout }).on('line', (line) => {
      const answer = JSON.parse(line) as Answer;
      waiting.get(answer.id)?.(answer);
      waiting.delete(answer.id);
    });
    let id = 0;
    const ask = (method: string, params: object): Promise<Answer> =>
      new Promise((resolve) => {
        waiting.set((id += 1), resolve);
        server.process.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
      });
    const meta = era === '2026' ? { _meta: ENVELOPE } : {};
    const clientInfo = { name: 'endurance', version: '1' };
    if (era === '2025') await ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
    await endures((name, values) => ask('tools/call', { name, arguments: values, ...meta }));
    server.process.stdin.end();
    expect(await server.exit).toBe(0);
  });

  test.each(['2025', '2026'] as const)('over HTTP in %s', async (era) => {
    const server = startFixture(['--http', '--port', '0'], { NODE_OPTIONS: '--expose-gc' }, PROGRAM);
    onTestFinished(() => void server.process.kill('SIGKILL'));
    const url = new URL(/http:\S+/.exec(await server.told('listens on http'))?.[0] ?? '');
    // as many connections as there are calls at once; they stay open, so that the handles are the same before and after
    using agent = new Connections();
    const post = async (message: object, headers: Record<string, string>): Promise<[string, string]> => {
      const sent = request(url, { method: 'POST', agent: agent.agent, headers: { ...HEADERS, ...headers } });
      sent.end(JSON.stringify({ jsonrpc: '2.0', ...message }));
      let response: IncomingMessage;
      try {
        [response] = (await once(sent, 'response')) as [IncomingMessage];
      } catch (error) {
        // The server closed an idle connection at the moment that it was used again: nothing has reached it.
        if (!sent.reusedSocket || (error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
        return await post(message, headers);
      }
      return [await text(response), String(response.headers['mcp-session-id'])];
    };
    const clientInfo = { name: 'endurance', version: '1' };
    const initialize = {
      id: 0,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
    };
    const session = era === '2025' ? { 'mcp-session-id': (await post(initialize, {}))[1] } : {};
    let id = 0;
    const send: Send = async (name, values) => {
      const params = { name, arguments: values, ...(era === '2026' && { _meta: ENVELOPE }) };
      const modern = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': name };
      const message = { id: (id += 1), method: 'tools/call', params };
      const [body] = await post(message, era === '2026' ? modern : session);
      return JSON.parse(body) as Answer;
    };
    await endures(send, () => agent.closed);
    server.process.kill('SIGTERM');
    expect(await server.exit).toBe(0);
  });
});

const HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

class Connections implements Disposable {
  readonly agent = new Agent({ keepAlive: true, maxSockets: CONCURRENT, maxFreeSockets: CONCURRENT });
  closed = 0;
  readonly #watched = new WeakSet<Socket>();

  constructor() {
    this.agent.on('free', (socket: Socket) => {
      if (this.#watched.has(socket)) return;
      this.#watched.add(socket);
      socket.once('close', () => (this.closed += 1));
    });
  }

  [Symbol.dispose](): void {
    this.agent.destroy();
  }
}
