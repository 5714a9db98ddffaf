import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Manifest, pack, publicPackages } from './pack.ts';

let directory: string;
let tarballs: Map<string, string>;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mortise-tarballs-'));
  tarballs = pack(directory);
});
afterAll(() => rmSync(directory, { recursive: true }));

const named = publicPackages.map((each) => ({ name: each.manifest.name, ...each }));

describe.each(named)('$name', ({ name }) => {
  it('is what npm and bundlers expect', async () => {
    const { buffer } = Uint8Array.from(readFileSync(tarball(name)));
    expect((await publint({ pack: { tarball: buffer }, strict: true })).messages).toEqual([]);
  });

  it('carries its license and says what it is', () => {
    expect(contents(name)).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
  });

  it('carries no tests, and no build records', () => {
    const files = contents(name).filter((file) => !file.startsWith('template/')); // a new server has tests
    expect(files.filter((file) => /\.test\.|\/fixtures\/|__snapshots__|\.tsbuildinfo$/.test(file))).toEqual([]);
  });

  it('depends on nothing that npm does not have', () => {
    const { dependencies = {}, version } = JSON.parse(read(name, 'package.json')) as Manifest;
    for (const [dependency, range] of Object.entries(dependencies)) {
      expect(range).toMatch(/^[~^]?\d/); // neither workspace: nor catalog:
      if (!/^(?:@mortise\/|mortise$)/.test(dependency)) continue;
      expect([...tarballs.keys()]).toContain(dependency);
      expect(range).toBe(`^${version}`);
    }
  });
});

describe.each(named.filter(({ isServer }) => isServer))('the server $name', ({ name, manifest }) => {
  const embedsPostgres = '@electric-sql/pglite' in (manifest.dependencies ?? {});

  it('is one bundled file, and what that looks for beside it', () => {
    const besides = ['worker.js', 'pglite-worker.js', 'template.tar.br'].map((file) => `dist/${file}`);
    const files = contents(name).filter((file) => file.startsWith('dist/') && !besides.includes(file));
    expect(files).toEqual(['dist/THIRD-PARTY-LICENSES', 'dist/cli.js', 'dist/sbom.cdx.json']);
  });

  it('carries the notices of what is in that file', () => {
    const notices = read(name, 'dist/THIRD-PARTY-LICENSES');
    for (const part of ['@modelcontextprotocol/server', 'zod', ...(embedsPostgres ? ['kysely', 'pg'] : [])]) {
      expect(notices).toMatch(new RegExp(`^${part} \\d`, 'm'));
    }
  });
});

describe.each(named.filter(({ isServer }) => !isServer))('the library $name', ({ name }) => {
  it('has types that every resolution of ES modules finds', async () => {
    const analysis = await checkPackage(createPackageFromTarballData(Uint8Array.from(readFileSync(tarball(name)))));
    // From CommonJS, and where "exports" is not read, types are not found: neither is supported.
    const supported = analysis.types === false ? ['no types'] : analysis.problems.filter((each) => !isCommonJs(each));
    expect(supported).toEqual([]);
  });
});

it('mortise carries the template of `mortise new`', () => {
  expect(contents('mortise')).toEqual(expect.arrayContaining(['template/src/server.ts', 'template/template.json']));
});

function tarball(name: string): string {
  return tarballs.get(name) ?? '';
}

/** The paths in a package, in their order. */
function contents(name: string): string[] {
  return tar('-tzf', tarball(name))
    .replaceAll(/^package\//gm, '')
    .trim()
    .split('\n')
    .toSorted();
}

function read(name: string, file: string): string {
  return tar('-xzOf', tarball(name), `package/${file}`);
}

function tar(...args: readonly string[]): string {
  return execFileSync('tar', args, { encoding: 'utf8' });
}

function isCommonJs(problem: object): boolean {
  return 'resolutionKind' in problem && ['node10', 'node16-cjs'].includes(String(problem.resolutionKind));
}
