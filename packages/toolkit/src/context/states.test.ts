import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { inProcess } from '../fixtures/client.ts';
import { createServer, memoryStateStore, type Server, type StateStore } from '../index.ts';
import { rawRequest } from '../fixtures/raw-request.ts';
import { serveHttp } from '../serve/http.ts';

type Asking = { asks?: true; confirm?: string };

const input = z.object({});
const sure = z.object({ sure: z.boolean() });

let told: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
const stderr = (): string => told.mock.calls.join('');

/** A server with one tool that asks; `booked` counts what it has done. */
function booking(options: Asking = {}, store?: StateStore): { server: Server; booked: () => number } {
  let booked = 0;
  const setup = (_: unknown, context: { useStateStore(store: StateStore): void }): [] => {
    if (store) context.useStateStore(store);
    return [];
  };
  const server = createServer({ name: 'booking', version: '1', setup }).tool(
    'book',
    { description: 'Book.', input, ...options },
    async (_, context) => {
      const { action } = await context.elicit('Sure?', sure);
      if (action !== 'accept') return 'nothing';
      return `booked ${(booked += 1)}`;
    },
  );
  return { server, booked: () => booked };
}

const here = { host: '127.0.0.1', port: 0, allowedHosts: [], withoutAuthentication: true };

/** Takes the question, then sends the same answer twice, as a client does that lost the first result. */
async function answerTwice(server: Server): Promise<unknown[]> {
  const service = await serveHttp(server.start({}), here);
  const call = { name: 'book', arguments: {} };
  const asked = await rawRequest(service.url, 'tools/call', call);
  const inputResponses = { question_0: { action: 'accept', content: { sure: true } } };
  const answer = { ...call, requestState: asked.result?.['requestState'], inputResponses };
  const outcomes = [];
  for (let times = 0; times < 2; times++) {
    const { result, error } = await rawRequest(service.url, 'tools/call', answer);
    outcomes.push(result?.['content'] ?? error);
  }
  await service.stop('done');
  return outcomes;
}

describe('an answer that is sent twice', () => {
  test('counts once where a store is configured', async () => {
    const { server, booked } = booking({}, memoryStateStore());
    const [first, second] = await answerTwice(server);
    expect(first).toEqual([{ type: 'text', text: 'booked 1' }]);
    expect(second).toMatchObject({ code: -32602, data: { reason: 'request_state_used' } });
    expect(booked()).toBe(1);
  });

  test('counts twice without one', async () => {
    const { server, booked } = booking();
    expect(await answerTwice(server)).toEqual([
      [{ type: 'text', text: 'booked 1' }],
      [{ type: 'text', text: 'booked 2' }],
    ]);
    expect(booked()).toBe(2);
  });
});

test('the store of one process forgets what has expired, and nothing else', async () => {
  let now = 0;
  const store = memoryStateStore(() => now);
  expect([await store.spend('a', 10), await store.spend('a', 10), await store.spend('b', 20)]).toEqual([
    true,
    false,
    true,
  ]);
  now = 10;
  expect([await store.spend('a', 30), await store.spend('b', 30)]).toEqual([true, false]);
});

describe('without MORTISE_STATE_KEY', () => {
  beforeEach(() => vi.stubEnv('MORTISE_STATE_KEY', ''));
  const everywhere = { host: '0.0.0.0', port: 0, allowedHosts: ['mcp.example.com'], withoutAuthentication: true };

  test('a server on this machine asks, and says once that the questions end with it', async () => {
    const service = await serveHttp(booking().server.start({}), here);
    const ask = (): Promise<unknown> => rawRequest(service.url, 'tools/call', { name: 'book', arguments: {} });
    const asked = { result: { resultType: 'input_required' } };
    expect(await Promise.all([ask(), ask()])).toMatchObject([asked, asked]);
    await service.stop('done');
    expect(stderr().match(/MORTISE_STATE_KEY is not set/g)).toHaveLength(1);
  });

  test.each<[string, Asking]>([
    ['says that it asks', { asks: true }],
    ['has to be confirmed', { confirm: 'Sure?' }],
  ])('a server with a tool that %s is not served to other machines', async (_, options) => {
    const endpoint = booking(options).server.start({});
    await expect(serveHttp(endpoint, everywhere)).rejects.toThrow(/^booking asks its users \(book\).*openssl rand/);
    const service = await serveHttp(endpoint, here);
    await service.stop('done');
  });

  test('a tool that did not say so cannot ask other machines, and the operator reads why', async () => {
    const { server, booked } = booking();
    const endpoint = server.start({});
    const service = await serveHttp(endpoint, everywhere);
    await using t = await inProcess({ ...server, start: () => endpoint }, '2026', () => ({ action: 'accept' }));
    expect((await t.call('book')).text).toMatch(/^INTERNAL/);
    expect(stderr()).toContain('MORTISE_STATE_KEY is not set, without which no user can be asked here');
    expect(booked()).toBe(0);
    await service.stop('done');
  });

  test('with a key of its own it is served to them', async () => {
    vi.stubEnv('MORTISE_STATE_KEY', Buffer.alloc(32, 7).toString('base64url'));
    const endpoint = booking({ asks: true }).server.start({});
    const service = await serveHttp(endpoint, everywhere);
    expect(service.url).toContain('http://0.0.0.0');
    await service.stop('done');
  });
});
