import { expect, test } from 'vitest';

import { inProcess } from '../fixtures/client.ts';
import { desk } from '../fixtures/desk.ts';
import { concurrency } from './concurrency.ts';

test('no more calls than the limit run at once; all are answered', async () => {
  await using t = await inProcess(desk(concurrency({ limit: 3 })));
  const answers = await Promise.all(Array.from({ length: 20 }, () => t.call('work', { ms: 5 })));
  expect(answers.map(({ isError }) => isError)).toEqual(Array.from({ length: 20 }, () => false));
  expect(answers.at(-1)?.text).toBe('worked; at most 3 at once');
});

test('a call that finds the queue full is told to come again', async () => {
  await using t = await inProcess(desk(concurrency({ limit: 1, queue: 1 })));
  const answers = await Promise.all([1, 2, 3].map(() => t.call('work', { ms: 50 })));
  const refused = answers.filter(({ isError }) => isError);
  expect(refused.map(({ text }) => text)).toEqual([
    'BUSY: The server is busy with other calls. Wait a few seconds and call again.',
  ]);
});

test('calls with different keys do not wait for each other', async () => {
  const limited = concurrency({ limit: 1, queue: 0, by: (call) => String(call.arguments['who']) });
  await using t = await inProcess(desk(limited));
  const answers = await Promise.all(['ann', 'bob', 'ann'].map((who) => t.call('work', { ms: 50, who })));
  expect(answers.map(({ isError }) => isError)).toEqual([false, false, true]);
});

test('a call that fails gives its place back, and one that is cancelled leaves the queue', async () => {
  await using t = await inProcess(desk(concurrency({ limit: 1, queue: 1 })));
  await t.call('fail', { how: 'missing' });
  const first = t.call('work', { ms: 100 });
  const cancel = new AbortController();
  const waiting = t.client.callTool({ name: 'work', arguments: { ms: 1 } }, { signal: cancel.signal });
  const told = waiting.catch((error: unknown) => String(error));
  await expect.poll(() => t.endpoint.calls.size).toBe(2);
  cancel.abort();
  expect(await told).toMatch(/abort/i);
  await expect.poll(() => t.endpoint.calls.size).toBe(1);
  expect((await t.call('work', { ms: 1 })).isError).toBe(false);
  expect((await first).isError).toBe(false);
});
