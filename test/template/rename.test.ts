import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { blocksOf, root } from '../readme/blocks.ts';

const [typed, next] = blocksOf('docs/cli.md')
  .filter(({ text }) => /mortise rename|pnpm format/u.test(text))
  .map(({ text }) => text.trim().split('\n'));
const parameters = typed![0]!.split(' ').slice(2);
const mortise = join(root, 'packages/cli/bin/mortise.js');

let directory: string;
let fork: string;

/** Runs a program in the fork. */
function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { cwd: fork, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

const commit = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost', 'commit', '--quiet', '--message', 'All'];

// A clone of what lies here now, whether it is committed or not.
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mortise-rename-'));
  fork = join(directory, 'fork');
  const origin = join(directory, 'origin.git');
  execFileSync('git', ['init', '--quiet', '--bare', origin]);
  for (const args of [['add', '--all'], commit])
    execFileSync('git', [`--git-dir=${origin}`, `--work-tree=${root}`, ...args], { cwd: root });
  execFileSync('git', ['clone', '--quiet', origin, fork]);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('a clone gets names of its own everywhere, and still works', () => {
  const dry = run(process.execPath, mortise, ...parameters, '--dry-run');
  expect(dry).toMatch(/^ +\d+ {2}packages\/cli\/bin\/mortise\.js → packages\/cli\/bin\/joinery\.js$/mu);
  expect(run('git', 'status', '--porcelain')).toBe('');

  const said = run(process.execPath, mortise, ...parameters);
  expect(said).toMatch(/^Changed \d{3} files\. Next:\n/u);
  expect(said.split('\n\n')[1]!.trim().split(/\n */u)).toEqual(next);
  run('git', 'add', '--all');
  run('git', ...commit);

  // What is left of the old names is the copyright notice.
  expect(run('git', 'grep', '--ignore-case', '--name-only', 'mortise')).toBe('LICENSE\n');
  expect(run('git', 'ls-files')).not.toMatch(/mortise/iu);
  const cli = manifest('packages/cli');
  expect(cli).toMatchObject({
    name: 'joinery',
    bin: { joinery: 'bin/joinery.js' },
    repository: { url: 'git+https://github.com/acme/servers.git' },
    dependencies: { '@acme-tools/infer': 'workspace:^' },
  });
  const names = globSync('{packages,servers}/*/package.json', { cwd: fork }).map((file) => manifest(join(file, '..')));
  expect(names.map(({ name }) => name)).toContain('@acme-tools/customer-db');
  for (const { mcpName } of names) if (mcpName !== undefined) expect(mcpName).toMatch(/^io\.github\.acme\//u);

  expect(run(process.execPath, mortise, ...parameters)).toBe('Everything is called @acme-tools and joinery already.\n');
  expect(run('git', 'status', '--porcelain')).toBe('');

  // The lock file fits, so every name in it resolves: to the packages of the fork.
  run('pnpm', 'install', '--frozen-lockfile', '--prefer-offline', '--filter=.', '--filter=@acme-tools/template...');
  run('pnpm', 'exec', 'oxfmt');
  run('pnpm', 'exec', 'tsc', '-b', 'packages/cli');
  const joinery = (...args: readonly string[]): string => run(process.execPath, 'packages/cli/bin/joinery.js', ...args);
  joinery('infer', 'servers/template');
  joinery('infer', '--check', 'servers/template');
  expect(readFileSync(join(fork, 'servers/template/src/surface.gen.ts'), 'utf8')).toContain("'@acme-tools/toolkit'");
  expect(run('pnpm', 'exec', 'vitest', 'run', '--project', 'unit', 'servers/template')).toMatch(/4 passed/u);
}, 240_000);

function manifest(folder: string): { name: string; mcpName?: string } {
  return JSON.parse(readFileSync(join(fork, folder, 'package.json'), 'utf8')) as { name: string; mcpName?: string };
}
