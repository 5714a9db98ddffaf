import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';

import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');

it('names what it exports one by one', async () => {
  const starred: string[] = [];
  for await (const file of glob('{packages,servers}/*/src/**/*.ts', { cwd: root })) {
    if (/^export \*/m.test(await readFile(path.join(root, file), 'utf8'))) starred.push(file);
  }
  expect(starred).toEqual([]);
});

it('has one zod: the types of two are strangers to each other', async () => {
  const lock = await readFile(path.join(root, 'pnpm-lock.yaml'), 'utf8');
  expect(lock.match(/^ {2}zod@.*:$/gm)?.filter((line, at, all) => all.indexOf(line) === at)).toHaveLength(1);
});
