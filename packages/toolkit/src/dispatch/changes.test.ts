import { expect, test, vi } from 'vitest';

import { inProcess } from '../fixtures/client.ts';
import { createServer, type ChangeChannel, type Server } from '../index.ts';
import { z } from 'zod';

function watched(channel?: ChangeChannel): Server {
  return createServer({
    name: 'watched',
    version: '1',
    async setup(_, { useChangeChannel }) {
      if (channel) await useChangeChannel(channel);
      return [];
    },
  })
    .resource('file://log', { name: 'log', description: 'A log.' }, () => 'text')
    .tool('touch', { description: 'Change it.', input: z.object({ uri: z.string() }) }, ({ uri }, context) => {
      context.notify.resourceUpdated(uri);
      context.notify.toolsChanged();
      return 'touched';
    });
}

test('a 2025 client hears of the resources it subscribed to, and of list changes', async () => {
  await using t = await inProcess(watched(), '2025');
  const heard: string[] = [];
  t.client.setNotificationHandler('notifications/resources/updated', ({ params }) => void heard.push(params.uri));
  t.client.setNotificationHandler('notifications/tools/list_changed', () => void heard.push('tools'));
  await t.call('touch', { uri: 'file://log' });
  await vi.waitUntil(() => heard.includes('tools'));
  expect(heard).toEqual(['tools']);
  await t.client.subscribeResource({ uri: 'file://log' });
  await t.call('touch', { uri: 'file://other' });
  await t.call('touch', { uri: 'file://log' });
  await vi.waitUntil(() => heard.length >= 4);
  expect(heard).toEqual(['tools', 'tools', 'file://log', 'tools']);
  await t.client.unsubscribeResource({ uri: 'file://log' });
  await t.call('touch', { uri: 'file://log' });
  await vi.waitUntil(() => heard.length >= 5);
  expect(heard.at(-1)).toBe('tools');
});

test('what one process announces, clients of another hear once', async () => {
  const listeners: ((message: string | undefined) => void)[] = [];
  const channel: ChangeChannel = {
    send: (message) => listeners.forEach((each) => each(message)),
    listen: (receive) => void listeners.push(receive),
  };
  await using one = await inProcess(watched(channel), '2025');
  await using two = await inProcess(watched(channel), '2025');
  const heard: string[] = [];
  for (const [name, { client }] of Object.entries({ one, two })) {
    client.setNotificationHandler('notifications/tools/list_changed', () => void heard.push(name));
  }
  await one.call('touch', { uri: 'file://log' });
  await vi.waitUntil(() => heard.length >= 2);
  await two.call('touch', { uri: 'file://log' });
  await vi.waitUntil(() => heard.length >= 4);
  expect(heard.toSorted()).toEqual(['one', 'one', 'two', 'two']);
  listeners[1]?.(undefined); // it may have missed something
  await vi.waitUntil(() => heard.length >= 5);
  expect(heard.at(-1)).toBe('two');
});
