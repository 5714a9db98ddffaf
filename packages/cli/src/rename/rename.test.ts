import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { run } from '../run.ts';

let workspace: string;

const files: Readonly<Record<string, string>> = {
  'pnpm-workspace.yaml': 'packages: [packages/*]\n',
  'servers/template/package.json': '{ "name": "@mortise/template", "mcpName": "io.github.mortise/template" }\n',
  'packages/toolkit/package.json':
    '{ "name": "@mortise/toolkit", "repository": { "url": "git+https://github.com/mortise/mortise.git" } }\n',
  'packages/cli/package.json': '{ "name": "mortise", "bin": "bin/mortise.js" }\n',
  'packages/cli/bin/mortise.js': "import '@mortise/toolkit';\n",
  'README.md': '# Mortise\n\nMORTISE_KEY= mortise run\nhttps://github.com/mortise/mortise/issues\n',
  'test.ts': "expect('/@mortise\\/toolkit/'); const mortiseError = 'mortise_task';\n",
  'picture.png': 'mortise\0',
  LICENSE: 'the Mortise contributors\n',
};

// A whole clone is renamed, installed and tested in test/template.
beforeEach(() => {
  workspace = mkdtempSync(path.join(tmpdir(), 'mortise-rename-'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.join(workspace, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(workspace, file), text);
  }
  git('init', '--quiet');
  commit();
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

function git(...parameters: string[]): string {
  return execFileSync('git', parameters, { cwd: workspace, encoding: 'utf8' });
}

function commit(): void {
  git('add', '--all');
  git('-c', 'user.name=Test', '-c', 'user.email=test@localhost', 'commit', '--quiet', '--message', 'All');
}

async function mortise(...parameters: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await run(['rename', ...parameters], {
    out: (text) => (out += text),
    err: (text) => (err += text),
    directory: path.join(workspace, 'packages'),
    environment: {},
    input: () => Promise.resolve(''),
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

const read = (file: string): string => readFileSync(path.join(workspace, file), 'utf8');

it('tells the scope, the name and the repository apart, in every case', async () => {
  expect(await mortise('@acme-tools/joinery', '--repository', 'Acme/servers.js')).toMatchObject({ code: 0, err: '' });
  expect(read('servers/template/package.json')).toBe(
    '{ "name": "@acme-tools/template", "mcpName": "io.github.Acme/template" }\n',
  );
  expect(read('packages/toolkit/package.json')).toContain('"git+https://github.com/Acme/servers.js.git"');
  expect(read('packages/cli/package.json')).toBe('{ "name": "joinery", "bin": "bin/joinery.js" }\n');
  expect(read('packages/cli/bin/joinery.js')).toMatch(/^import '@acme-tools\/toolkit';$/mu);
  expect(existsSync(path.join(workspace, 'packages/cli/bin/mortise.js'))).toBe(false);
  expect(read('README.md')).toBe('# Joinery\n\nJOINERY_KEY= joinery run\nhttps://github.com/Acme/servers.js/issues\n');
  expect(read('test.ts')).toBe("expect('/@acme-tools\\/toolkit/'); const joineryError = 'joinery_task';\n");
  for (const file of ['picture.png', 'LICENSE']) expect(read(file)).toBe(files[file]);
});

it('is taken back by the old names, also from new ones that contain them', async () => {
  expect(await mortise('@mortise-two/mortisetwo')).toMatchObject({ code: 0 });
  expect(read('README.md')).toContain('https://github.com/mortise-two/mortisetwo/issues');
  commit();
  expect(await mortise('@mortise/mortise')).toMatchObject({ code: 0 });
  git('add', '--all');
  expect(git('diff', '--cached', '--stat', 'HEAD~1')).toBe('');
});

it('shows what would change, in words and as JSON', async () => {
  const { out } = await mortise('@acme/joinery', '--dry-run');
  expect(out).toMatch(
    /^lines {2}file\n {4}3 {2}README\.md\n {4}1 {2}packages\/cli\/bin\/mortise\.js → packages\/cli\/bin\/joinery\.js\n/u,
  );
  const { out: json } = await mortise('@acme/joinery', '--dry-run', '--json');
  expect(JSON.parse(json)).toMatchObject({
    from: { scope: 'mortise', name: 'mortise', repository: 'mortise/mortise' },
    to: { scope: 'acme', name: 'joinery', repository: 'acme/joinery' },
    written: false,
    changes: expect.arrayContaining([{ file: 'README.md', lines: 3 }]),
  });
  expect(git('status', '--porcelain')).toBe('');
});

it('touches nothing that git could not take back', async () => {
  writeFileSync(path.join(workspace, 'new.txt'), '');
  expect(await mortise('@acme/joinery')).toEqual({
    code: 1,
    out: '',
    err: 'mortise rename: there are changes that are not committed: commit or stash them first',
  });
  rmSync(path.join(workspace, '.git'), { recursive: true });
  expect(await mortise('@acme/joinery')).toMatchObject({
    code: 1,
    err: expect.stringContaining('git does not keep track of this folder'),
  });
  rmSync(path.join(workspace, 'pnpm-workspace.yaml'));
  expect(await mortise('@acme/joinery')).toMatchObject({
    code: 1,
    err: expect.stringContaining('this is no clone of the workspace'),
  });
});

it.each([
  ['no name', [], 'it takes one scope and name: @acme/joinery'],
  ['a name without a scope', ['joinery'], 'the scope is made of a-z'],
  ['a name of two words', ['@acme/the-joinery'], 'the scope is made of a-z'],
  ['a repository that is none', ['@acme/joinery', '--repository', 'acme'], '--repository takes owner/name, not acme'],
])('refuses %s', async (_, parameters, message) => {
  expect(await mortise(...parameters)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
});
