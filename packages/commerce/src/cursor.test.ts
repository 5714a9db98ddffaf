import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { CursorSigner } from './index.ts';

const filter = { status: ['paid'], sort: 'newest' };
const position = ['2026-10-02T07:15:00.123456Z', 10_007];

describe('a cursor', () => {
  const signer = new CursorSigner('one secret');

  test('leads back to its position, with every microsecond', () => {
    expect(signer.verify(signer.sign(filter, position), filter)).toEqual(position);
  });

  test('belongs to its filter', () => {
    const cursor = signer.sign(filter, position);
    expect(signer.verify(cursor, { ...filter, sort: 'oldest' })).toBeUndefined();
  });

  test('shows nothing of its position', () => {
    const cursor = signer.sign(filter, ['dana whitfield', 1001]);
    expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toContain('dana');
    expect(signer.sign(filter, position)).not.toBe(signer.sign(filter, position));
  });

  test('does not survive a changed character', () => {
    const cursor = signer.sign(filter, position);
    fc.assert(
      fc.property(fc.nat(cursor.length - 1), fc.constantFrom('A', 'b', '9', '.', '!'), (index, character) => {
        const changed = cursor.slice(0, index) + character + cursor.slice(index + 1);
        // The last character in base64url may carry bits that mean nothing.
        fc.pre(index < cursor.length - 1 && changed !== cursor);
        expect(signer.verify(changed, filter)).toBeUndefined();
      }),
    );
  });

  test('may be anything that a model makes up', () => {
    fc.assert(fc.property(fc.string({ maxLength: 2_000 }), (text) => signer.verify(text, filter) === undefined));
  });

  test('ends after a day', () => {
    const cursor = signer.sign(filter, position);
    expect(new CursorSigner('one secret', () => Date.now() + 25 * 3_600_000).verify(cursor, filter)).toBeUndefined();
  });

  test('outlives the change of the secret while both are given, and only then', () => {
    const cursor = signer.sign(filter, position);
    expect(new CursorSigner('new,one secret').verify(cursor, filter)).toEqual(position);
    expect(new CursorSigner('new').verify(cursor, filter)).toBeUndefined();
  });

  test('without a secret is good for its process only', () => {
    const cursor = new CursorSigner().sign(filter, position);
    expect(new CursorSigner().verify(cursor, filter)).toBeUndefined();
  });
});
