import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { createProject, type TestProject } from '../test/project.ts';
import { surfaceFile, watchProject, type InferResult } from './index.ts';

const shop = `import { tool } from '@mortise/toolkit';
import type { Price } from './price.ts';
export class Shop {
  /**
   * Find items.
   * @param price - At most
   */
  @tool()
  find_items(price: Price): void {}
}
`;

// each run starts a compiler, on a machine that may be busy
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
const soon = 15_000;

let project: TestProject;
let watching: Disposable;
let results: InferResult[];

beforeEach(() => {
  project = createProject({ 'src/shop.ts': shop, 'src/price.ts': 'export type Price = number;\n' });
  results = [];
  watching = watchProject({ directory: project.directory }, (result) => results.push(result));
});

afterEach(() => {
  watching[Symbol.dispose]();
  project[Symbol.dispose]();
});

const file = (name: string): string => path.join(project.directory, name);
const surface = (): string => readFileSync(file(surfaceFile), 'utf8');

it('infers at once, and again when another file changes that contributed', async () => {
  expect(results.map(({ outcome }) => outcome)).toEqual(['written']);
  project.write('src/price.ts', `export type Price = 'cheap' | 'dear';\n`);
  await vi.waitFor(() => expect(surface()).toContain('["cheap", "dear"]'), soon);
});

it('sees what changes in a class, and changes again', async () => {
  project.write('src/shop.ts', shop.replace('find_items', 'find_more'));
  await vi.waitFor(() => expect(surface()).toContain('"find_more"'), soon);
  project.write('src/shop.ts', shop.replace('find_items', 'find_all').replace('At most', 'At least'));
  await vi.waitFor(() => expect(surface()).toContain('"find_all"'), soon);
  expect(surface()).toContain('At least');
});

it('sees a file that an editor put in the place of another', async () => {
  writeFileSync(file('price.tmp'), 'export type Price = boolean;\n');
  renameSync(file('price.tmp'), file('src/price.ts'));
  await vi.waitFor(() => expect(surface()).toContain('"type": "boolean"'), soon);
});

it('reports what is wrong, keeps the file, and goes on', async () => {
  const before = surface();
  project.write('src/price.ts', 'export type Price = bigint;\n');
  await vi.waitFor(() => expect(results.at(-1)?.outcome).toBe('refused'), soon);
  expect(surface()).toBe(before);
  rmSync(file('src/price.ts'));
  await vi.waitFor(() => expect(results.at(-1)?.diagnostics).toMatchObject([{ code: 'MRT1030' }]), soon);
  project.write('src/price.ts', 'export type Price = string;\n');
  await vi.waitFor(() => expect(surface()).toContain('"type": "string"'), soon);
});

it('sees a new class', async () => {
  project.write('src/store.ts', shop.replace('Shop', 'Store').replace('find_items', 'find_more'));
  await vi.waitFor(() => expect(surface()).toContain('surfaceOf(Store,'), soon);
});

it('starts over when the tsconfig.json changes', async () => {
  const configuration = readFileSync(file('tsconfig.json'), 'utf8');
  project.write('tsconfig.json', configuration.replace('"strict":true', '"strict":false'));
  await vi.waitFor(() => expect(results.at(-1)?.diagnostics).toMatchObject([{ code: 'MRT1002' }]), soon);
});
