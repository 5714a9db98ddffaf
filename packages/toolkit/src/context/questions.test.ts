import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { inProcess, type Answer } from '../fixtures/client.ts';
import { createServer, type Server } from '../index.ts';
import { StateSealer } from './sealed-state.ts';

/** A tool that prices, asks twice and books; `prices` counts how often the price was looked up. */
function booking(): { server: Server; prices: () => number } {
  let prices = 0;
  const server = createServer({ name: 'booking', version: '1' }).tool(
    'book',
    { description: 'Book.', input: z.object({ who: z.string() }) },
    async ({ who }, context) => {
      const price = await context.step('price', () => {
        prices += 1;
        return { amount: 42, at: new Date(0) };
      });
      const title = await context.elicit(`Title for ${who}?`, z.object({ title: z.string().min(1) }));
      if (title.action !== 'accept') return `nothing booked (${title.action})`;
      const urgent = await context.elicit('Urgent?', z.object({ urgent: z.boolean() }));
      return JSON.stringify([title.data.title, urgent, price]);
    },
  );
  return { server, prices: () => prices };
}

const answers: Answer = (message) =>
  message.startsWith('Title')
    ? { action: 'accept', content: { title: 'Dr.' } }
    : { action: 'accept', content: { urgent: true } };

describe.each(['2025', '2026'] as const)('a client of %s', (era) => {
  test('answers two questions of one call; the step before them runs once', async () => {
    const { server, prices } = booking();
    await using t = await inProcess(server, era, answers);
    const { text } = await t.call('book', { who: 'Ann' });
    const price = { amount: 42, at: '1970-01-01T00:00:00.000Z' };
    expect(JSON.parse(text)).toEqual(['Dr.', { action: 'accept', data: { urgent: true } }, price]);
    expect(prices()).toBe(1);
  });

  test('may decline', async () => {
    await using t = await inProcess(booking().server, era, () => ({ action: 'decline' }));
    expect((await t.call('book', { who: 'Ann' })).text).toBe('nothing booked (decline)');
  });

  test('that never answers as asked comes to an end', async () => {
    await using t = await inProcess(booking().server, era, () => ({ action: 'accept', content: { title: '' } }));
    expect(await t.call('book', { who: 'Ann' })).toMatchObject({ isError: true });
  });
});

test('a client that cannot ask gets the error of its era, with the next step', async () => {
  const message = 'This call needs elicitation, which this client does not support. Tell the user';
  await using modern = await inProcess(booking().server, '2026');
  await expect(modern.call('book', { who: 'Ann' })).rejects.toMatchObject({
    code: -32_021,
    message: expect.stringContaining(message),
    data: { requiredCapabilities: { elicitation: {} } },
  });
  await using legacy = await inProcess(booking().server, '2025');
  expect(await legacy.call('book', { who: 'Ann' })).toMatchObject({
    isError: true,
    text: expect.stringContaining(`ELICITATION_UNSUPPORTED: ${message}`),
  });
});

describe('the sealed state', () => {
  const [key, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const sealer = new StateSealer([key]);
  const sealed = sealer.seal({ secret: 'price' }, 'ann book');

  test('opens for its own call only', () => {
    expect(sealer.open(sealed, 'ann book')).toEqual({ secret: 'price' });
    expect(sealer.open(sealed, 'bob book')).toBeUndefined();
    expect(new StateSealer([other]).open(sealed, 'ann book')).toBeUndefined();
    expect(new StateSealer([other, key]).open(sealed, 'ann book')).toEqual({ secret: 'price' });
  });

  test('does not show what is in it, and does not survive a changed character', () => {
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('price');
    for (let index = 0; index < sealed.length - 1; index += 7) {
      const changed = sealed.slice(0, index) + (sealed[index] === 'A' ? 'B' : 'A') + sealed.slice(index + 1);
      expect(sealer.open(changed, 'ann book')).toBeUndefined();
    }
    for (const text of ['', 'A', 'x'.repeat(10_000)]) expect(sealer.open(text, 'ann book')).toBeUndefined();
  });

  test('expires after ten minutes, and may not outgrow 8 KiB', () => {
    const later = new StateSealer([key], () => Date.now() + 601_000);
    expect(later.open(sealed, 'ann book')).toBeUndefined();
    expect(() => sealer.seal('x'.repeat(8192), 'ann book')).toThrow(/too large/);
  });

  test('takes its keys from the environment', () => {
    const environment = [other, key].map((each) => each.toString('base64url')).join(',');
    expect(StateSealer.fromEnvironment(environment).open(sealed, 'ann book')).toEqual({ secret: 'price' });
    expect(() => StateSealer.fromEnvironment('short')).toThrow(/MORTISE_STATE_KEY.*openssl rand/);
    const random = StateSealer.fromEnvironment(undefined);
    expect(random.open(random.seal(1, 'x'), 'x')).toBe(1);
  });
});
