import { afterAll, beforeAll, expect, test } from 'vitest';

import { startBridge, type Bridge } from './bridge.ts';
import bridgeExceptions from './bridge-exceptions.json' with { type: 'json' };
import expectedFailures from './expected-failures.json' with { type: 'json' };
import { buildFixture, type Fixture } from './serve.ts';
import { runSuite } from './suite.ts';

let fixture: Fixture;
let url: string;
let bridge: Bridge;

beforeAll(async () => {
  fixture = await buildFixture();
  url = await fixture.listen();
  bridge = await startBridge(fixture.file);
});
afterAll(async () => {
  await bridge[Symbol.asyncDispose]();
  await fixture[Symbol.asyncDispose]();
});

/** The number of checks that have to succeed is given, so that a suite that runs nothing does not pass. */
test.each([
  ['2025-11-25', ['--requirements', '2025-11-25'], 84],
  ['2026-07-28', ['--requirements', '2026-07-28'], 196],
  ['2025-06-18', ['--suite', 'all', '--spec-version', '2025-06-18'], 56],
] as const)('over HTTP the suite of %s finds nothing', async (_revision, leg, atLeast) => {
  const { successes, problems } = await runSuite(url, leg);
  expect(outside(problems, expectedFailures)).toEqual([]);
  expect(successes).toBeGreaterThanOrEqual(atLeast);
});

test.each([
  ['2025-11-25', 79],
  ['2026-07-28', 165],
] as const)('over stdio the suite of %s finds only what HTTP alone has', async (revision, atLeast) => {
  const { successes, problems } = await runSuite(bridge.url, ['--requirements', revision]);
  expect(outside(problems, [...Object.keys(bridgeExceptions), ...expectedFailures])).toEqual([]);
  expect(successes).toBeGreaterThanOrEqual(atLeast);
});

test.each([
  ['2025-11-25', 84],
  ['2026-07-28', 164],
] as const)('the suite of %s cannot tell a server that is mounted into another one', async (revision, atLeast) => {
  await using mounted = await buildFixture('mounted.ts');
  const { successes, problems } = await runSuite(await mounted.listen(), ['--requirements', revision]);
  expect(outside(problems, expectedFailures)).toEqual([]);
  expect(successes).toBeGreaterThanOrEqual(atLeast);
});

test('over HTTP and over stdio the suite of the skills extension finds nothing', async () => {
  for (const served of [url, bridge.url]) {
    let passed = 0;
    for (const about of ['enumeration', 'manifest', 'directory']) {
      const { successes, problems } = await runSuite(served, ['--scenario', `sep-2640-skills-${about}`]);
      expect(problems).toEqual([]);
      passed += successes;
    }
    expect(passed).toBe(45);
  }
});

/** The problems of scenarios that are not among the given ones. */
function outside(problems: readonly string[], scenarios: readonly string[]): string[] {
  return problems.filter((problem) => !scenarios.some((scenario) => problem.startsWith(`${scenario}:`)));
}
