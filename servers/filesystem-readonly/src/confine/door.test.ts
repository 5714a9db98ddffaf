import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';

import { protection } from '../policy/secrets.ts';
import { Door } from './door.ts';
import { bytesOf, fileUri, nameOf, shown } from './names.ts';
import { Refusal } from './refusal.ts';
import { holdRoots } from './roots.ts';

const base = mkdtempSync(join(tmpdir(), 'door-'));
const root = join(base, 'root');
const second = join(base, 'second');
mkdirSync(join(root, 'a/b'), { recursive: true });
mkdirSync(join(root, 'private'));
mkdirSync(second);
mkdirSync(join(root, '.docker'));
for (const name of ['config.json', 'other.json']) writeFileSync(join(root, '.docker', name), 'x');
writeFileSync(join(root, 'a/b/file'), 'in');
writeFileSync(join(root, 'caf\u00e9 \u202f.txt'), 'accent');
writeFileSync(join(root, '.env'), 'secret');
writeFileSync(join(second, 'other'), 'second');
writeFileSync(join(base, 'outside'), 'out');
symlinkSync('b/file', join(root, 'a/link'));
symlinkSync(join(root, 'a'), join(root, 'absolute'));
symlinkSync('../../root/a', join(root, 'a/around'));
symlinkSync('../second/other', join(root, 'to-second'));
symlinkSync('../outside', join(root, 'out'));
symlinkSync('.env', join(root, 'innocent'));
afterAll(() => rmSync(base, { recursive: true }));

const roots = holdRoots([root, second]);
const rules = protection({ defaults: true, globs: ['private/**'] });
// the same rules must hold with descriptors and with paths
const doors: [string, Door][] = [
  [
    'paths',
    new Door(
      roots.map((each) => ({ ...each, descriptor: undefined })),
      rules,
    ),
  ],
  ...(process.platform === 'linux' ? [['descriptors', new Door(roots, rules)] as [string, Door]] : []),
];

