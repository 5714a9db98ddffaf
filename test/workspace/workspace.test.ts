import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';

import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface Project {
  readonly references?: readonly { readonly path: string }[];
}

const folders = await Array.fromAsync(glob('{packages,servers}/*', { cwd: root }));
const manifests = new Map(
  await Promise.all(folders.map(async (folder) => [folder, await json<Manifest>(folder, 'package.json')] as const)),
);

it.each([...manifests])('%s lets the compiler see the packages it imports', async (folder, manifest) => {
  const { references = [] } = await json<Project>(folder, 'tsconfig.json');
  const referenced = references.map((reference) => path.join(folder, reference.path));
  const imported = new Set<string>();
  for await (const file of sources(folder)) {
    for (const [, name] of (await readFile(path.join(root, file), 'utf8')).matchAll(
      /^(?:import|export|\}).* from '(@mortise\/[^'/]+)/gm,
    )) {
      if (name !== manifest.name) imported.add(name ?? '');
    }
  }
  const needed = folders.filter((other) => imported.has(manifests.get(other)?.name ?? ''));
  expect(referenced).toEqual(expect.arrayContaining(needed));
});

it.each([...manifests])('%s names what it exports one by one', async (folder) => {
  const starred: string[] = [];
  for await (const file of sources(folder)) {
    if (/^export \*/m.test(await readFile(path.join(root, file), 'utf8'))) starred.push(file);
  }
  expect(starred).toEqual([]);
});

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const file of glob(`${folder}/src/**/*.ts`, { cwd: root })) {
    if (!file.endsWith('.test.ts')) yield file;
  }
}

async function json<T>(folder: string, file: string): Promise<T> {
  return JSON.parse(await readFile(path.join(root, folder, file), 'utf8')) as T;
}
