import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Adapter } from './adapters/adapter.ts';
import { cli, mortise } from './adapters/mortise.ts';
import { Session } from './session.ts';

const image = `mortise-test-filesystem:${process.pid}`;
const root = mkdtempSync(join(tmpdir(), 'contained-'));
const hasEngine = process.platform === 'linux' && spawnSync('docker', ['version']).status === 0;

/** The bundle in a container that may do nothing: no network, nothing to write to, no capability, no user of ours. */
function contained(): Adapter {
  const mounts = [`${dirname(cli)}:/app/dist:ro`, `${root}:/data:ro`].flatMap((mount) => ['--volume', mount]);
  const limits = ['--network', 'none', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];
  const user = ['--user', '65534:65534'];
  return {
    ...mortise(),
    command: (roots) => ({
      command: 'docker',
      args: [
        'run',
        '--rm',
        '--interactive',
        ...limits,
        ...user,
        ...mounts,
        image,
        '/node',
        '/app/dist/cli.js',
        ...roots,
      ],
    }),
  };
}

// In CI an engine is there, or the run has to fail.
describe.runIf(hasEngine || process.env['CI'] === 'true')('in a container that may do nothing', () => {
  beforeAll(() => {
    mkdirSync(join(root, 'docs'));
    writeFileSync(join(root, 'docs/plan.md'), '# Plan\n');
    writeFileSync(join(root, '.env'), 'SECRET');
    execFileSync('mkfifo', [join(root, 'fifo')]);
    execFileSync('chmod', ['-R', 'a+rX', root]);
    importImage();
  });
  afterAll(() => {
    execFileSync('docker', ['rmi', '--force', image]);
    rmSync(root, { recursive: true });
  });

  test.each(['2025', '2026'] as const)('serves a client of %s', async (era) => {
    await using session = await Session.open(contained(), ['/data'], era);
    expect((await session.do({ kind: 'read', path: 'docs/plan.md' })).text).toContain('# Plan');
    expect((await session.do({ kind: 'search', path: '.', pattern: '*.md' })).text).toContain('docs/plan.md');
    expect((await session.do({ kind: 'grep', path: '.', pattern: 'Pl.n' })).text).toContain('1: # Plan');
    expect((await session.do({ kind: 'read', path: 'fifo' })).text).toContain('NOT_REGULAR');
    expect((await session.do({ kind: 'read', path: '.env' })).text).toContain('PROTECTED');
    expect((await session.do({ kind: 'read', path: '/app/dist/cli.js' })).text).toContain('OUTSIDE');
  });
});

/** An image of this machine's Node.js and the libraries that it is linked to; none has to be fetched. */
function importImage(): void {
  const libraries = String(execFileSync('ldd', [process.execPath])).match(/\/\S+/g) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'image-'));
  try {
    for (const file of libraries) copy(file, join(folder, file));
    copy(process.execPath, join(folder, 'node'));
    execFileSync('bash', ['-c', 'tar --create --directory "$0" . | docker import - "$1"', folder, image]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  execFileSync('cp', ['--dereference', from, to]);
}
