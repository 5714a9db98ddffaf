import { afterAll, expect, test } from 'vitest';
import * as z from 'zod';

import { blocksOf } from '../readme/blocks.ts';
import { Page } from './page.ts';

const page = Page.of('docs/skills.md');
afterAll(() => page[Symbol.dispose]());

test('its code compiles', () => {
  expect(page.compile()).toBe('');
  expect(page.blocks).toHaveLength(1);
});

test('the skill of the page is offered by the server of the page', async () => {
  const manifest = blocksOf('docs/skills.md').find(({ language }) => language === 'md')?.text ?? '';
  page.write('skills/close-a-ticket/SKILL.md', manifest);
  page.write('skills/close-a-ticket/references/wording.md', 'Be kind.');
  await using t = await page.run('skillFolder');
  const listed = await t.client.request({ method: 'skills/list', params: {} } as never, z.looseObject({}));
  const uri = 'skill://close-a-ticket/SKILL.md';
  expect(listed).toMatchObject({ skills: [{ uri, frontmatter: { name: 'close-a-ticket' } }] });
  const { contents } = await t.client.readResource({ uri });
  expect(contents).toMatchObject([{ mimeType: 'text/markdown', text: manifest }]);
});
