import { createRequire } from 'node:module';
import { version } from 'typescript';
import { expect, it } from 'vitest';

it('is the version of TypeScript that this run is about', () => {
  const name = process.env['TYPESCRIPT'] ?? 'typescript';
  expect(createRequire(import.meta.url)(`${name}/package.json`)).toMatchObject({ version });
});
