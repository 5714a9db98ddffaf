import { globSync, readFileSync } from 'node:fs';
import { codes } from '@mortise/infer';
import { expect, it } from 'vitest';

it('explains every code with which a server refuses to start, and no other', () => {
  const files = globSync('packages/*/src/**/*.ts').filter((file) => !/\.test\.ts$|packages[/\\]infer/.test(file));
  const thrown = files.flatMap((file) => readFileSync(file, 'utf8').match(/(?<=[`'"])MRT\d+(?=: )/g) ?? []);
  const explained = Object.keys(codes).filter((code) => code > 'MRT2');
  expect([...new Set(thrown)].toSorted()).toEqual(explained);
});
