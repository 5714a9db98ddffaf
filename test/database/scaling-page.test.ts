import { changeChannel } from '@mortise/database';
import { testDatabase } from '@mortise/testing/postgres';
import { expect, test, vi } from 'vitest';

import { Page } from '../docs/page.ts';

const { url, ...database } = await testDatabase();

// the embedded engine belongs to one process, so nothing can be shared through it
test.skipIf(url === undefined)('the code of docs/scaling.md tells other processes what has changed', async () => {
  await using _ = database;
  vi.stubEnv('DATABASE_URL', url);
  using page = Page.of('docs/scaling.md');
  expect(page.compile()).toBe('');
  await using other = changeChannel({ url: url ?? '', applicationName: 'other' });
  const heard: (string | undefined)[] = [];
  await other.listen((message) => void heard.push(message));
  await using server = await page.run('useChangeChannel');
  expect(await server.text('refresh')).toBe('Told.');
  await vi.waitFor(() => expect(heard).toEqual([expect.stringContaining('tools_list_changed')]));
});
