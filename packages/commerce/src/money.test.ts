import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { money } from './index.ts';

describe('money', () => {
  test.each([
    [123_450, 'USD', '$1,234.50'],
    [5, 'USD', '$0.05'],
    [0, 'USD', '$0.00'],
    [-1, 'USD', '-$0.01'],
    [-123_456, 'EUR', '-€1,234.56'],
    [1_234, 'JPY', '¥1,234'],
    [1_234, 'KWD', 'KWD\u00A01.234'],
    [Number.MAX_SAFE_INTEGER, 'USD', '$90,071,992,547,409.91'],
  ])('shows %d minor units of %s as %s', (minor, currency, formatted) => {
    expect(money(minor, currency)).toEqual({ minor, currency, formatted });
  });

  test('shows every amount digit by digit', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom('USD', 'JPY', 'KWD'), (minor, currency) => {
        const digits = money(minor, currency).formatted.replaceAll(/[^\d-]/g, '');
        expect(BigInt(digits)).toBe(BigInt(minor));
      }),
    );
  });

  test.each([0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])('refuses %d', (minor) => {
    expect(() => money(minor, 'USD')).toThrow(RangeError);
  });

  test('refuses what is no currency code', () => {
    expect(() => money(1, 'dollars')).toThrow(RangeError);
  });
});
