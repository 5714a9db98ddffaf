import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { expect, test } from 'vitest';
import { ReplayStore, type SessionEvents } from './replay-store.ts';

const message = (id: number): JSONRPCMessage => ({ jsonrpc: '2.0', id, result: {} });

async function replay(events: SessionEvents, after: string): Promise<JSONRPCMessage[]> {
  const messages: JSONRPCMessage[] = [];
  await events.replayEventsAfter(after, {
    send: (_id, event) => {
      messages.push(event);
      return Promise.resolve();
    },
  });
  return messages;
}

test('replays what came later on the same stream of the same session', async () => {
  const store = new ReplayStore({ events: 100, characters: 10_000 });
  const [session, other] = [store.session(), store.session()];
  const first = await session.storeEvent('a', message(1));
  await session.storeEvent('b', message(2));
  await other.storeEvent('a', message(3));
  await session.storeEvent('a', message(4));
  expect(await session.getStreamIdForEventId?.(first)).toBe('a');
  expect(await replay(session, first)).toEqual([message(4)]);
});

test('keeps a bounded number of events, the newest', async () => {
  const store = new ReplayStore({ events: 3, characters: 10_000 });
  const session = store.session();
  const first = await session.storeEvent('a', message(1));
  for (const id of [2, 3, 4, 5]) await session.storeEvent('a', message(id));
  expect(store.size).toBe(3);
  expect(await replay(session, first)).toEqual([3, 4, 5].map((id) => message(id)));
});

test('keeps a bounded size, whichever session is big', async () => {
  const store = new ReplayStore({ events: 100, characters: 1_000 });
  const [small, big] = [store.session(), store.session()];
  const first = await small.storeEvent('a', message(1));
  await small.storeEvent('a', message(2));
  await big.storeEvent('a', { jsonrpc: '2.0', id: 1, result: { text: 'x'.repeat(2_000) } });
  expect(store.size).toBe(0);
  expect(await replay(small, first)).toEqual([]);
});

test('forgets a session', async () => {
  const store = new ReplayStore({ events: 100, characters: 1_000 });
  const [session, other] = [store.session(), store.session()];
  await session.storeEvent('a', message(1));
  await other.storeEvent('a', message(1));
  session.clear();
  expect(store.size).toBe(1);
});

test('refuses an id that is none of its own', async () => {
  const session = new ReplayStore({ events: 100, characters: 1_000 }).session();
  for (const id of ['', 'a', '1', '.a', '1e3.a', `${'9'.repeat(30)}.a`]) {
    expect(await session.getStreamIdForEventId?.(id)).toBeUndefined();
    await expect(replay(session, id)).rejects.toThrow('Not an event');
  }
});
