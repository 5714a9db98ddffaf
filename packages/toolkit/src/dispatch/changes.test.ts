import { expect, test, vi } from 'vitest';

import { inProcess } from '../fixtures/client.ts';
import { createServer, type Server } from '../index.ts';
import { z } from 'zod';

function watched(): Server {
  return createServer({ name: 'watched', version: '1' })
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
