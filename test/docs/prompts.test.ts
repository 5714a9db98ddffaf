import { afterAll, expect, test } from 'vitest';

import { Page } from './page.ts';

const page = Page.of('docs/prompts.md');
afterAll(() => page[Symbol.dispose]());

test('its class is inferred, and all of its code compiles', () => {
  expect(page.infer()).toEqual([]);
  expect(page.compile()).toBe('');
  expect(page.blocks).toHaveLength(3);
});

test('the prompts of the class are listed, filled in and completed', async () => {
  await using t = await page.run("from './desk.ts'");
  const { client } = t;
  expect((await client.listPrompts()).prompts).toMatchObject([
    {
      name: 'customer_service',
      title: 'Customer service',
      arguments: [
        { name: 'focus', description: 'What the agent is there for', required: false },
        { name: 'max_words', required: false },
      ],
    },
    { name: 'plan_visit', arguments: [{ required: true }, { required: true }] },
  ]);
  const filled = await client.getPrompt({ name: 'customer_service', arguments: { max_words: '20' } });
  expect(filled.messages).toMatchObject([
    { role: 'user', content: { text: 'You are a customer service agent for support. Answer in at most 20 words.' } },
  ]);
  const wrong = client.getPrompt({ name: 'customer_service', arguments: { max_words: 'few' } });
  await expect(wrong).rejects.toMatchObject({ code: -32602, message: expect.stringContaining('max_words') as string });
  const visit = await client.getPrompt({ name: 'plan_visit', arguments: { country: 'fr', city: 'Pau' } });
  expect(visit.messages.map(({ role }) => role)).toEqual(['user', 'assistant']);

  const complete = async (name: string, argument: string, value: string, known = {}): Promise<string[]> => {
    const context = { arguments: known };
    const ref = { type: 'ref/prompt', name } as const;
    return (await client.complete({ ref, argument: { name: argument, value }, context })).completion.values;
  };
  expect(await complete('customer_service', 'focus', 's')).toEqual(['sales', 'support']);
  expect(await complete('plan_visit', 'country', '')).toEqual(['fr', 'it']);
  expect(await complete('plan_visit', 'city', 'P', { country: 'fr' })).toEqual(['Paris', 'Pau']);
});

test('a prompt without a class is the same', async () => {
  await using t = await page.run("'review'");
  expect((await t.client.listPrompts()).prompts).toMatchObject([{ icons: [{ sizes: ['48x48'] }] }]);
  const { messages } = await t.client.getPrompt({ name: 'review', arguments: { branch: 'main' } });
  expect(messages).toMatchObject([{ content: { text: 'Review main. Be kind.' } }]);
});
