import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { expect, it } from 'vitest';

import { publicPackages } from './pack.ts';
import { root } from '../readme/blocks.ts';

interface Raised {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
}

it('one release raises all packages and what the MCP registry is told', { timeout: 60_000 }, () => {
  const copy = mkdtempSync(join(tmpdir(), 'mortise-release-'));
  try {
    const files =
      '{.changeset/config.json,.oxfmtrc.json,.gitignore,pnpm-workspace.yaml,scripts/*.mjs,**/{package,server}.json}';
    for (const file of globSync(files, { cwd: root, exclude: ['**/node_modules/**', '**/dist/**'] })) {
      cpSync(join(root, file), join(copy, file));
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    writeFileSync(join(copy, '.changeset/change.md'), "---\n'@mortise/toolkit': major\n---\n\nA change.\n");
    const read = (file: string) => JSON.parse(readFileSync(join(copy, file), 'utf8')) as Raised;
    const git = (...args: readonly string[]) => execFileSync('git', ['-C', copy, ...args], { stdio: 'pipe' });
    git('init', '--quiet');
    git('add', '--all');
    git('-c', 'user.name=test', '-c', 'user.email=test@localhost', 'commit', '--quiet', '--message', 'Change');

    // Not by pnpm, which would first install into what is linked here.
    const { scripts } = read('package.json');
    const env = { ...process.env, PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH']}` };
    execFileSync('sh', ['-c', scripts['release-version'] ?? 'false'], { cwd: copy, env, stdio: 'pipe' });

    const { version } = read('packages/toolkit/package.json');
    expect(version).toMatch(/^[1-9]\d*\.0\.0$/);
    for (const { folder, isServer } of publicPackages) {
      const inCopy = folder.slice(root.length + 1);
      expect(read(join(inCopy, 'package.json')).version).toBe(version);
      if (isServer) expect(read(join(inCopy, 'server.json'))).toMatchObject({ version, packages: [{ version }] });
    }
    expect(readFileSync(join(copy, 'packages/toolkit/CHANGELOG.md'), 'utf8')).toContain('A change.');
    execFileSync('oxfmt', ['--check'], { cwd: copy, env, stdio: 'pipe' });
  } finally {
    rmSync(copy, { recursive: true });
  }
});
