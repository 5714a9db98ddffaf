import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { inProcess } from '../fixtures/client.ts';
import { desk } from '../fixtures/desk.ts';
import { measure } from './measure.ts';
import { resultSize } from './result-size.ts';

const LIMIT = 1_000;

describe('a budget of 1,000 bytes', () => {
  test('lets through what fits', async () => {
    await using t = await inProcess(desk(resultSize({ bytes: LIMIT })));
    expect((await t.call('say', { text: 'x'.repeat(LIMIT) })).text).toBe('x'.repeat(LIMIT));
    expect((await t.call('list', { count: 50 })).isError).toBe(false);
  });

  test('cuts plain text at a whole character, with a notice, to exactly the budget', async () => {
    await using t = await inProcess(desk(resultSize({ bytes: LIMIT })));
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }).filter((text) => !/^[\s[{"]/.test(text)),
        async (unit) => {
          const text = unit.repeat(1_100);
          const result = await t.client.callTool({ name: 'say', arguments: { text } });
          const [kept, notice] = result.content.map((block) => (block.type === 'text' ? block.text : ''));
          expect(text.toWellFormed().startsWith(kept ?? 'nothing')).toBe(true);
          expect(notice).toBe(
            `[Shortened: the result has ${Buffer.byteLength(text)} bytes, of which 1000 are allowed. Ask for less at a time.]`,
          );
          expect(measure(result)).toBeLessThanOrEqual(LIMIT);
          expect(measure(result)).toBeGreaterThan(LIMIT - 4);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('counts text and structured content, and never sends a part of it', async () => {
    await using t = await inProcess(desk(resultSize({ bytes: LIMIT })));
    // 703 bytes of JSON, which are sent twice
    const { text, isError, structured } = await t.call('list', { count: 200 });
    expect([isError, structured]).toEqual([true, undefined]);
    expect(text).toMatch(/^RESULT_TOO_LARGE: The result of list has 1406 bytes; 1000 are allowed\. Ask for less/);
  });

  test('never cuts text that is JSON', async () => {
    await using t = await inProcess(desk(resultSize({ bytes: LIMIT })));
    const text = JSON.stringify(Array.from({ length: 1_000 }, (_, index) => index));
    expect((await t.call('say', { text })).text).toMatch(/^RESULT_TOO_LARGE/);
    expect((await t.call('say', { text: `${text}, and so on` })).text).toContain('[Shortened');
  });

  test('refuses resources and prompts that are too large, which have no place for a notice', async () => {
    await using t = await inProcess(desk(resultSize({ bytes: LIMIT })));
    await expect(t.client.readResource({ uri: 'note://1' })).rejects.toMatchObject({
      data: { code: 'RESULT_TOO_LARGE', details: { bytes: 1_400, limit: LIMIT } },
    });
    const name = 'A'.repeat(LIMIT);
    await expect(t.client.getPrompt({ name: 'greet', arguments: { name } })).rejects.toThrow(/RESULT_TOO_LARGE/);
  });

  test('says of a call that may have changed something that it was carried out', async () => {
    const server = desk(resultSize({ bytes: LIMIT, truncate: false })).use({
      'tools/call': () => Promise.resolve({ content: [{ type: 'text', text: 'x'.repeat(2_000) }] }),
    });
    await using t = await inProcess(server);
    expect((await t.call('work', { ms: 1 })).text).toContain('The call itself was carried out: do not repeat it');
    expect((await t.call('say', { text: '' })).text).not.toContain('carried out');
  });
});

test('text beside structured content is cut, when that fits and the text is not its JSON', async () => {
  const input = z.object({ words: z.number() });
  const output = z.object({ count: z.number() });
  const options = { description: 'x', input, output, text: () => 'word '.repeat(1_000) };
  const server = desk(resultSize({ bytes: LIMIT })).tool('words', options, ({ words }) => ({ count: words }));
  await using t = await inProcess(server);
  const result = await t.client.callTool({ name: 'words', arguments: { words: 1_000 } });
  expect([result.isError, result.structuredContent]).toEqual([undefined, { count: 1_000 }]);
  expect(result.content).toMatchObject(
    [{ text: /^word word/ }, { text: /^\[Shortened/ }].map(({ text }) => ({ text: expect.stringMatching(text) })),
  );
  expect(measure(result)).toBe(LIMIT);
});

test('an image that does not fit is left out whole', async () => {
  const image = { type: 'image', mimeType: 'image/png', data: 'A'.repeat(2_000) } as const;
  const server = desk(resultSize({ bytes: LIMIT })).use({
    'tools/call': () => Promise.resolve({ content: [{ type: 'text', text: 'A chart:' }, image] }),
  });
  await using t = await inProcess(server);
  expect((await t.call('say', { text: '' })).text).toMatch(/^A chart:\[Shortened/);
});

test('a budget that could not even hold an error is refused', () => {
  expect(() => resultSize({ bytes: 10 })).toThrow(RangeError);
});
