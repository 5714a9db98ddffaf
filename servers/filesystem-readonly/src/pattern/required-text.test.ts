import fc from 'fast-check';
import { RE2JS } from 're2js';
import { expect, test } from 'vitest';

import { requiredTexts } from './required-text.ts';

test.each([
  ['todo|fixme', ['todo', 'fixme']],
  ['absent[0-9]+needle', ['absent']],
  [String.raw`value = \d+ apples`, ['value = ']],
  ['colou?r', ['colo']],
  ['todo|', []],
  ['todo|.*', []],
  ['(todo|fixme)', []],
  ['a[|]b|c', []],
  [String.raw`a\|b`, []],
])('every match of %s holds one of %j', (pattern, texts) => {
  expect(requiredTexts(pattern)).toEqual(texts);
});

test('no match is without them, whatever the pattern', () => {
  const piece = fc.constantFrom(
    'a',
    'b',
    'ab',
    '.',
    '?',
    '*',
    '+',
    '{2}',
    '|',
    '[ab]',
    '[|]',
    '(',
    ')',
    '^',
    '$',
    '\\|',
    '\\d',
    '\\.',
  );
  const patterns = fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(''));
  const lines = fc.array(fc.constantFrom('a', 'b', '|', '.', '1'), { maxLength: 12 }).map((each) => each.join(''));
  fc.assert(
    fc.property(patterns, lines, (pattern, line) => {
      let found: boolean;
      try {
        found = RE2JS.compile(pattern).matcher(line).find();
      } catch {
        return; // no pattern at all
      }
      const texts = requiredTexts(pattern);
      if (found && texts.length > 0) expect(texts.some((text) => line.includes(text))).toBe(true);
    }),
    { numRuns: 3000 },
  );
});
