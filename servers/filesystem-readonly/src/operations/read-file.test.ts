import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { folder, patient, texts } from '../fixtures/folder.ts';
import { readFile, type ReadFileInput } from './read-file.ts';

function read(content: string | Uint8Array, input: Partial<ReadFileInput> = {}): string[] {
  using files = folder({ file: content });
  return texts(readFile(files.door, { path: 'file', lineNumbers: false, ...input }, patient));
}

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join('');

test('a small file is exactly its text', () => {
  for (const text of ['one\ntwo\n', 'no line end', '\n', '\n\nx', 'a\u2028b\u0085c\n', 'tab\tand 😀\n']) {
    expect(read(text)).toEqual([text]);
  }
  expect(read('')).toEqual(['[the file is empty]']);
});

test('any part of a file is what the same lines of its text are', () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replaceAll(/[\r\n\0]/g, ' '));
  const part = fc.record({ offset: fc.integer({ min: 1, max: 12 }), limit: fc.integer({ min: 1, max: 12 }) });
  fc.assert(
    fc.property(fc.array(line, { minLength: 12, maxLength: 20 }), part, (all, { offset, limit }) => {
      const [text] = read(`${all.join('\n')}\n`, { offset, limit, encoding: 'utf-8' });
      expect(text).toBe(`${all.slice(offset - 1, offset - 1 + limit).join('\n')}\n`);
    }),
    { numRuns: 60 },
  );
});

test('a part says where it is and how to go on', () => {
  const all = lines(1, 5000);
  const [text, note] = read(all);
  expect(text).toBe(lines(1, 2000));
  expect(note).toBe('[lines 1-2000 of 5,000; continue with offset=2001]');
  expect(read(all, { offset: 4999 })).toEqual([lines(4999, 5000), '[lines 4999-5000 of 5,000]']);
  expect(read(all, { head: 2 })[0]).toBe(lines(1, 2));
  expect(read(all, { tail: 3 })).toEqual([lines(4998, 5000), '[lines 4998-5000 of 5,000]']);
  expect(read('a\nb', { tail: 1, lineNumbers: true })[0]).toBe('2\tb');
  expect(read('a\nb\n', { offset: 2, lineNumbers: true })[0]).toBe('2\tb');
});

test('a range that is none is refused', () => {
  expect(() => read('a\n', { offset: 99 })).toThrow(expect.objectContaining({ code: 'RANGE' }));
  expect(() => read('a\n', { head: 1, tail: 1 })).toThrow(expect.objectContaining({ code: 'RANGE' }));
});

test('an answer has about 100 kB, and long lines are cut', () => {
  const [text = '', note] = read(`${'x'.repeat(999)}\n`.repeat(2000));
  expect(text.length).toBe(100_000);
  expect(note).toContain('continue with offset=101');
  const [long = '', cut] = read(`${'é'.repeat(1_000_000)}\nnext\n`);
  expect(long).toBe(`${'é'.repeat(2000)}…\nnext\n`);
  expect(cut).toBe('[line 1 is cut; it has 2.0 MB]');
  const [tail = ''] = read(`${'x'.repeat(999)}\n`.repeat(2000), { tail: 2000 });
  expect(tail.length).toBe(100_000);
});

test.each([
  ['utf-8 with a mark', Buffer.from('\ufeffä\n'), 'ä\n', undefined],
  ['utf-16le with a mark', Buffer.from('\ufeffä\nb\n', 'utf16le'), 'ä\nb\n', '[encoding utf-16le]'],
  ['utf-16be with a mark', Buffer.from('\ufeffä\nb\n', 'utf16le').swap16(), 'ä\nb\n', '[encoding utf-16be]'],
  [
    'utf-16le without',
    Buffer.from('hello\nworld\n', 'utf16le'),
    'hello\nworld\n',
    '[encoding utf-16le, guessed; pass encoding for another]',
  ],
  [
    'latin-1',
    Buffer.from('caf\xe9\n', 'latin1'),
    'café\n',
    '[encoding windows-1252, guessed; pass encoding for another]',
  ],
  ['CRLF', Buffer.from('a\r\nb\r\n'), 'a\nb\n', '[line ends are CRLF]'],
])('%s', (_, bytes, text, note) => {
  expect(read(bytes)).toEqual(note === undefined ? [text] : [text, note]);
});

test('a line end in UTF-16 is two bytes, not one that looks like it', () => {
  expect(read(Buffer.from('\ufeff\u0a0ax\ny\n', 'utf16le'), { offset: 2 })[0]).toBe('y\n');
  expect(read(Buffer.from('\ufeff\u0a0ax\ny\n', 'utf16le'), { tail: 1 })[0]).toBe('y\n');
});

test('an encoding is taken at its word', () => {
  expect(read(Buffer.of(0xcf, 0xf0, 0xe8), { encoding: 'windows-1251' })[0]).toBe('При');
  expect(() => read('x', { encoding: 'klingon' })).toThrow(expect.objectContaining({ code: 'ENCODING' }));
});

test('binary is told by content, not by name; images come as images', () => {
  expect(() => read(Buffer.of(1, 0, 2, 0, 0, 3))).toThrow(expect.objectContaining({ code: 'BINARY' }));
  expect(read('MZ and GIF89a are words\n')).toEqual(['MZ and GIF89a are words\n']);
  expect(read('GIF89a is one too\n')).toEqual(['GIF89a is one too\n']);
  const png = Buffer.from('89504e470d0a1a0a00', 'hex');
  using files = folder({ 'image.txt': png });
  expect(readFile(files.door, { path: 'image.txt', lineNumbers: false }, patient).content).toEqual([
    { type: 'image', mimeType: 'image/png', data: png.toString('base64') },
  ]);
});

test('a file that shrinks or grows while it is read is said to have changed', () => {
  using files = folder({ file: lines(1, 10_000) });
  const path = join(files.path, 'file');
  let asked = 0;
  const call = {
    ...patient,
    expired: (): boolean => {
      asked += 1;
      if (asked === 5) truncateSync(path, 10);
      if (asked === 6) appendFileSync(path, 'more');
      return false;
    },
  };
  const [, note] = texts(readFile(files.door, { path: 'file', lineNumbers: false }, call));
  expect(note).toContain('[the file changed while it was read]');
  writeFileSync(path, 'again\n');
  expect(texts(readFile(files.door, { path: 'file', lineNumbers: false }, patient))).toEqual(['again\n']);
});
