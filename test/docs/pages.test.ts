import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { root } from '../readme/blocks.ts';

const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));

test('the README names every page', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  // index.md is the first page of the site that is made of them
  expect(pages.filter((name) => name !== 'index.md' && !readme.includes(`](docs/${name})`))).toEqual([]);
});

test.each(pages)('%s links to pages that there are', (name) => {
  const text = readFileSync(join(root, 'docs', name), 'utf8');
  const links = [...text.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, page]) => page ?? '');
  expect(links.filter((page) => !pages.includes(page))).toEqual([]);
});
