import { symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { folder, patient, texts, type Folder } from '../fixtures/folder.ts';
import { directoryTree } from './directory-tree.ts';
import { grep, type GrepInput } from './grep.ts';
import { listDirectory } from './list-directory.ts';
import { searchFiles, type SearchFilesInput } from './search-files.ts';

const searching = {
  path: '.',
  pattern: '**',
  exclude: [],
  type: 'any',
  sort: 'path',
  ignoreCase: false,
  hidden: true,
  gitignore: false,
} as const;
const grepping = {
  path: '.',
  literal: false,
  context: 0,
  mode: 'lines',
  ignoreCase: false,
  multiline: false,
  hidden: true,
  gitignore: false,
} as const;

function search({ door }: Folder, input: Partial<SearchFilesInput>): string[] {
  return texts(searchFiles(door, { ...searching, ...input }, patient));
}

function found({ door }: Folder, input: Partial<GrepInput> & { pattern: string }): string[] {
  return (texts(grep(door, { ...grepping, ...input }, patient))[0] ?? '').split('\n').slice(1);
}

function cursorIn(notes: string | undefined): string | undefined {
  return /cursor=([\w-]+)/.exec(notes ?? '')?.[1];
}

test('what markdown files exist: one call', () => {
  using files = folder({ 'a.md': '', 'x/b.md': '', 'x/c.txt': '', '.env': '', 'x/.git/d.md': '' });
  expect(search(files, { pattern: '*.md' })).toEqual([
    `${files.path}: 3 matches\na.md\nx/.git/d.md\nx/b.md`,
    '[left out: 1 protected]',
  ]);
  expect(search(files, { pattern: '*.md', hidden: false, exclude: ['x/b*'] })[1]).toContain('1 excluded');
});

test('pages together are everything once, whatever is made in between', () => {
  const name = fc
    .stringMatching(/^[a-c!/.-]{1,6}$/)
    .filter((path) => !/^\/|\/$|\/\/|(?:^|\/)\.{1,2}(?:\/|$)/.test(path));
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 12 }), (names) => {
      const fits = names.filter((path) => !names.some((other) => other.startsWith(`${path}/`)));
      using files = folder(
        Object.fromEntries(fits.flatMap((path) => Array.from({ length: 45 }, (_, i) => [`${path}${i}`, '']))),
      );
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const [page = '', notes] = search(files, { type: 'file', ...(cursor !== undefined && { cursor }) });
        seen.push(...page.split('\n').slice(1));
        cursor = cursorIn(notes);
      } while (cursor !== undefined);
      expect(seen.toSorted()).toEqual(
        fits.flatMap((path) => Array.from({ length: 45 }, (_, i) => `${path}${i}`)).toSorted(),
      );
    }),
    { numRuns: 15 },
  );
});

test('newest first, in pages', () => {
  using files = folder(Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`f${index}`, ''])));
  for (let index = 0; index < 250; index += 1) utimesSync(join(files.path, `f${index}`), 1e9, 1e9 + index * 60);
  const [page = '', notes] = search(files, { sort: 'modified' });
  expect(page.split('\n')[1]).toMatch(/f249$/);
  const cursor = cursorIn(notes);
  const [last = ''] = search(files, { sort: 'modified', ...(cursor !== undefined && { cursor }) });
  expect(last.split('\n')).toHaveLength(51);
  expect(last.split('\n').at(-1)).toMatch(/f0$/);
});

test('a cursor of another question is refused', () => {
  using files = folder(Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`f${index}`, ''])));
  const cursor = cursorIn(search(files, {})[1]) ?? '';
  expect(() => search(files, { cursor, pattern: '*' })).toThrow(expect.objectContaining({ code: 'CURSOR' }));
  expect(() => search(files, { cursor: 'nonsense' })).toThrow(expect.objectContaining({ code: 'CURSOR' }));
});

test('.gitignore of the folder and of those above it', () => {
  using files = folder({
    '.gitignore': '*.log\n!keep.log\n',
    'a/b/x.log': '',
    'a/b/keep.log': '',
    'a/b/.gitignore': 'y\n',
    'a/b/y': '',
  });
  expect(search(files, { path: 'a/b', gitignore: true, hidden: false })[0]).toBe(
    `${files.path}/a/b: 1 match\nkeep.log`,
  );
});

