import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A TypeScript project on disk, as a user has one; it sees the packages that this package sees. */
export interface TestProject extends Disposable {
  readonly directory: string;
  /** Writes a file; `name` is relative to the project. */
  write(name: string, text: string): void;
}

const options = {
  target: 'ES2024',
  lib: ['ES2024', 'ESNext.Decorators', 'ESNext.Disposable'],
  module: 'NodeNext',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  experimentalDecorators: true,
  skipLibCheck: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  customConditions: ['@mortise/source'],
};

/**
 * @param files - Text by path relative to the project
 * @param compilerOptions - What differs from the usual ones
 */
export function createProject(files: Readonly<Record<string, string>>, compilerOptions: object = {}): TestProject {
  const directory = mkdtempSync(path.join(tmpdir(), 'mortise-infer-'));
  const write = (name: string, text: string): void => {
    const file = path.join(directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  symlinkSync(
    fileURLToPath(new URL('../node_modules', import.meta.url)),
    path.join(directory, 'node_modules'),
    'junction',
  );
  write('package.json', JSON.stringify({ name: 'project', type: 'module' }));
  write('tsconfig.json', JSON.stringify({ compilerOptions: { ...options, ...compilerOptions }, include: ['src'] }));
  for (const [name, text] of Object.entries(files)) write(name, text);
  return { directory, write, [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }) };
}
