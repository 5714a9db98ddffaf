import { afterAll, beforeAll, expect, test } from 'vitest';

import expected from './expected-failures.json' with { type: 'json' };
import { buildFixture, type Fixture } from './serve.ts';
import { runSuite } from './suite.ts';

let fixture: Fixture;
let url: string;

beforeAll(async () => {
  fixture = await buildFixture();
  url = await fixture.listen();
});
afterAll(() => fixture[Symbol.asyncDispose]());

/** How many checks have to succeed, so that a suite that runs nothing does not pass. */
test.each([
  ['2025-11-25', ['--requirements', '2025-11-25'], 84],
  ['2026-07-28', ['--requirements', '2026-07-28'], 164],
  ['2025-06-18', ['--suite', 'all', '--spec-version', '2025-06-18'], 56],
] as const)('over HTTP the suite of %s finds nothing', async (_revision, leg, atLeast) => {
  const { successes, problems } = await runSuite(url, leg);
  const unexpected = problems.filter((problem) => !expected.some((scenario) => problem.startsWith(`${scenario}:`)));
  expect(unexpected).toEqual([]);
  expect(successes).toBeGreaterThanOrEqual(atLeast);
});