function outcome(door: Door, path: string): string {
  try {
    using place = door.locate(path);
    return place.path.replace(base, '');
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

describe.each(doors)('with %s', (_, door) => {
  test('narrowed by a client, is a door to what lies in both', () => {
    using inner = door.narrowed([`file://${root}/a`]);
    expect(inner.roots.map(({ spelled }) => spelled)).toEqual([`${root}/a`]);
    expect(outcome(inner, 'b/file')).toBe('/root/a/b/file');
    expect(outcome(inner, 'link')).toBe('/root/a/b/file');
    expect(outcome(inner, `${root}/a/b/../link`)).toBe('/root/a/b/file');
    expect(outcome(inner, '../.env')).toBe('OUTSIDE');
    expect(outcome(inner, `${root}/.env.example`)).toBe('OUTSIDE');
    expect(outcome(inner, `${second}/other`)).toBe('OUTSIDE');
    using linked = door.narrowed([`file://${root}/absolute`]); // a link inside: what it leads to
    expect(linked.roots.map(({ spelled }) => spelled)).toEqual([`${root}/a`]);
    using above = door.narrowed([`file://${base}`]);
    expect(above.roots.map(({ spelled }) => spelled)).toEqual([root, second]);
    expect(outcome(above, `${base}/outside`)).toBe('OUTSIDE');
    expect(outcome(above, 'private/key')).toBe('PROTECTED');
    for (const uri of [`file://${base}/ou`, `file://${root}/out`, `file://${root}/.env`, `file://${root}/a/b/file`]) {
      using nothing = door.narrowed([uri, 'https://example.org', 'file:///etc', `file://${root}/a/../../..`]);
      expect(nothing.roots).toEqual([]);
      expect(outcome(nothing, '.')).toBe('OUTSIDE');
    }
  });

  test("narrowed to a folder, still protects by the path from the operator's folder on", () => {
    using docker = door.narrowed([`file://${root}/.docker`]);
    expect(outcome(docker, 'other.json')).toBe('/root/.docker/other.json');
    expect(outcome(docker, 'config.json')).toBe('PROTECTED');
  });

  test.each([
    ['a/b/file', '/root/a/b/file'],
    ['.', '/root'],
    ['a/../a/./b//file', '/root/a/b/file'],
    ['other', '/second/other'],
    ['a/link', '/root/a/b/file'],
    ['absolute/b/file', '/root/a/b/file'],
    ['a/around/b/file', '/root/a/b/file'],
    ['to-second', '/second/other'],
    ['../second/other', '/second/other'],
    ['cafe\u0301  .txt', '/root/caf\u00e9 \u202f.txt'],
    ['out', 'LINK_OUTSIDE'],
    ['../outside', 'OUTSIDE'],
    ['/etc/passwd', 'OUTSIDE'],
    ['absent', 'NOT_FOUND'],
    ['a/b/file/x', 'NOT_DIRECTORY'],
    ['.env', 'PROTECTED'],
    ['.ENV.local', 'PROTECTED'],
    ['innocent', 'PROTECTED'],
    ['private/absent', 'PROTECTED'],
    ['a\0b', 'INVALID_PATH'],
    ['file://elsewhere/x', 'INVALID_PATH'],
    ['file:///x?query', 'INVALID_PATH'],
  ])('%s is %s', (path, expected) => {
    expect(outcome(door, path)).toBe(expected);
  });

  test('absolute paths and URIs', () => {
    expect(outcome(door, join(root, 'a/b/file'))).toBe('/root/a/b/file');
    expect(outcome(door, fileUri(join(root, 'a/b/file')))).toBe('/root/a/b/file');
    expect(outcome(door, `${root}-evil/x`)).toBe('OUTSIDE');
  });

  test('a typing mistake is answered with what is there, never with what is protected', () => {
    expect(() => door.locate('a/b/fil')).toThrow(expect.objectContaining({ hint: 'Did you mean a/b/file?' }));
    expect(() => door.locate('.emv')).toThrow(expect.objectContaining({ hint: expect.not.stringContaining('.env') }));
  });

  test('no path leads outside', () => {
    const names = ['a', 'b', 'file', '..', '.', '', 'out', 'around', 'absolute', 'to-second', 'root', 'second', '.env'];
    const path = fc.array(fc.constantFrom(...names), { maxLength: 9 }).map((all) => all.join('/'));
    fc.assert(
      fc.property(path, fc.boolean(), (relative, absolute) => {
        const found = outcome(door, absolute ? `${root}/${relative}` : relative);
        expect(found).toMatch(/^\/(?:root|second)(?:\/|$)|^[A-Z_]+$/);
      }),
      { numRuns: 500 },
    );
  });
});

test.runIf(process.platform === 'linux')('a root is the folder it was, wherever it goes', () => {
  const moving = join(base, 'moving');
  mkdirSync(moving);
  writeFileSync(join(moving, 'file'), 'still');
  const door = new Door(holdRoots([moving]), rules);
  renameSync(moving, join(base, 'moved'));
  symlinkSync('/etc', moving);
  expect(outcome(door, 'file')).toBe('/moving/file');
  expect(outcome(door, 'passwd')).toBe('NOT_FOUND');
});

test('a name is the same after a way through text, whatever its bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
      expect(bytesOf(nameOf(Buffer.from(bytes)))).toEqual(Buffer.from(bytes));
    }),
  );
});

test('what is shown has no character that could deceive', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (name) => {
      expect(shown(name)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    }),
  );
});

test.each([
  ['.env.example', false],
  ['a/.env.production', true],
  ['.ssh', true],
  ['id_ed25519', true],
  ['id_ed25519.pub', false],
  ['certs/Server.PEM', true],
  ['notes.md', false],
  ['keyboard.ts', false],
  ['.docker/config.json', true],
  ['config.json', false],
  ['private/x', true],
])('%s is protected: %s', (path, expected) => {
  expect(rules.denies(path)).toBe(expected);
});

test('a client that starts the server without a shell may write ~', () => {
  expect(holdRoots(['~'])[0]?.spelled).toBe(homedir());
});
