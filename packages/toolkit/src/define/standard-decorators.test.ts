import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { transform } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { markOf } from './marks.ts';

// inside the package, so that the fixture resolves the toolkit as its users do
const parent = join(import.meta.dirname, '../../node_modules');
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(parent, 'standard-decorators-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** The module, with decorators lowered by the TC39 protocol. */
async function load(source: string): Promise<Record<string, unknown>> {
  const tsconfigRaw = { compilerOptions: { experimentalDecorators: false } };
  const { code } = await transform(source, { loader: 'ts', target: 'es2023', tsconfigRaw });
  const file = join(directory, `${Math.random()}.mjs`);
  await writeFile(file, code);
  return (await import(file)) as Record<string, unknown>;
}

const imports = `import { tool, resource } from ${JSON.stringify(join(import.meta.dirname, 'decorators.ts'))};`;

test('a method is marked under the TC39 protocol', async () => {
  const { Demo } = await load(`${imports}
    export class Demo {
      @tool({ readOnly: true }) run() {}
      @resource('a://{b}') read(b) {}
    }`);
  const { prototype } = Demo as { prototype: { run: unknown; read: unknown } };
  expect(markOf(prototype.run)).toEqual({ kind: 'tool', options: { readOnly: true } });
  expect(markOf(prototype.read)).toEqual({ kind: 'resource', options: {}, uri: 'a://{b}' });
});

test('@tool without parentheses is remembered for the start', async () => {
  const { Demo } = await load(`${imports} export class Demo { @tool run() {} }`);
  expect(markOf((Demo as { prototype: { run: unknown } }).prototype.run)).toEqual({ kind: 'bare', decorator: 'tool' });
});

test.each([
  ['static run() {}', 'run is static'],
  ['#run() {}', '#run is private'],
  ['run = () => {};', 'run is none'],
])('@tool() %s is refused', async (member, message) => {
  await expect(load(`${imports} export class Demo { @tool() ${member} }`)).rejects.toThrow(message);
});
