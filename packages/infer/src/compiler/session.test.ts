import { createRequire } from 'node:module';
import path from 'node:path';
import { version } from 'typescript';
import { expect, it } from 'vitest';

import { createProject } from '../../test/project.ts';
import { CompilerSession } from './session.ts';

it('is the version of TypeScript that this run is about', () => {
  const name = process.env['TYPESCRIPT'] ?? 'typescript';
  expect(createRequire(import.meta.url)(`${name}/package.json`)).toMatchObject({ version });
});

it('reads a text in the place of a file, and every other file as it is', () => {
  using project = createProject({
    'src/large.ts': 'export const large = 1;',
    'src/other.ts': 'export const other = 2;',
  });
  const [large, other] = ['src/large.ts', 'src/other.ts'].map((name) => path.join(project.directory, name));
  const standIn = { file: large!, text: 'export declare const large: number;' };
  using session = new CompilerSession(path.join(project.directory, 'tsconfig.json'), standIn);
  const program = session.program();
  expect(program.sourceFile(large!)?.text).toBe(standIn.text);
  expect(program.sourceFile(other!)?.text).toBe('export const other = 2;');
});

it('reads what has changed since it let go of a program', () => {
  using project = createProject({ 'src/one.ts': 'export const one = 1;' });
  const file = path.join(project.directory, 'src/one.ts');
  using session = new CompilerSession(path.join(project.directory, 'tsconfig.json'));
  expect(session.program().sourceFile(file)?.text).toBe('export const one = 1;');
  session.forget();
  project.write('src/one.ts', 'export const two = 2;');
  const changes = { changed: [file], created: [], deleted: [] };
  expect(session.program(changes).sourceFile(file)?.text).toBe('export const two = 2;');
});
