import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { ApiKeyFile } from './api-key-file.ts';

const line = (name: string): string =>
  `${name} sha256:${createHash('sha256').update(`key of ${name}`).digest('hex')} 2999-12-31 read\n`;

let directory: string;
let now = 0;
let told: ReturnType<typeof vi.spyOn>;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mortise-keys-'));
  told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(async () => {
  told.mockRestore();
  await rm(directory, { recursive: true });
});

/** Whose keys are taken. */
async function taken(keys: ApiKeyFile): Promise<string[]> {
  const names = ['ann', 'bob'];
  const found = await Promise.all(names.map((name) => keys.verify(`key of ${name}`)));
  return names.filter((_, index) => found[index]);
}

test('a changed file is taken over within a second, and not before it is looked at', async () => {
  const file = join(directory, 'keys');
  await writeFile(file, line('ann'));
  const keys = await ApiKeyFile.open(file, 'x', () => now);
  expect(await taken(keys)).toEqual(['ann']);
  await writeFile(file, line('bob') + line('carl'));
  now += 999;
  expect(await taken(keys)).toEqual(['ann']);
  now += 1;
  expect(await taken(keys)).toEqual(['bob']);
  expect(told.mock.calls).toEqual([[`The API keys of ${file} were read again.\n`]]);
});

test('a secret that changes by a symbolic link is taken over', async () => {
  await writeFile(join(directory, 'one'), line('ann'));
  await writeFile(join(directory, 'two'), line('bob'));
  const file = join(directory, 'keys');
  await symlink('one', file);
  const keys = await ApiKeyFile.open(file, 'x', () => now);
  await symlink('two', join(directory, 'next'));
  await rename(join(directory, 'next'), file);
  now += 1_000;
  expect(await taken(keys)).toEqual(['bob']);
});

test('a file with a mistake, or none, leaves the keys that were read before, and is told once', async () => {
  const file = join(directory, 'keys');
  await writeFile(file, line('ann'));
  const keys = await ApiKeyFile.open(file, 'x', () => now);
  await writeFile(file, `${line('bob')}carl sha256:short\n`);
  for (let times = 0; times < 2; times++) {
    now += 1_000;
    expect(await taken(keys)).toEqual(['ann']);
  }
  expect(told.mock.calls).toEqual([
    [expect.stringMatching(/^Line 2 of .* The API keys that were read before stay in force\.\n$/)],
  ]);
  await rm(file);
  for (let times = 0; times < 2; times++) {
    now += 1_000;
    expect(await taken(keys)).toEqual(['ann']);
  }
  expect(told.mock.calls).toHaveLength(2);
  await writeFile(file, line('bob'));
  now += 1_000;
  expect(await taken(keys)).toEqual(['bob']);
});
