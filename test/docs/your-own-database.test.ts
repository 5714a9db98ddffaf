// That the mappings of the page compile; what they do is shown by test/database/your-own-database.test.ts.
import { cpSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { blocksOf, root } from '../readme/blocks.ts';
import { Page } from './page.ts';

const [one, many, ...others] = blocksOf('docs/your-own-database.md').filter(({ language }) => language === 'ts');
const page = new Page([]);
afterAll(() => page[Symbol.dispose]());

test('each mapping compiles in the place of the file, and one with a mistake does not', () => {
  cpSync(join(root, 'servers/customer-db/src'), join(page.directory, 'src'), { recursive: true });
  cpSync(join(root, 'servers/customer-db/package.json'), join(page.directory, 'package.json'));
  page.write('src/mapping.ts', one?.text ?? '');
  page.write('src/many-tenants.ts', many?.text ?? '');
  page.write('src/forgotten-column.ts', (one?.text ?? '').replace('email: sql`mail`,', ''));
  page.write('src/unknown-word.ts', (one?.text ?? '').replace("sent: 'shipped'", "sent: 'sent'"));
  const errors = page.compile().matchAll(/^\S*src\/(\S+)\(\d+,\d+\): error (.*)$/gm);
  expect([...errors].map(([, file, text]) => [file, text])).toEqual([
    ['forgotten-column.ts', expect.stringContaining("Property 'email' is missing")],
    ['unknown-word.ts', expect.stringContaining('not assignable')],
  ]);
  expect(others).toEqual([]);
});
