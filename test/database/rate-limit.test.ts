import { testDatabase } from '@mortise/testing/postgres';
import { expect, test, vi } from 'vitest';

import { Page } from '../docs/page.ts';

const { url, ...database } = await testDatabase();

// the embedded engine belongs to one process, so nothing can be shared through it
test.skipIf(url === undefined)('servers share a limit through Postgres, by the code of the documentation', async () => {
  await using _ = database;
  vi.stubEnv('DATABASE_URL', url);
  using page = Page.of('docs/middleware.md');
  await using one = await page.run('RateLimiterPostgres');
  await using two = await page.run('RateLimiterPostgres');
  expect(await one.text('ping')).toBe('pong');
  expect(await two.text('ping')).toBe('pong');
  expect(await one.text('ping')).toMatch(/^RATE_LIMITED: There were too many calls\. Wait \d+ s/);
  expect(await two.text('ping')).toMatch(/^RATE_LIMITED/);
});
