import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { root } from '../readme/blocks.ts';
import { Page } from './page.ts';

const page = Page.of('docs/testing.md');
afterAll(() => page[Symbol.dispose]());

test('its class is inferred, and all of its code compiles', () => {
  expect(page.infer()).toEqual([]);
  expect(page.compile()).toBe('');
  expect(page.blocks).toHaveLength(4);
});

/** The page's own configuration, and that the packages of this workspace are read from their sources. */
const configuration = `
  import { mergeConfig } from 'vitest/config';
  import page from './vitest.config.ts';
  const resolve = { conditions: ['@mortise/source'] };
  export default mergeConfig(page, { resolve, ssr: { resolve } });`;

test('the tests of the page pass, and write the snapshot', { timeout: 60_000 }, () => {
  page.write('here.config.ts', configuration);
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--root', page.directory, '--config', 'here.config.ts'];
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const report = join(page.directory, 'report.json');
  spawnSync(process.execPath, [...args, '--reporter', 'json', '--outputFile', report], { cwd: page.directory, env });
  expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({
    success: true,
    numPassedTests: 4,
    numFailedTests: 0,
    snapshot: { filesAdded: 1 },
  });
});
