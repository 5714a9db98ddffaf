import { testClient, type Answer } from '@mortise/testing';
import type { Server } from '@mortise/toolkit';
import { afterAll, expect, test } from 'vitest';

import { Page } from './page.ts';

const page = Page.of('docs/elicitation.md');
afterAll(() => page[Symbol.dispose]());

test('its class is inferred, and all of its code compiles', () => {
  expect(page.infer()).toEqual([]);
  expect(page.compile()).toBe('');
  expect(page.blocks).toHaveLength(2);
});

test.each(['2025', '2026'] as const)('a client of %s is asked, and a step before a question runs once', async (era) => {
  const { default: server, done } = await page.load<{ default: Server; done: string[] }>("name: 'travel'");
  done.splice(0);
  const answers: Answer[] = [
    { action: 'accept', content: { seat: 'window' } },
    { action: 'decline' },
    { action: 'accept', content: {} },
    { action: 'cancel' },
  ];
  const questions: string[] = [];
  await using t = await testClient(server, {
    era,
    elicit(message) {
      questions.push(message);
      return answers.shift() ?? { action: 'cancel' };
    },
  });
  expect((await t.call('book_seat', { flight: 'MO 42' })).structured).toEqual({ hold: 'HOLD-1', seat: 'window' });
  expect((await t.call('book_seat', { flight: 'MO 43' })).code).toBe('NO_SEAT');
  expect((await t.call('cancel_booking', { booking_id: 'BK-7' })).structured).toEqual({ cancelled: 'BK-7' });
  expect((await t.call('cancel_booking', { booking_id: 'BK-8' })).code).toBe('DECLINED');
  expect(questions).toEqual([
    'Which seat on MO 42?',
    'Which seat on MO 43?',
    'Cancel BK-7? The money is not given back.',
    'Cancel BK-8? The money is not given back.',
  ]);
  expect(done).toEqual(['hold MO 42', 'book HOLD-1 window', 'hold MO 43', 'cancel BK-7']);
});

test('a client that cannot ask is told so', async () => {
  const { default: server } = await page.load<{ default: Server }>("name: 'travel'");
  await using old = await testClient(server, { era: '2025' });
  expect((await old.call('book_seat', { flight: 'MO 42' })).code).toBe('ELICITATION_UNSUPPORTED');
  await using current = await testClient(server, { era: '2026' });
  await expect(current.call('book_seat', { flight: 'MO 42' })).rejects.toMatchObject({ code: -32_021 });
});
