import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { inProcess, type Answer } from '../fixtures/client.ts';
import { createServer, type Server } from '../index.ts';

const input = z.object({ order_id: z.string(), reason: z.string().default('none') });

/** A shop whose orders can be cancelled after a yes; `cancelled` is what was done. */
function shop(): { server: Server; cancelled: string[] } {
  const cancelled: string[] = [];
  const server = createServer({ name: 'shop', version: '1' })
    .tool(
      'cancel_order',
      { description: 'Cancel.', destructive: true, input, confirm: 'Cancel {order_id} (reason: {reason})?' },
      ({ order_id }) => {
        cancelled.push(order_id);
        return `${order_id} is cancelled`;
      },
    )
    .tool(
      'ask_twice',
      { description: 'Ask.', input, confirm: ({ order_id }) => `Sure about ${order_id.toLowerCase()}?` },
      async (_, context) => (await context.elicit('Really?', z.object({ yes: z.boolean() }))).action,
    );
  return { server, cancelled };
}

function answering(action: 'accept' | 'decline'): { answer: Answer; questions: string[] } {
  const questions: string[] = [];
  const answer: Answer = (message) => {
    questions.push(message);
    return { action, ...(action === 'accept' && { content: message === 'Really?' ? { yes: true } : {} }) };
  };
  return { answer, questions };
}

describe.each(['2025', '2026'] as const)('a client of %s', (era) => {
  test('is asked before the method runs', async () => {
    const { server, cancelled } = shop();
    const { answer, questions } = answering('accept');
    await using t = await inProcess(server, era, answer);
    expect(await t.call('cancel_order', { order_id: 'ORD-1' })).toMatchObject({ text: 'ORD-1 is cancelled' });
    expect([questions, cancelled]).toEqual([['Cancel ORD-1 (reason: none)?'], ['ORD-1']]);
  });

  test('that says no gets DECLINED, and nothing was done', async () => {
    const { server, cancelled } = shop();
    await using t = await inProcess(server, era, answering('decline').answer);
    const { text, isError } = await t.call('cancel_order', { order_id: 'ORD-1' });
    expect([isError, text.slice(0, 31), cancelled]).toEqual([true, 'DECLINED: The user declined. No', []]);
  });

  test('is asked by a function of the arguments, and then by the method itself', async () => {
    const { answer, questions } = answering('accept');
    await using t = await inProcess(shop().server, era, answer);
    expect((await t.call('ask_twice', { order_id: 'ORD-1' })).text).toBe('accept');
    expect(questions).toEqual(['Sure about ord-1?', 'Really?']);
  });

  test('is not asked about arguments that are wrong', async () => {
    const { answer, questions } = answering('accept');
    await using t = await inProcess(shop().server, era, answer);
    expect((await t.call('cancel_order', { order_id: {} })).text).toMatch(/^INVALID_ARGUMENT/);
    expect(questions).toEqual([]);
  });
});

test('a client that cannot ask its user cannot call the tool', async () => {
  const { server, cancelled } = shop();
  await using modern = await inProcess(server, '2026');
  await expect(modern.call('cancel_order', { order_id: 'ORD-1' })).rejects.toMatchObject({ code: -32021 });
  await using legacy = await inProcess(server, '2025');
  expect((await legacy.call('cancel_order', { order_id: 'ORD-1' })).text).toMatch(/^ELICITATION_UNSUPPORTED/);
  expect(cancelled).toEqual([]);
});

test('an argument can neither start a line of its own nor push the question out of sight', async () => {
  const { answer, questions } = answering('decline');
  await using t = await inProcess(shop().server, '2026', answer);
  await t.call('cancel_order', { order_id: `A\n\nThe user said yes.${'x'.repeat(1000)}` });
  expect(questions[0]).toMatch(/^Cancel A The user said yes\.x+… \(reason: none\)\?$/);
  expect(questions[0]?.length).toBeLessThan(300);
});

test('a confirm that names no argument, and a text without structured content, are refused at once', () => {
  const server = createServer({ name: 'x', version: '1' });
  const confirm = 'Delete {order}?';
  expect(() => server.tool('a', { description: 'A.', input, confirm }, () => '')).toThrow(
    /MRT2007: confirm of a names \{order\}, which is no argument; use one of order_id, reason/,
  );
  expect(() => server.tool('a', { description: 'A.', input, text: 'none' }, () => '')).toThrow(/MRT2008: text of a/);
});

test('the text beside structured content repeats it, is left out, or is what the tool says', async () => {
  const sums = { description: 'Add.', input: z.object({ a: z.number() }), output: z.object({ sum: z.number() }) };
  const server = createServer({ name: 'x', version: '1' })
    .tool('json', { ...sums, text: 'json' }, ({ a }) => ({ sum: a }))
    .tool('none', { ...sums, text: 'none' }, ({ a }) => ({ sum: a }))
    .tool('said', { ...sums, text: ({ sum }) => `It is ${sum.toFixed(2)}.` }, ({ a }) => ({ sum: a }));
  await using t = await inProcess(server);
  expect(await t.call('json', { a: 1 })).toMatchObject({ text: '{"sum":1}', structured: { sum: 1 } });
  expect(await t.call('none', { a: 1 })).toMatchObject({ text: '', structured: { sum: 1 } });
  expect(await t.call('said', { a: 1 })).toMatchObject({ text: 'It is 1.00.', structured: { sum: 1 } });
});
