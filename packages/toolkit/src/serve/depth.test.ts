import { expect, test } from 'vitest';
import { isTooDeep, MAX_DEPTH } from './depth.ts';

const nested = (depth: number): unknown => JSON.parse(`${'[{"x":'.repeat(depth / 2)}0${'}]'.repeat(depth / 2)}`);

test('counts what lies in each other, not what lies side by side', () => {
  expect([null, 'text', 1, [], {}, Array.from({ length: 10_000 }, () => [{}])].map(isTooDeep)).toEqual(
    Array(6).fill(false),
  );
  expect(isTooDeep(nested(MAX_DEPTH))).toBe(false);
  expect(isTooDeep(nested(MAX_DEPTH + 2))).toBe(true);
  expect(isTooDeep(JSON.parse('['.repeat(500_000) + ']'.repeat(500_000)))).toBe(true);
});
