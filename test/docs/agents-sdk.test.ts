import { afterAll, expect, test } from 'vitest';

import { Page } from './page.ts';

// its programs, of which the page shows the shortest, are run by test/examples
const page = Page.of('docs/agents-sdk.md');
afterAll(() => page[Symbol.dispose]());

test('all of its code compiles', () => {
  expect(page.compile()).toBe('');
  expect(page.blocks).toHaveLength(2);
});
