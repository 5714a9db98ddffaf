import { expect, test } from 'vitest';
import { z } from 'zod';

import { inProcess } from '../fixtures/client.ts';
import { desk } from '../fixtures/desk.ts';
import { timeout } from './timeout.ts';

test('a call that takes too long is stopped and answered', async () => {
  let stopped: unknown;
  const server = desk(timeout(30), async (call, next) => {
    call.context.signal.addEventListener('abort', () => (stopped = call.context.signal.reason));
    return next();
  });
  await using t = await inProcess(server);
  const { text, isError } = await t.call('work', { ms: 10_000 });
  expect(isError).toBe(true);
  expect(text).toBe(
    'TIMEOUT: work did not answer within 0.03 s and was stopped. ' +
      'It may have done its work or a part of it: look before you call it again.',
  );
  expect(stopped).toMatchObject({ name: 'TimeoutError' });
  expect((await t.call('work', { ms: 1 })).text).toMatch(/^worked/);
});

test('what only reads may be repeated', async () => {
  const server = desk(timeout(20), async (call, next) => {
    if (call.name === 'say') await new Promise((resolve) => setTimeout(resolve, 200));
    return next();
  });
  await using t = await inProcess(server);
  const result = await t.client.callTool({ name: 'say', arguments: { text: 'x' } });
  expect(result._meta?.['mortise/error']).toMatchObject({ code: 'TIMEOUT', retryable: true });
});

test('the limit may depend on the call', async () => {
  await using t = await inProcess(desk(timeout((call) => (call.arguments['who'] === 'slow' ? 5_000 : 20))));
  expect((await t.call('work', { ms: 100, who: 'slow' })).isError).toBe(false);
  expect((await t.call('work', { ms: 100 })).text).toMatch(/^TIMEOUT/);
});

test.each(['2025', '2026'] as const)('the time that a user of %s takes to answer does not count', async (era) => {
  const server = desk(timeout(100)).tool(
    'ask',
    { description: 'Ask.', input: z.object({}), confirm: 'Sure?' },
    () => 'done',
  );
  await using t = await inProcess(server, era, () => ({ action: 'accept' }));
  t.client.setRequestHandler('elicitation/create', async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { action: 'accept', content: {} };
  });
  expect(await t.call('ask')).toMatchObject({ text: 'done', isError: false });
});

test('a call that the client cancels is cancelled, not timed out', async () => {
  const failures: string[] = [];
  const server = desk(async (call, next) => {
    try {
      return await next();
    } catch (error) {
      failures.push(call.failureOf(error).outcome);
      throw error;
    }
  }, timeout(5_000));
  await using t = await inProcess(server);
  const answer = t.call('work', { ms: 10_000 });
  await expect.poll(() => t.endpoint.calls.size).toBe(1);
  t.endpoint.calls.abort('stopping');
  expect((await answer).text).toMatch(/^CANCELLED/);
  expect(failures).toEqual(['cancelled']);
});