test('grep shows lines with numbers and what is around them', () => {
  using files = folder({
    'a.txt': 'one\ntwo\nthree\nfour\nfive\nsix\nseven two\n',
    'b/bin': 'two\0',
    'b/c.txt': 'x\r\ntwo\r\n',
  });
  expect(found(files, { pattern: '^two$' })).toEqual(['a.txt', '2: two', 'b/c.txt', '2: two']);
  expect(found(files, { pattern: 'two', context: 1, glob: 'a*' })).toEqual([
    'a.txt',
    '1- one',
    '2: two',
    '3- three',
    '--',
    '6- six',
    '7: seven two',
  ]);
  expect(found(files, { pattern: 'TWO', ignoreCase: true, mode: 'count' })).toEqual(['a.txt: 2', 'b/c.txt: 1']);
  expect(found(files, { pattern: 'w', mode: 'files' })).toEqual(['a.txt', 'b/c.txt']);
  expect(found(files, { pattern: 'one\ntwo' })).toEqual([]);
  expect(found(files, { pattern: 'one\ntwo', multiline: true })).toEqual(['a.txt', '1: one', '2: two']);
  expect(found(files, { pattern: 'o.*e', literal: true })).toEqual([]);
  expect(found(files, { pattern: 'e\\s*t', path: 'a.txt' })).toEqual([]);
});

test('grep agrees with a regular expression on every line', () => {
  const text = fc.array(fc.stringMatching(/^[ab \t]{0,6}$/), { maxLength: 12 }).map((all) => all.join('\n'));
  const pattern = fc.constantFrom(
    'a',
    '^a',
    'b$',
    'a\\s*b',
    '^$',
    '[^a]',
    '\\bab?\\b',
    'a|^b',
    '\\s+$',
    '(?:ab)+',
    'ab',
    'ab*',
    'a+b',
    'ba?b',
    'a\\tb',
    'bb{0}a',
    'aa{1}',
    '\\x61b',
    'a[b]b',
    'AB',
  );
  fc.assert(
    fc.property(text, pattern, fc.boolean(), (content, source, ignoreCase) => {
      using files = folder({ 'f.txt': content });
      const all = content.split('\n');
      if (all.at(-1) === '') all.pop();
      const expected = all.flatMap((line, index) =>
        new RegExp(source, ignoreCase ? 'i' : '').test(line) ? [index + 1] : [],
      );
      const shown = found(files, { pattern: source, ignoreCase })
        .slice(1)
        .map((line) => Number.parseInt(line, 10));
      expect(shown).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test('a large file is searched in pieces, and goes on where a page ended', () => {
  using files = folder({
    'big.txt': Array.from({ length: 60_000 }, (_, index) => `line number ${index + 1}\n`).join(''),
  });
  expect(found(files, { pattern: 'number 59999$' })).toEqual(['big.txt', '59999: line number 59999']);
  const first = texts(grep(files.door, { ...grepping, path: 'big.txt', pattern: '0$' }, patient));
  const cursor = cursorIn(first[1]) ?? '';
  const second = texts(grep(files.door, { ...grepping, path: 'big.txt', pattern: '0$', cursor }, patient));
  expect(first[0]?.split('\n').at(-2)).toBe('1000: line number 1000');
  expect(second[0]?.split('\n')[2]).toBe('1010: line number 1010');
});

test('a listing pages, and shows links only where they lead inside', () => {
  using files = folder({ ...Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`f${i}`, ''])), 'sub/x': '' });
  symlinkSync('sub/x', join(files.path, '0-inside'));
  symlinkSync('/etc/passwd', join(files.path, '0-outside'));
  const list = (cursor?: string): string[] =>
    texts(listDirectory(files.door, { path: '.', sort: 'name', hidden: true, cursor }, patient));
  const [page = '', notes] = list();
  expect(page.split('\n')).toHaveLength(501);
  expect(page).toMatch(new RegExp(`symlink .* 0-inside {2}-> ${files.path}/sub/x`));
  expect(page).toMatch(/0-outside {2}\(leads nowhere inside/);
  expect(page).not.toContain('passwd');
  expect(list(cursorIn(notes))[0]?.split('\n')).toHaveLength(104);
});

test('a tree gives every directory its share', () => {
  using files = folder({
    ...Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`huge/f${index}`, ''])),
    'small/one': '',
    'small/two': '',
  });
  const [tree = ''] = texts(
    directoryTree(files.door, { path: '.', depth: 4, limit: 40, hidden: false, gitignore: true }, patient),
  );
  expect(tree).toContain('small/\n    one\n    two');
  expect(tree).toMatch(/… 48\d more entries/);
});

test('names that could deceive are quoted, and read by their URI', () => {
  using files = folder({ 'a\n[FILE] b': 'x' });
  writeFileSync(Buffer.concat([Buffer.from(`${files.path}/caf`), Buffer.of(0xe9)]), 'latin');
  const [page = ''] = texts(listDirectory(files.door, { path: '.', sort: 'name', hidden: true }, patient));
  expect(page).toContain(String.raw`"a\n[FILE] b"`);
  const uri = /file:\S+caf%E9/.exec(page)?.[0] ?? '';
  using place = files.door.locate(uri);
  expect(place.stats().size).toBe(5);
});
