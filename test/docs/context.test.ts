import { testClient } from '@mortise/testing';
import type { Server } from '@mortise/toolkit';
import { afterAll, expect, test, vi } from 'vitest';

import { Page } from './page.ts';

const page = Page.of('docs/context.md');
afterAll(() => page[Symbol.dispose]());

test('its class is inferred, and all of its code compiles', () => {
  expect(page.infer()).toEqual([]);
  expect(page.compile()).toBe('');
  expect(page.blocks).toHaveLength(2);
});

test.each(['2025', '2026'] as const)('the context gives a client of %s what the page says', async (era) => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const { default: server } = await page.load<{ default: Server }>("name: 'reports'");
  await using t = await testClient(server, { era });
  const progress: unknown[] = [];
  const call = { name: 'build_report', arguments: { month: '2026-03' } };
  const { structuredContent } = await t.client.callTool(call, { onprogress: (each) => progress.push(each) });
  stderr.mockRestore();
  expect(structuredContent).toEqual({ month: '2026-03', rows: 21, made_for: 'local' });
  expect(progress).toMatchObject([
    { progress: 1, total: 2, message: 'part 1 of 2' },
    { progress: 2, total: 2, message: 'part 2 of 2' },
  ]);
});
