// What is in an image, and what it does where it may do nothing.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, describe, expect, inject, test } from 'vitest';

import { docker, run } from './engine.ts';

const { base, registry, tag } = inject('containers');
const root = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'mortise-images-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const hardened = ['--network', 'none', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];

/** The files below a folder, by their paths, and what is in them. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((file) => {
      const path = join(file.parentPath, file.name);
      return [relative(folder, path), createHash('sha256').update(readFileSync(path)).digest('hex')];
    }),
  );
}

/** What an image holds of ours: modes, owners, sizes, times and names as tar tells them, and contents. */
async function filesOf(image: string, folder: string): Promise<{ listing: string; contents: Record<string, string> }> {
  const container = await docker('create', image);
  const archive = `${folder}.tar`;
  try {
    await docker('export', '--output', archive, container);
  } finally {
    await docker('rm', container);
  }
  const tar = ['--numeric-owner', '--full-time', '--verbose', '--file', archive];
  const listing = await run('tar', ['--list', ...tar, 'app'], { env: { ...process.env, TZ: 'UTC' } });
  mkdirSync(folder);
  await run('tar', ['--extract', '--file', archive, '--directory', folder, 'app']);
  return { listing, contents: contents(folder) };
}

describe('an image', () => {
  test('says what it is, and runs as nobody in particular', async () => {
    const [{ Config }] = JSON.parse(await docker('inspect', `${registry}/orders:${tag}`)) as [{ Config: object }];
    expect(Config).toMatchObject({
      User: '65532:65532',
      Entrypoint: ['/usr/local/bin/node', '/app/dist/cli.js'],
      Cmd: ['--http'],
      StopSignal: 'SIGTERM',
      Healthcheck: { Test: ['CMD', '/usr/local/bin/node', '/app/dist/cli.js', 'health'] },
      Labels: { 'org.opencontainers.image.title': 'orders', 'org.opencontainers.image.licenses': 'MIT' },
    });
  });

  test('has no shell', async () => {
    const shell = docker('run', '--rm', '--entrypoint', 'sh', `${registry}/orders:${tag}`, '-c', 'true');
    await expect(shell).rejects.toThrow('executable file not found');
  });

  test('serves nobody over HTTP until somebody says who may call', async () => {
    const started = docker('run', '--rm', ...hardened, `${registry}/filesystem-readonly:${tag}`, '--http', '/app/demo');
    await expect(started).rejects.toThrow('--host 0.0.0.0 is reachable from other machines');
  });

  test('holds the same files whoever builds it, and when', async () => {
    const context = join(scratch, 'context');
    cpSync(join(root, 'images/filesystem-readonly'), join(context, 'images/filesystem-readonly'), { recursive: true });
    cpSync(join(root, '.dockerignore'), join(context, '.dockerignore'));
    await run('chmod', ['-R', 'u=rwX,go=', context]);
    utimesSync(join(context, 'images/filesystem-readonly/dist/cli.js'), 1, 1);
    const again = `${registry}/filesystem-readonly-again:${tag}`;
    const values = Object.entries({
      SERVER: 'filesystem-readonly',
      BUILD_IMAGE: base.build,
      RUNTIME_IMAGE: base.runtime,
    });
    const args = values.flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
    await docker(
      'build',
      '--quiet',
      '--no-cache',
      '--file',
      join(root, 'Dockerfile'),
      ...args,
      '--tag',
      again,
      context,
    );
    try {
      const first = await filesOf(`${registry}/filesystem-readonly:${tag}`, join(scratch, 'first'));
      expect(await filesOf(again, join(scratch, 'second'))).toEqual(first);
      expect(first.contents['app/dist/cli.js']).toBeDefined();
      const lines = first.listing.split('\n');
      expect(
        lines.filter((line) => !/^(?:-rw-r--r--|-rwxr-xr-x|drwxr-xr-x) 0\/0 .* 1970-01-01 00:00:00 /.test(line)),
      ).toEqual([]);
    } finally {
      await docker('rmi', again);
    }
  });

  test('holds what is bundled here now, to the byte', async () => {
    const folder = join(scratch, 'dist');
    await run(process.execPath, ['../../scripts/bundle.mjs', folder], { cwd: join(root, 'servers/orders') });
    const template = join(folder, 'template.tar.br');
    const build = ['--conditions=@mortise/source', 'src/build-template.ts', template];
    await run(process.execPath, build, { cwd: join(root, 'packages/commerce') });
    const image = await filesOf(`${registry}/orders:${tag}`, join(scratch, 'orders'));
    for (const [file, hash] of Object.entries(contents(folder))) {
      expect({ file, hash: image.contents[`app/dist/${file}`] }).toEqual({ file, hash });
    }
  }, 180_000);

  test('lists what it is made of', async () => {
    const container = await docker('create', `${registry}/orders:${tag}`);
    const copied = join(scratch, 'sbom.json');
    try {
      await docker('cp', `${container}:/app/dist/sbom.cdx.json`, copied);
    } finally {
      await docker('rm', container);
    }
    const sbom = JSON.parse(readFileSync(copied, 'utf8')) as {
      metadata: { component: object };
      components: { name: string; version: string; purl: string; licenses: { expression: string }[] }[];
    };
    expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
    expect(sbom.metadata.component).toMatchObject({ name: '@mortise/orders', type: 'application' });
    const byName = new Map(sbom.components.map((component) => [component.name, component]));
    for (const [name, workspace] of [
      ['pg', 'database'],
      ['kysely', 'database'],
      ['@electric-sql/pglite', 'database'],
      ['zod', 'toolkit'],
      ['@modelcontextprotocol/server', 'toolkit'],
    ] as const) {
      const file = join(root, 'packages', workspace, 'node_modules', name, 'package.json');
      const { version, license } = JSON.parse(readFileSync(file, 'utf8')) as { version: string; license: string };
      const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
      expect(byName.get(name)).toMatchObject({ type: 'library', version, purl, licenses: [{ expression: license }] });
    }
    expect([...byName.keys()].filter((name) => name.startsWith('@mortise/'))).toEqual([]);
  });
});

describe.each(['2025', '2026'] as const)('over stdio, a client of %s', (era) => {
  test.each([
    ['filesystem-readonly', ['--demo'], { name: 'search_files', arguments: { pattern: '*.md' } }, 'README.md'],
    ['orders', [], { name: 'search_orders', arguments: { limit: 1 } }, 'ORD-'],
  ])('calls %s, which may do nothing', async (server, options, call, answer) => {
    const image = `${registry}/${server}-stdio:${tag}`;
    const args = ['run', '--rm', '--interactive', ...hardened, '--memory', '1g', image, ...options];
    const mode = era === '2026' ? ({ pin: '2026-07-28' } as const) : 'legacy';
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
    await client.connect(new StdioClientTransport({ command: 'docker', args, stderr: 'ignore' }));
    expect(JSON.stringify(await client.callTool(call))).toContain(answer);
    await client.close();
  });
});
