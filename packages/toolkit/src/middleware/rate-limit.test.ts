import type { AuthInfo } from '@modelcontextprotocol/server';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { expect, test, vi } from 'vitest';

import { inProcess } from '../fixtures/client.ts';
import { desk } from '../fixtures/desk.ts';
import { rateLimit } from './rate-limit.ts';

function cost(call: { readonly name: string }): number {
  return { say: 0, list: 5 }[call.name] ?? 1;
}

function caller(sub: string): AuthInfo {
  return { token: 'x', clientId: 'app', scopes: [], extra: { sub } };
}

test('a call too many is told when the next one may come', async () => {
  await using t = await inProcess(desk(rateLimit({ limit: { calls: 2, seconds: 30 } })));
  for (const text of ['a', 'b']) expect((await t.call('say', { text })).isError).toBe(false);
  const refused = await t.client.callTool({ name: 'say', arguments: { text: 'c' } });
  const text = (refused.content[0] as { text: string }).text;
  expect(text).toMatch(
    /^RATE_LIMITED: There were too many calls\. Wait \d+ s before the next call\.\n\{"retry_after":\d+\}$/,
  );
  expect(refused._meta?.['mortise/error']).toMatchObject({ retryable: true, details: { retry_after: 30 } });
  await expect(t.client.getPrompt({ name: 'greet', arguments: { name: 'A' } })).rejects.toMatchObject({
    data: { code: 'RATE_LIMITED', details: { retry_after: expect.any(Number) } },
  });
});

test('the time passes', async () => {
  await using t = await inProcess(desk(rateLimit({ limit: { calls: 1, seconds: 1 } })));
  await t.call('say', { text: 'a' });
  expect((await t.call('say', { text: 'b' })).isError).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect((await t.call('say', { text: 'c' })).isError).toBe(false);
});

test('verified callers are counted apart, the others together', async () => {
  const server = desk(rateLimit({ limit: { calls: 1, seconds: 30 } }));
  // one started server for all of them
  const endpoint = server.start({});
  const shared = { ...server, start: () => ({ ...endpoint, close: () => Promise.resolve() }) };
  await using ann = await inProcess(shared, '2026', undefined, caller('ann'));
  await using bob = await inProcess(shared, '2026', undefined, caller('bob'));
  await using someone = await inProcess(shared);
  await using another = await inProcess(shared);
  const calls = [ann, bob, someone, ann, bob, another];
  const refused: boolean[] = [];
  for (const each of calls) refused.push((await each.call('say', { text: 'x' })).isError);
  expect(refused).toEqual([false, false, false, true, true, true]);
});

test('a call may count more than one, or nothing', async () => {
  await using t = await inProcess(desk(rateLimit({ limit: { calls: 5, seconds: 30 }, cost })));
  for (let times = 0; times < 10; times++) expect((await t.call('say', { text: 'x' })).isError).toBe(false);
  expect((await t.call('list', { count: 1 })).isError).toBe(false);
  expect((await t.call('list', { count: 1 })).text).toMatch(/^RATE_LIMITED/);
});

test('a limiter with a store of its own counts for several servers', async () => {
  const limit = new RateLimiterMemory({ points: 1, duration: 30 });
  await using one = await inProcess(desk(rateLimit({ limit })));
  await using two = await inProcess(desk(rateLimit({ limit })));
  expect((await one.call('say', { text: 'x' })).isError).toBe(false);
  expect((await two.call('say', { text: 'x' })).text).toMatch(/^RATE_LIMITED/);
});

test('without its store nobody is let in, and the operator is told why', async () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const limit = { consume: () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:6379')) };
  await using t = await inProcess(desk(rateLimit({ limit })));
  const { text } = await t.call('say', { text: 'x' });
  expect(text).toMatch(/^INTERNAL/);
  expect(text).not.toContain('10.0.0.7');
  expect(stderr.mock.calls.join('')).toContain('ECONNREFUSED');
});
