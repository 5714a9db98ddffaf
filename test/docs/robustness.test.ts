import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { root } from '../readme/blocks.ts';

const page = readFileSync(join(root, 'docs/robustness.md'), 'utf8');

test('every line names a test that there is', () => {
  const lines = page.split('\n').filter((line) => /^\| (?!what |-)/.test(line));
  const named = lines.map((line) => /`(\S+) › ([^`]+)` *\|$/.exec(line)?.slice(1) ?? [line, '']);
  const missing = named.filter(
    ([file = '', title = '']) => title === '' || !readFileSync(join(root, file), 'utf8').includes(title),
  );
  expect(missing).toEqual([]);
  expect(named.length).toBeGreaterThan(35);
});
