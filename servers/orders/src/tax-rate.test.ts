import { describe, expect, test } from 'vitest';

import { TaxRate } from './tax-rate.ts';

describe('a tax rate', () => {
  test.each([
    ['8', 1_000n, 80n],
    ['8', 1_006n, 80n],
    ['8', 1_007n, 81n],
    ['7.7', 1_000n, 77n],
    ['0.5', 100n, 1n],
    ['0.5', 99n, 0n],
    ['0', 9_007_199_254_740_991n, 0n],
    ['100', 9_007_199_254_740_991n, 9_007_199_254_740_991n],
    ['19.125', 1_600n, 306n],
  ])('of %s %% on %d is %d', (percent, subtotal, tax) => {
    expect(TaxRate.parse(percent)?.of(subtotal)).toBe(tax);
  });

  test.each(['', '-1', '8%', '100.001', '7,7', '1e1', '0.0001', ' 8'])('is not %j', (percent) => {
    expect(TaxRate.parse(percent)).toBeUndefined();
  });
});
