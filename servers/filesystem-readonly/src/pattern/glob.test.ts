import fc from 'fast-check';
import { expect, test } from 'vitest';

import { Gitignore } from './gitignore.ts';
import { globMatcher } from './glob.ts';

test.each([
  ['*.md', 'a.md', true],
  ['*.md', 'x/y/a.md', true],
  ['*.md', 'a.mdx', false],
  ['/*.md', 'x/a.md', false],
  ['./*.md', 'a.md', true],
  ['**/*.md', 'a.md', true],
  ['**/*.md', 'x/y/a.md', true],
  ['src/**', 'src/a/b', true],
  ['src/**', 'srcs/a', false],
  ['src/**/a', 'src/a', true],
  ['src/*/a', 'src/x/y/a', false],
  ['a?c', 'abc', true],
  ['a?c', 'a/c', false],
  ['a?c', 'a😀c', true],
  ['[a-c]x', 'bx', true],
  ['[!a-c]x', 'bx', false],
  ['[!a]', '/', false],
  ['[]]', ']', true],
  ['[', '[', true],
  ['{a,b{c,d}}.ts', 'bd.ts', true],
  ['{a,b{c,d}}.ts', 'b.ts', false],
  [String.raw`\*`, '*', true],
  [String.raw`\*`, 'a', false],
  ['a.b', 'axb', false],
  ['+(a)', '+(a)', true],
  ['**a', 'xx/ya', true],
])('%s on %s: %s', (glob, path, expected) => {
  expect(globMatcher(glob)(path)).toBe(expected);
});

test('case counts unless it is said to be ignored', () => {
  expect(globMatcher('README*')('readme.md')).toBe(false);
  expect(globMatcher('README*', { ignoreCase: true })('docs/readme.md')).toBe(true);
});

test.each([
  `${'*a'.repeat(20)}b`,
  `${'*'.repeat(34)}b`,
  '*?'.repeat(17) + 'b',
  '**/a/'.repeat(13),
  '{a,b}'.repeat(25),
  '{1..10000000}',
  '+(a|aa)+(a|aa)+(a|aa)b',
  '[a-z]*'.repeat(100) + '!',
])('no glob takes long: %s', (glob) => {
  const matches = globMatcher(glob);
  const start = performance.now();
  for (let i = 0; i < 20; i += 1) matches('a/'.repeat(200) + 'a'.repeat(255));
  expect(performance.now() - start).toBeLessThan(1000);
});

test('a glob that cannot be used is refused', () => {
  for (const glob of ['', 'a'.repeat(1001), '{a{b}', '{'.repeat(400) + '}']) {
    expect(() => globMatcher(glob)).toThrow(expect.objectContaining({ code: 'PATTERN' }));
  }
});

test('a name written with escapes matches itself and nothing else', () => {
  const name = fc.string({ minLength: 1, maxLength: 30, unit: 'binary' }).filter((text) => !/[/\p{Cs}]/u.test(text));
  fc.assert(
    fc.property(name, name, (written, other) => {
      const matches = globMatcher(written.replaceAll(/[*?[\]{},\\]/g, String.raw`\$&`));
      expect(matches(written)).toBe(true);
      expect(matches(other)).toBe(other === written);
    }),
  );
});

test('.gitignore: the last rule that matches decides', () => {
  const rules = new Gitignore('# comment\n*.log\n!keep.log\n/dist\nbuild/\ndocs/*.pdf\n\\!odd\n**/deep\n');
  const verdict = (path: string, directory = false): boolean | undefined => rules.verdict(path, directory);
  expect(verdict('a/x.log')).toBe(true);
  expect(verdict('a/keep.log')).toBe(false);
  expect(verdict('dist', true)).toBe(true);
  expect(verdict('a/dist', true)).toBeUndefined();
  expect(verdict('a/build', true)).toBe(true);
  expect(verdict('a/build')).toBeUndefined();
  expect(verdict('docs/a.pdf')).toBe(true);
  expect(verdict('docs/x/a.pdf')).toBeUndefined();
  expect(verdict('!odd')).toBe(true);
  expect(verdict('a/b/deep')).toBe(true);
});
