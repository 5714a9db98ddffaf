import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, expect, test } from 'vitest';

const workspace = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'one-door-'));
copyFileSync(join(workspace, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Line and rule of all that lint has to say of these lines as a file of the server. */
function refused(file: string, lines: readonly string[]): string[] {
  const path = join(folder, 'servers/filesystem-readonly/src', file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${lines.join('\n')}\n`);
  const { stdout } = spawnSync(join(workspace, 'node_modules/.bin/oxlint'), ['--format', 'unix', path], {
    cwd: folder,
    encoding: 'utf8',
  });
  return [...stdout.matchAll(/:(\d+):\d+: .*(no-restricted-\w+)/g)]
    .map(([, line, rule]) => `${line} ${rule}`)
    .toSorted();
}

test('only src/confine can open a path: lint refuses every other way to the file system', () => {
  const found = refused('operations/probe.ts', [
    "import type { Stats } from 'node:fs';",
    "import { openSync } from 'node:fs';",
    "import fs from 'fs';",
    "export { readFileSync } from 'node:fs';",
    "import { spawn } from 'node:child_process';",
    "import { createRequire } from 'node:module';",
    "import process from 'node:process';",
    "export const late = (): Promise<unknown> => import('node:fs/promises');",
    "export const global: unknown = globalThis.process.getBuiltinModule('node:fs');",
    'export const used: unknown = [openSync, fs, spawn, createRequire, process, {} as Stats];',
  ]);
  expect(found).toEqual([
    ...[2, 3, 4, 5, 6, 7, 8].map((line) => `${line} no-restricted-imports`),
    '9 no-restricted-properties',
  ]);
});

test('src/confine can read and cannot write', () => {
  const found = refused('confine/probe.ts', [
    "import { openSync, readSync } from 'node:fs';",
    "import { writeFileSync } from 'node:fs';",
    "import * as fs from 'node:fs';",
    "import { open } from 'node:fs/promises';",
    'export const used: unknown = [openSync, readSync, writeFileSync, fs, open];',
  ]);
  expect(found).toEqual([2, 3, 4].map((line) => `${line} no-restricted-imports`));
});
