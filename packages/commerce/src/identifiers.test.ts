import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { formatCustomerId, formatOrderId, parseCustomerId, parseOrderId } from './index.ts';

describe('identifiers', () => {
  test('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (id) => {
        expect(parseCustomerId(formatCustomerId(id))).toBe(id);
        expect(parseOrderId(formatOrderId(id))).toBe(id);
        expect(parseCustomerId(String(id))).toBe(id);
      }),
    );
  });

  test('are read in any case', () => {
    expect(parseCustomerId('cus-1042')).toBe(1042);
    expect(parseOrderId('Ord-10087')).toBe(10_087);
  });

  test.each([
    '',
    ' 1',
    '1 ',
    '0',
    '01',
    '-1',
    '+1',
    '1.0',
    '1e3',
    '0x10',
    '1_000',
    'CUS-',
    'CUS1042',
    'ORD-1042',
    'CUS-CUS-1',
    '1 or 1=1',
    '١٢',
    '9007199254740992',
    '99999999999999999999',
  ])('refuse %j', (text) => {
    expect(parseCustomerId(text)).toBeUndefined();
  });

  test('are read in one way of writing only', () => {
    const unit = fc.constantFrom('c', 'C', 'U', 'S', '-', '0', '1', '9', ' ', '_');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 8 }), (text) => {
        const id = parseCustomerId(text);
        expect(id === undefined || [String(id), formatCustomerId(id)].includes(text.toUpperCase())).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
