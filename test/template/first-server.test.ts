import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { pack } from '../packaging/pack.ts';
import { blocksOf } from '../readme/blocks.ts';

const blocks = blocksOf('docs/your-first-server.md');
const [making, calling, looking, checking, building] = blocks
  .filter(({ language }) => language === 'sh')
  .map(({ text }) => text.trim().split('\n'));
const method = blocks.find(({ language }) => language === 'ts')?.text ?? '';

let directory: string;
let project: string;
let tarballs: Map<string, string>;

/** Runs a line of the page where the page says. */
function sh(line: string, cwd: string = project): string {
  return execFileSync('sh', ['-c', line], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

// What npm would fetch, without npm: the packages of this repository as they would be published.
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mortise-first-server-'));
  project = join(directory, 'my-notes');
  tarballs = pack(directory);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('the page is followed from nothing to a built server', () => {
  const overrides = [...tarballs].map(([name, file]) => `  '${name}': 'file:${file}'`).join('\n');
  const settings = `overrides:\n${overrides}\nallowBuilds:\n  esbuild: true\n`;
  // The command itself, from its tarball.
  const home = join(directory, 'home');
  execFileSync('mkdir', [home]);
  writeFileSync(
    join(home, 'package.json'),
    JSON.stringify({ dependencies: { mortise: `file:${tarballs.get('mortise')}` } }),
  );
  writeFileSync(join(home, 'pnpm-workspace.yaml'), settings);
  const install = 'pnpm install --prefer-offline --config.strict-dep-builds=false';
  sh(install, home);
  const [make, enter, ...rest] = making!;
  expect([make, enter, ...rest]).toEqual(['npx mortise new my-notes', 'cd my-notes', 'npm install', 'npm test']);
  const made = sh(make!.replace('npx mortise', `${home}/node_modules/.bin/mortise`), directory);
  expect(made).toBe('Made my-notes. Next:\n\n  cd my-notes\n  npm install\n  npm test\n');

  writeFileSync(join(project, 'pnpm-workspace.yaml'), settings);
  sh(install);
  expect(sh('npm test')).toMatch(/4 passed/u);
  expect(sh(calling![0]!)).toContain('"text":"Call Bob"');

  const file = join(project, 'src/notes.ts');
  const source = readFileSync(file, 'utf8');
  const place = source.lastIndexOf('  /**', source.indexOf('@prompt('));
  writeFileSync(file, `${source.slice(0, place)}${method}\n${source.slice(place)}`);
  const [infer, inspect, call] = looking!;
  sh(infer!);
  expect(sh(inspect!)).toMatch(/^count_notes +\d+ +reads +Count the notes\.$/mu);
  expect(JSON.parse(sh(call!))).toEqual({ count: 0 });
  expect(sh(checking![0]!)).not.toContain('FAILED');
  sh(building![0]!);

  const built = sh(`npx mortise inspect "node dist/cli.js" --json`);
  expect(JSON.parse(built)).toMatchObject({
    server: { name: 'my-notes', version: '0.1.0' },
    tools: [{ name: 'add_note' }, { name: 'search_notes' }, { name: 'count_notes' }],
  });
}, 300_000);
